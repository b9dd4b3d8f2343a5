"""Who may see and settle an order."""

from __future__ import annotations

from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.core.ids import is_reference
from commonweal.office.payments.models import Order

CASHIER = "cashier"
"""The function an organisation holds whose staff may record a payment made at the desk."""


def is_cashier(actor: Actor) -> bool:
    """Whether one of the actor's seats is in an organisation that takes money."""
    if not actor.is_staff:
        return False
    organisations = declared.current().organisations
    mine = {seat.organisation for seat in actor.posts}
    return any(CASHIER in organisations[each].functions for each in mine if each in organisations)


def order_for(actor: Actor, ref: str, *, lock: bool = False) -> Order:
    """The order `ref` for its payer, a cashier or the system. Raises NotAllowed for anybody else, known or not."""
    rows = Order.objects.select_for_update() if lock else Order.objects
    order = rows.filter(ref=ref).first() if is_reference(ref, "O") else None
    if order is None or not may_see(actor, order):
        raise NotAllowed("not-found", "There is no such order here")
    return order


def may_see(actor: Actor, order: Order) -> bool:
    """Whether the order is the actor's own, or the actor takes money at a desk."""
    if actor.kind == "system":
        return True
    if actor.kind == "person" and order.payer == (actor.on_behalf_of.person if actor.on_behalf_of else actor.id):
        return True
    return is_cashier(actor)
