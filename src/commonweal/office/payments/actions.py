"""Making, settling and cancelling orders, each with its journal event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from commonweal.core import clock
from commonweal.core.errors import Refused
from commonweal.core.identity.actor import Actor
from commonweal.core.journal.actions import record
from commonweal.office.payments import access, events
from commonweal.office.payments.adapters import provider as provider_of
from commonweal.office.payments.models import Order
from commonweal.office.payments.ports import Begun, Charge, PaidResult


@dataclass(frozen=True, slots=True)
class Line:
    """One fee of an order: its id, its name by language, its amount in minor units, the article it stands on."""

    id: str
    name: Mapping[str, str]
    amount: int
    legal: str | None = None


def order_for(
    actor: Actor,
    case_ref: str,
    step: str,
    *,
    payer: str,
    service: str,
    lines: Sequence[Line],
    currency: str,
    due_at: datetime | None = None,
) -> Order:
    """Ask `payer` (a reference) for the sum of `lines`. An order for the same sum is kept; one for another is replaced.

    Inside the transaction of the act that makes it due. Raises ValueError for nothing to pay.
    """
    amount = sum(line.amount for line in lines)
    if amount <= 0 or any(line.amount < 0 for line in lines):
        raise ValueError("an order asks for money")
    already = Order.objects.filter(case=case_ref, step=step).exclude(status=Order.CANCELLED).first()
    if already is not None and (already.amount == amount or already.status == Order.PAID):
        return already
    if already is not None:
        cancel(actor, case_ref, step)
    order = Order.objects.create(
        case=case_ref,
        step=step,
        payer=payer,
        service=service,
        lines=[{"id": line.id, "name": dict(line.name), "amount": line.amount, "legal": line.legal} for line in lines],
        amount=amount,
        currency=currency,
        created_at=clock.now(),
        due_at=due_at,
    )
    named = [{"id": line.id, "amount": line.amount, "legal": line.legal} for line in lines]
    record(actor, events.ORDER_MADE, f"order:{order.ref}", {**_data(order), "lines": named}, about=[payer])
    return order


def begin(actor: Actor, order_ref: str, *, provider: str, return_url: str) -> Begun:
    """Start paying an order with a provider. Changes nothing here.

    Raises NotAllowed, Refused `not-payable` (params: status) or `no-such-provider`.
    """
    order = access.order_for(actor, order_ref)
    if order.status != Order.DUE:
        raise Refused("not-payable", "This order is not waiting to be paid", status=order.status)
    return provider_of(provider).begin(_charge(order), return_url)


def confirm(actor: Actor, order_ref: str, *, provider: str, payload: Mapping[str, str]) -> PaidResult:
    """What the provider says about an order. Raises NotAllowed, and Refused as the provider does.

    Only a cashier says that money came over the desk; a payer cannot say so for themself.
    """
    order = access.order_for(actor, order_ref)
    if provider == "counter" and not (actor.kind == "system" or access.is_cashier(actor)):
        raise Refused("no-such-provider", "Only a cashier records a payment at the desk", provider=provider)
    return provider_of(provider).confirm(_charge(order), payload)


@transaction.atomic
def settle(actor: Actor, order_ref: str, paid: PaidResult, *, provider: str) -> tuple[Order, bool]:
    """Record that an order is paid; returns it, and whether this call was the one that did.

    The same payment told twice changes nothing the second time. Raises NotAllowed, Refused `not-payable` when it
    was paid otherwise or cancelled, `wrong-amount`, or `used` when this payment settled another order.
    """
    order = access.order_for(actor, order_ref, lock=True)
    if order.status == Order.PAID and (order.provider, order.provider_ref) == (provider, paid.provider_ref):
        return order, False
    if order.status != Order.DUE:
        raise Refused("not-payable", "This order is not waiting to be paid", status=order.status)
    if (paid.amount, paid.currency) != (order.amount, order.currency):
        raise Refused("wrong-amount", "The amount paid is not the amount due")
    order.status, order.provider, order.provider_ref = Order.PAID, provider, paid.provider_ref
    order.paid_at = clock.now()
    try:
        with transaction.atomic():
            order.save(update_fields=["status", "provider", "provider_ref", "paid_at"])
    except IntegrityError:
        raise Refused("used", "This receipt has paid another order", reference=paid.provider_ref) from None
    told = {**_data(order), "provider": provider, "provider_ref": paid.provider_ref}
    record(actor, events.ORDER_PAID, f"order:{order.ref}", told, about=[order.payer])
    return order, True


@transaction.atomic
def cancel(actor: Actor, case_ref: str, step: str | None = None) -> int:
    """Cancel what is still due of a case that has ended, or of one step, with the act it follows; returns how many."""
    rows = Order.objects.select_for_update().filter(case=case_ref, status=Order.DUE)
    due = list(rows.filter(step=step) if step is not None else rows)
    for order in due:
        order.status = Order.CANCELLED
        order.save(update_fields=["status"])
        data = {"order": order.ref, "case": order.case, "step": order.step}
        record(actor, events.ORDER_CANCELLED, f"order:{order.ref}", data, about=[order.payer])
    return len(due)


def _charge(order: Order) -> Charge:
    return Charge(order.ref, order.amount, order.currency)


def _data(order: Order) -> dict[str, object]:
    return {
        "order": order.ref,
        "case": order.case,
        "step": order.step,
        "service": order.service,
        "amount": order.amount,
        "currency": order.currency,
    }
