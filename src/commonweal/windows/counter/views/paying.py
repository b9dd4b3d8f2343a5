"""Paying what is due. The provider takes the money; this page says what for, how much and to whom."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from commonweal.core.identity.actor import Actor
from commonweal.office.casework import actions
from commonweal.office.payments import queries as payments
from commonweal.office.payments.views import OrderRow
from commonweal.windows.look.http import person_of


@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, ref: str, order_ref: str) -> HttpResponse:
    """What is to be paid, and a button to the provider; afterwards the way back."""
    actor = person_of(request)
    order = payments.order(actor, order_ref)
    if order.status != "due":
        messages.info(request, _("This is paid or no longer due."), extra_tags="info")
        return redirect("application", ref)
    ways = payments.ways_to_pay()
    begun = None
    if request.method == "POST" and ways:
        back = request.build_absolute_uri(reverse("paid", args=[ref, order_ref]))
        begun = actions.begin_payment(actor, order_ref, provider=ways[0], return_url=back)
        if not begun.sandbox:
            return redirect(begun.url)
    context = {
        "order": order,
        "ways": ways,
        "begun": begun,
        "action": reverse("paid", args=[ref, order_ref]),
        "back": reverse("application", args=[ref]),
    }
    return render(request, "counter/pay.html", context)


@require_POST
def paid(request: HttpRequest, ref: str, order_ref: str) -> HttpResponse:
    """The provider's answer. Told twice, it is settled once."""
    actor = person_of(request)
    order = _settle(request, actor, order_ref)
    if order.status == "paid":
        messages.success(request, _("Thank you. Your payment has arrived."), extra_tags="good")
    return redirect("application", ref)


def _settle(request: HttpRequest, actor: Actor, order_ref: str) -> OrderRow:
    order, ways = payments.order(actor, order_ref), payments.ways_to_pay()
    if not ways:
        return order
    payload = {key: str(value) for key, value in request.POST.items() if key != "csrfmiddlewaretoken"}
    return actions.settle_payment(actor, order_ref, provider=ways[0], payload=payload)
