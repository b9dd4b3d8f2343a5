"""How long closed cases are kept, what was forgotten, and holding one back for a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from commonweal.core.errors import Invalid
from commonweal.core.identity.actor import Actor
from commonweal.office.casework import retaining
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.shell import show


@require_GET
@staff_only
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Closed cases of the offices one supervises, and until when each is kept."""
    page = retaining.retention(actor, request.GET.get("cursor"))
    return show(request, actor, "retention", "inbox", page=page)


@require_POST
@staff_only
def hold(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """Hold a case back, or lift the hold."""
    if request.POST.get("release"):
        retaining.release(actor, ref)
        messages.success(request, _("The hold is lifted; the declared time counts again."), "good")
        return redirect("desk:retention")
    reason = request.POST.get("reason", "")
    try:
        retaining.hold(actor, ref, reason)
    except Invalid as invalid:
        page = retaining.retention(actor, request.GET.get("cursor"))
        wrong = _(invalid.fields["reason"])
        return show(
            request, actor, "retention", "inbox", status=422, page=page, at=ref, typed=reason, wrong=wrong,
            errors=[(f"reason-{ref}", wrong)],
        )  # fmt: skip
    messages.success(request, _("The case is kept until the hold is lifted."), "good")
    return redirect("desk:retention")
