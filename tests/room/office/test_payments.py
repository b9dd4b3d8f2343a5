"""An order is paid once, by the provider it was paid with, in the amount asked."""

from __future__ import annotations

import pytest
from django.db import transaction

from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.journal.models import Event
from commonweal.office.payments import actions, queries
from commonweal.office.payments.actions import Line
from commonweal.office.payments.models import Order
from commonweal.office.payments.ports import PaidResult

from .conftest import World

pytestmark = [pytest.mark.room, pytest.mark.django_db]
LINE = Line("base", {"en": "Permit fee", "zh-hans": "许可费"}, 12050, "stall-act/8")


def make(person, case="C-2222", step="fee", lines=(LINE,)):
    with transaction.atomic():
        return actions.order_for(SYSTEM, case, step, payer=person.id, service="open-stall", lines=lines, currency="XTS")


def test_an_order_is_made_once_for_a_step(world: World):
    ana = world.person()
    assert make(ana).ref == make(ana).ref
    assert Event.objects.filter(type="payments.order-made.v1").count() == 1


def test_an_order_asks_for_money(world: World):
    with pytest.raises(ValueError, match="money"):
        make(world.person(), lines=())


def test_the_sandbox_pays_on_a_demo_only(world: World, settings):
    ana = world.person()
    order = make(ana)
    settings.DEMO = False
    with pytest.raises(Refused, match="this way"):
        actions.begin(ana, order.ref, provider="sandbox", return_url="/back")
    settings.DEMO = True
    begun = actions.begin(ana, order.ref, provider="sandbox", return_url="/back")
    assert begun.sandbox
    paid = actions.confirm(ana, order.ref, provider="sandbox", payload=begun.fields)
    assert (paid.amount, paid.currency) == (12050, "XTS")


def test_a_forged_or_foreign_payment_is_not_taken(world: World, settings):
    settings.DEMO = True
    ana = world.person()
    order, other = make(ana), make(ana, case="C-3333")
    begun = actions.begin(ana, other.ref, provider="sandbox", return_url="/back")
    for payload in ({}, {"payment": "forged"}, begun.fields):
        with pytest.raises(Refused) as refusal:
            actions.confirm(ana, order.ref, provider="sandbox", payload=payload)
        assert refusal.value.code == "not-paid"


def test_settling_twice_is_settling_once(world: World):
    ana = world.person()
    order = make(ana)
    paid = PaidResult("X-1", 12050, "XTS")
    assert actions.settle(ana, order.ref, paid, provider="sandbox")[1] is True
    assert actions.settle(ana, order.ref, paid, provider="sandbox")[1] is False
    assert Event.objects.filter(type="payments.order-paid.v1").count() == 1
    with pytest.raises(Refused) as refusal:
        actions.settle(ana, order.ref, PaidResult("X-2", 12050, "XTS"), provider="sandbox")
    assert refusal.value.code == "not-payable"


def test_one_receipt_pays_one_order(world: World):
    ana = world.person()
    first, second = make(ana), make(ana, case="C-3333")
    actions.settle(SYSTEM, first.ref, PaidResult("R-7", 12050, "XTS"), provider="counter")
    with pytest.raises(Refused) as refusal:
        actions.settle(SYSTEM, second.ref, PaidResult("R-7", 12050, "XTS"), provider="counter")
    assert refusal.value.code == "used"
    assert Order.objects.get(ref=second.ref).status == "due"


def test_another_amount_is_not_taken(world: World):
    order = make(world.person())
    for paid in (PaidResult("X", 12049, "XTS"), PaidResult("X", 12050, "EUR")):
        with pytest.raises(Refused) as refusal:
            actions.settle(SYSTEM, order.ref, paid, provider="sandbox")
        assert refusal.value.code == "wrong-amount"


def test_only_a_cashier_says_that_money_came_over_the_desk(world: World):
    ana = world.person()
    order = make(ana)
    receipt = {"receipt": "r-2026-0042"}
    with pytest.raises(Refused):
        actions.confirm(ana, order.ref, provider="counter", payload=receipt)
    with pytest.raises(NotAllowed):
        actions.confirm(world.staff("fire-brigade/chief", "reed-city"), order.ref, provider="counter", payload=receipt)
    cashier = world.staff("front-office/clerk", "east-bank")
    assert actions.confirm(cashier, order.ref, provider="counter", payload=receipt).provider_ref == "R-2026-0042"
    with pytest.raises(Invalid):
        actions.confirm(cashier, order.ref, provider="counter", payload={"receipt": "<script>"})


def test_an_order_is_seen_by_its_payer_and_a_cashier(world: World):
    ana = world.person()
    order = make(ana)
    assert queries.order(ana, order.ref).lines[0][0].say("zh-hans") == "许可费"
    assert queries.orders_of_case(world.staff("front-office/clerk", "east-bank"), "C-2222")[0].ref == order.ref
    for stranger in (world.person("Ben Fen"), world.staff("registry/keeper", "marsh")):
        with pytest.raises(NotAllowed):
            queries.order(stranger, order.ref)
        with pytest.raises(NotAllowed):
            queries.orders_of_case(stranger, "C-2222")


def test_what_is_still_due_is_cancelled_with_the_case(world: World):
    ana = world.person()
    order, paid = make(ana), make(ana, step="late")
    actions.settle(SYSTEM, paid.ref, PaidResult("X-1", 12050, "XTS"), provider="sandbox")
    assert actions.cancel(SYSTEM, "C-2222") == 1
    assert {queries.order(ana, order.ref).status, queries.order(ana, paid.ref).status} == {"cancelled", "paid"}
