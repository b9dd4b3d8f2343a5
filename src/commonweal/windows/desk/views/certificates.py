"""Certificates before the officials who keep them: find one by its number, suspend, revoke, reissue."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from commonweal.core.errors import Invalid, NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.office.certificates import actions, queries
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.shell import show


@require_GET
@staff_only
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What this official has power over; a number, or how it begins, narrows it."""
    if not queries.keeps_any(actor):
        raise NotAllowed("function", "No certificate is kept by this post")
    text = request.GET.get("q", "").strip()[:80]
    page = queries.kept(actor, text, request.GET.get("cursor"))
    return show(request, actor, "certificates", "certificates", page=page, text=text)


@require_http_methods(["GET", "POST"])
@staff_only
def certificate(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """One certificate; POST does what the official chose, or confirms or declines what a colleague proposed."""
    if request.method == "GET":
        return _page(request, actor, ref)
    view = queries.to_change(actor, ref)
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "")[:3000]
    try:
        revision = int(request.POST.get("revision", "0")[:10])
    except ValueError:
        revision = 0
    if act == "confirm":
        row = actions.confirm(actor, ref, revision=revision)
    elif act == "decline":
        row = actions.decline(actor, ref, revision=revision)
    else:
        try:
            row = actions.change(actor, ref, act, reason, revision=revision)
        except Invalid as wrong:
            said = {"act": _("Choose what to do"), "reason": _("Say why; the holder reads it")}
            fields = {key: said[key] for key in wrong.fields if key in said}
            return _page(request, actor, ref, fields=fields, chosen=act, typed=reason, status=422)
    waits = view.four_eyes and act not in {"confirm", "decline"}
    done = _("Recorded. A second official has to confirm it.") if waits else _("Recorded. The holder is told.")
    messages.success(request, done, extra_tags="good")
    return redirect("desk:certificate", row.ref)


def _page(
    request: HttpRequest, actor: Actor, ref: str, *, fields: dict[str, str] | None = None, chosen: str = "",
    typed: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    view = queries.to_change(actor, ref)
    labels = {
        "suspend": (_("Suspend"), _("Not valid until somebody lifts it.")),
        "lift": (_("Lift the suspension"), _("Valid again from now on.")),
        "revoke": (_("Revoke"), _("Never valid again. This cannot be undone.")),
        "reissue": (_("Reissue"), _("A new copy under the same number; the old one stops being valid.")),
    }
    choices = [
        {"value": act, "label": labels[act][0], "hint": labels[act][1], "chosen": act == chosen} for act in view.acts
    ]
    context = {"view": view, "certificate": view.certificate, "choices": choices, "wrong": fields or {}, "typed": typed}
    return show(request, actor, "certificate", "certificates", status=status, **context)
