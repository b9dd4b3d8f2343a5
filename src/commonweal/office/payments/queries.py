"""Reads of orders."""

from __future__ import annotations

from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.core.ids import is_reference
from commonweal.office.payments import access
from commonweal.office.payments.adapters import online
from commonweal.office.payments.models import Order
from commonweal.office.payments.views import OrderRow
from commonweal.register.models import Text

__all__ = ["OrderRow", "case_of", "order", "orders_of_case", "rows_of_cases", "ways_to_pay"]


def order(actor: Actor, ref: str) -> OrderRow:
    """One order, for its payer or a cashier. Raises NotAllowed."""
    return row(access.order_for(actor, ref))


def case_of(ref: str) -> str | None:
    """The case an order is of, for a room that authorises the reader by it; None for no order."""
    return Order.objects.filter(ref=ref).values_list("case", flat=True).first() if is_reference(ref, "O") else None


def orders_of_case(actor: Actor, case_ref: str) -> tuple[OrderRow, ...]:
    """The orders of a case, for its payer or a cashier. Raises NotAllowed when there is none they may see."""
    rows = Order.objects.filter(case=case_ref) if is_reference(case_ref, "C") else Order.objects.none()
    found = [each for each in rows.order_by("id") if access.may_see(actor, each)]
    if not found:
        raise NotAllowed("not-found", "Nothing is to be paid here")
    return tuple(row(each) for each in found)


def rows_of_cases(case_refs: list[str]) -> dict[str, tuple[OrderRow, ...]]:
    """Orders by case, for a room that has authorised the reader of these cases already. One query."""
    found: dict[str, tuple[OrderRow, ...]] = {}
    for each in Order.objects.filter(case__in=case_refs).order_by("id"):
        found[each.case] = (*found.get(each.case, ()), row(each))
    return found


def ways_to_pay() -> tuple[str, ...]:
    """The names of the providers a person can pay with by themself; empty where one pays at a desk only."""
    return online()


def row(order: Order) -> OrderRow:
    """The order as windows read it."""
    return OrderRow(
        ref=order.ref,
        case=order.case,
        step=order.step,
        service=order.service,
        lines=tuple((Text(line["name"]), line["amount"]) for line in order.lines),
        amount=order.amount,
        currency=order.currency,
        status=order.status,  # type: ignore[arg-type]
        due=order.due_at,
        paid=order.paid_at,
        provider=order.provider or None,
    )
