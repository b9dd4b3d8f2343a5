"""Several people at the same moment, on connections of their own: one act wins, nothing is lost or doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from commonweal.core import clock
from commonweal.core.errors import Refused, Stale
from commonweal.core.journal.models import Event
from commonweal.office.casework import actions, queries
from commonweal.office.casework.models import Case, Output
from commonweal.office.payments.models import Order

from .conftest import World
from .helpers import SMALL, do, draft, resident, submitted

pytestmark = [pytest.mark.room, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db: None, settings) -> World:
    settings.DEMO = True
    return World()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run each act in a thread of its own, all let go together; what each returned or raised, in order."""
    gate = threading.Barrier(len(acts))
    ends: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        gate.wait(timeout=20)
        try:
            ends[place] = act()
        except Exception as problem:
            ends[place] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return ends


def test_two_officials_decide_at_once_and_one_is_told_of_the_other(world):
    case = submitted(resident(world), SMALL)
    clerks = [world.staff("front-office/clerk", "east-bank", name) for name in ("Cleo Clerk", "Odo Other")]
    revision = queries.case(clerks[0], case.ref).revision

    def decide(clerk):
        return lambda: actions.act(clerk, case.ref, "accept", "accept", revision=revision)

    ends = at_once(*(decide(clerk) for clerk in clerks))
    assert sorted(type(end) for end in ends if isinstance(end, Exception)) == [Stale]
    won = clerks[0] if isinstance(ends[1], Stale) else clerks[1]
    stale = next(end for end in ends if isinstance(end, Stale))
    assert stale.params["by"] == won.name
    assert Event.objects.filter(type="casework.step-decided.v1").count() == 1


def test_the_same_submit_at_once_is_one_submit(world):
    ana = resident(world)
    ref = draft(ana, SMALL, lease=False).ref
    ends = at_once(*[lambda: actions.submit(ana, ref, token="once").ref] * 4)
    assert ends == [ref] * 4
    assert Case.objects.count() == 1
    assert Event.objects.filter(type="casework.application-submitted.v1").count() == 1


def test_one_token_on_two_drafts_at_once_is_one_submit(world):
    ana = resident(world)
    refs = [draft(ana, SMALL, lease=False).ref for _ in range(2)]
    ends = at_once(*(lambda ref=ref: actions.submit(ana, ref, token="once").ref for ref in refs))
    assert ends[0] == ends[1] in refs
    assert Case.objects.count() == 1


def ready_to_pay(world: World, count: int) -> tuple[Any, list[tuple[str, dict[str, str]]]]:
    ana = resident(world)
    clerk = world.staff("front-office/clerk", "east-bank")
    examiner = world.staff("market-office/examiner", "east-bank")
    payments = []
    for _ in range(count):
        case = submitted(ana, SMALL)
        do(clerk, case, "accept", "accept")
        do(examiner, case, "licence", "approve")
        order = Order.objects.get(case=case.ref)
        begun = actions.begin_payment(ana, order.ref, provider="sandbox", return_url="/paid")
        payments.append((order.ref, dict(begun.fields)))
    return ana, payments


def test_numbers_given_at_once_have_no_gap_and_no_double(world):
    ana, payments = ready_to_pay(world, 6)
    at_once(
        *(
            lambda order=order, payload=payload: actions.settle_payment(ana, order, provider="sandbox", payload=payload)
            for order, payload in payments
        )
    )
    assert sorted(Output.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_a_payment_told_twice_at_once_is_settled_once(world):
    ana, [(order, payload)] = ready_to_pay(world, 1)
    ends = at_once(*[lambda: actions.settle_payment(ana, order, provider="sandbox", payload=payload).status] * 3)
    assert ends == ["paid"] * 3
    assert Output.objects.count() == 1
    assert Event.objects.filter(type="payments.order-paid.v1").count() == 1


def test_paying_and_withdrawing_at_once_ends_one_way(world):
    ana, [(order, payload)] = ready_to_pay(world, 1)
    case = Case.objects.get()
    ends = at_once(
        lambda: actions.settle_payment(ana, order, provider="sandbox", payload=payload).status,
        lambda: actions.withdraw(ana, case.ref).outcome,
    )
    case.refresh_from_db()
    paid = Order.objects.get().status
    assert (case.outcome, paid) in {("granted", "paid"), ("withdrawn", "cancelled")}
    assert sum(isinstance(end, Refused) for end in ends) == 1


def test_two_workers_tick_and_each_case_moves_once(world):
    ana = resident(world)
    for _ in range(5):
        submitted(ana, {"stall.name": "Books", "stall.county": "east-bank"}, service="market-day")
    later = clock.now() + timedelta(days=10)
    ends = at_once(*[lambda: actions.tick(later)] * 2)
    assert sum(ends) == 5
    assert sorted(Output.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5]
    assert Event.objects.filter(type="casework.case-closed.v1").count() == 5
