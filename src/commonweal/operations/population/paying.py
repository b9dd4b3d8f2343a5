"""How the made-up people pay: online where the sandbox is on, else at the desk."""

from __future__ import annotations

from random import Random

from django.conf import settings

from commonweal.core.errors import Refused
from commonweal.core.identity.actor import SYSTEM, Actor
from commonweal.office.casework import actions as casework
from commonweal.office.payments.models import Order

ONLINE = 0.7


def pay(applicant: Actor, cashier: Actor | None, case_ref: str, step: str, chance: Random) -> bool:
    """Pay what is due for a step of a case; False when nothing is."""
    order = Order.objects.filter(case=case_ref, step=step, status=Order.DUE).first()
    online, receipt = chance.random() < ONLINE, f"R-{chance.getrandbits(48):012X}"
    if order is None:
        return False
    if online and settings.DEMO:
        begun = casework.begin_payment(applicant, order.ref, provider="sandbox", return_url="/")
        casework.settle_payment(applicant, order.ref, provider="sandbox", payload=dict(begun.fields))
        return True
    try:
        casework.settle_payment(cashier or SYSTEM, order.ref, provider="counter", payload={"receipt": receipt})
    except Refused as refusal:
        if refusal.code != "used":
            raise
        return False
    return True
