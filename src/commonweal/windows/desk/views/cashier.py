"""Money handed over at the desk: find what is due by the case's reference, write down the receipt."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.core.identity.actor import Actor
from commonweal.office.casework import actions
from commonweal.office.payments import queries as payments
from commonweal.windows.desk.access import CASHIER, require_function, staff_only
from commonweal.windows.desk.shell import show
from commonweal.windows.look.refusals import words as refusal_words


@require_GET
@staff_only
def till(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Ask for the case whose fee somebody has come to pay."""
    require_function(actor, CASHIER)
    text = (request.GET.get("q") or "").strip().upper()[:40]
    missing = False
    if text:
        try:
            payments.orders_of_case(actor, text)
            return redirect("desk:payment", text)
        except NotAllowed:
            missing = True
    return show(request, actor, "till", "till", text=text, missing=missing)


@require_http_methods(["GET", "POST"])
@staff_only
def payment(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """What is due of a case; POST records one order as paid, by the number of the receipt given."""
    require_function(actor, CASHIER)
    if request.method == "GET":
        return _page(request, actor, ref)
    order, receipt = request.POST.get("order", "")[:40], request.POST.get("receipt", "")[:80]
    if order not in {each.ref for each in payments.orders_of_case(actor, ref)}:
        raise NotAllowed("not-found", "There is no such order here")
    try:
        actions.settle_payment(actor, order, provider="counter", payload={"receipt": receipt})
    except Invalid:
        wrong = _("Enter the number of the receipt, for example R-2026-0042")
        return _page(request, actor, ref, status=422, wrong=wrong, typed=receipt, at=order)
    except NotAllowed:
        raise
    except Refused as refused:
        return _page(request, actor, ref, status=409, wrong=refusal_words(refused)[1], typed=receipt, at=order)
    messages.success(request, _("Recorded: paid, receipt %(receipt)s.") % {"receipt": receipt.strip().upper()})
    return redirect("desk:payment", ref)


def _page(request: HttpRequest, actor: Actor, ref: str, *, status: int = 200, **typed: str) -> HttpResponse:
    orders = payments.orders_of_case(actor, ref)
    return show(request, actor, "payment", "till", status=status, orders=orders, ref=ref, **typed)
