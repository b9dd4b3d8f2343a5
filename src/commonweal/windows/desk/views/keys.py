"""Keys and certificates before the office that keeps them: what there is, what ends soon, what waits for a second."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from commonweal.core.custody import actions, queries
from commonweal.core.errors import Invalid
from commonweal.core.identity.actor import Actor
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.shell import show


@require_http_methods(["GET", "POST"])
@staff_only
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The keys; POST asks for a new one or for a certificate to be revoked."""
    rows = queries.listed(actor)
    typed = {name: request.POST.get(name, "")[:600] for name in ("what", "reason")}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        act, _sep, rest = typed["what"].partition(":")
        purpose, _sep, rest = rest.partition(":")
        serial, _sep, why = rest.partition(":")
        try:
            actions.ask(actor, act, purpose, reason=typed["reason"], serial=serial, why=why)
        except Invalid as invalid:
            wrong = {("reason" if name == "reason" else "what"): _(told) for name, told in invalid.fields.items()}
        else:
            messages.success(request, _("Asked. A second person of your office decides."), "good")
            return redirect("desk:keys")
    page = queries.requests(actor, request.GET.get("cursor"))
    shown = [_row(row) for row in rows]
    return show(
        request, actor, "keys", "keys", status=422 if wrong else 200, rows=shown,
        page=page.map(_asked), typed=typed, wrong=wrong, choices=_choices(rows), errors=list(wrong.items()),
        soon=[_row(row) for row in rows if row.soon],
    )  # fmt: skip


@require_POST
@staff_only
def decide(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """Approve or refuse what another person asked."""
    if request.POST.get("decision") == "approve":
        actions.approve(actor, ref)
        messages.success(request, _("Approved and done. Both of you stand in the journal."), "good")
    else:
        actions.refuse(actor, ref, request.POST.get("note", "")[:600])
        messages.success(request, _("Refused. Nothing was changed."), "info")
    return redirect("desk:keys")


def _choices(rows: tuple[queries.CertificateRow, ...]) -> list[tuple[str, str]]:
    """What may be asked: a new key for each purpose, the end of each certificate that still counts."""
    words, found = _purposes(), []
    for purpose in dict.fromkeys(
        row.purpose for row in rows if row.purpose in words and row.purpose != "authority-root"
    ):
        found.append((f"rotate:{purpose}", _("New key: %(what)s") % {"what": words[purpose]}))
    for row in rows:
        if row.purpose == "authority-root" or row.state not in ("current", "retired"):
            continue
        told = {"what": words[row.purpose], "serial": row.serial[:8]}
        start = f"revoke:{row.purpose}:{row.serial}"
        found.append((f"{start}:superseded", _("Revoke %(what)s %(serial)s: replaced by another") % told))
        found.append((f"{start}:key_compromise", _("Revoke %(what)s %(serial)s: the key is in wrong hands") % told))
    return found


def _row(row: queries.CertificateRow) -> dict[str, object]:
    kinds = {"current": "good", "retired": "plain", "revoked": "bad", "expired": "bad"}
    words = {
        "current": pgettext("key", "In use"), "retired": pgettext("key", "Retired"),
        "revoked": pgettext("key", "Revoked"), "expired": pgettext("key", "Expired"),
    }  # fmt: skip
    return {"row": row, "name": _purposes()[row.purpose], "kind": kinds[row.state], "state": words[row.state]}


def _asked(row: queries.RequestRow) -> dict[str, object]:
    acts = {
        "rotate": _("New key: %(what)s"), "revoke": _("Revoke a certificate: %(what)s"),
        "install": _("Chain of another authority: %(what)s"),
    }  # fmt: skip
    states = {
        "waiting": pgettext("key", "Waits for a second person"), "approved": pgettext("key", "Approved"),
        "refused": pgettext("key", "Refused"),
    }  # fmt: skip
    kinds = {"waiting": "info", "approved": "good", "refused": "plain"}
    what = acts[row.act] % {"what": _purposes().get(row.purpose, row.purpose)}
    return {"row": row, "what": what, "state": states[row.state], "kind": kinds[row.state], "field": f"note-{row.ref}"}


def _purposes() -> dict[str, str]:
    return {
        "document-seal": _("Seal of documents"), "time-stamping": _("Time-stamping"),
        "authority-issuing": _("Issuing authority"), "authority-root": _("Root authority"),
    }  # fmt: skip
