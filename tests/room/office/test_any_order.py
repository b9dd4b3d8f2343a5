"""Whatever people and officials do, in whatever order and however late, every case stays whole."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from commonweal.core import clock
from commonweal.core.errors import Refused
from commonweal.core.identity.actor import Actor
from commonweal.office.casework import actions, queries
from commonweal.office.casework.models import Case
from commonweal.office.payments.models import Order

from . import invariants
from .conftest import MONDAY, World, upload
from .helpers import SMALL, STALL, draft, resident

pytestmark = [pytest.mark.room, pytest.mark.django_db]
MARKET = {"stall.name": "Books", "stall.county": "east-bank"}
TRADING = {**SMALL, "stall.trade": "food", "form.uses_gas": False, "form.bottles": 2}
ACTS = ("accept", "approve", "approve", "approve", "refuse", "return", "request-information")
"""Approvals come more often, so that many cases reach their end."""


class Walk:
    """Somebody at random does something at random; what is refused changes nothing."""

    def __init__(self, world: World, seed: int) -> None:
        self.chance, self.moment = Random(seed), MONDAY
        self.people = [resident(world, name) for name in ("Ana Reed", "Ben Fen")]
        self.officials = [
            world.staff(post, region)
            for post, region in (
                ("front-office/clerk", "east-bank"), ("market-office/examiner", "east-bank"),
                ("market-office/head", "east-bank"), ("fire-brigade/inspector", "reed-city"),
                ("fire-brigade/chief", "reed-city"),
            )
        ]  # fmt: skip
        self.done = 0

    def step(self) -> None:
        """One act, and a little time."""
        self.moment += timedelta(hours=self.chance.choice((0, 1, 5, 30, 100)))
        with clock.travel(self.moment):
            act = self.chance.choice((self.apply, *[self.decide] * 8, self.answer, self.answer, self.pay, self.pay,
                                      self.withdraw, self.wait))  # fmt: skip
            try:
                act()
                self.done += 1
            except Refused:
                pass

    def apply(self) -> None:
        person = self.chance.choice(self.people)
        answers, target = self.chance.choice(
            (
                (STALL, {"service": "open-stall"}),
                (SMALL, {"service": "open-stall"}),
                (MARKET, {"service": "market-day"}),
                (TRADING, {"event": "starting-to-trade"}),
            )
        )
        application = draft(person, answers, lease=answers is STALL, **target)
        actions.submit(person, application.ref, token=application.ref)

    def decide(self) -> None:
        official = self.chance.choice(self.officials)
        rows = queries.inbox(official, view=self.chance.choice(("due", "due", "due", "waiting"))).rows
        row = self.chance.choice(rows) if rows else None
        if row is not None:
            ask = self.chance.choice(([], ["stall.name"], ["stall.county", "stall.area"]))
            may = queries.case(official, row.case).acts.get(row.step, ()) if self.chance.random() < 0.8 else ()
            act = self.chance.choice([*may, *may, *(each for each in ACTS if each == "approve" or not may)])
            actions.act(official, row.case, row.step, act, note="Because.", ask=ask, revision=row.revision)

    def answer(self) -> None:
        case = self._any()
        if case is not None:
            actions.attach(self._owner(case), case.application.ref, "form.plan", upload())
            wish = {"stall.name": "Other", "stall.area": self.chance.choice(("20", "150", "99"))}
            keys = self.chance.sample(sorted(wish), self.chance.randint(0, 2))
            answers = {key: wish[key] for key in keys}
            actions.supply(self._owner(case), case.ref, answers=answers, message="Here.")

    def pay(self) -> None:
        order = self.chance.choice([*Order.objects.all(), None])
        if order is not None:
            payer = next(person for person in self.people if person.id == order.payer)
            begun = actions.begin_payment(payer, order.ref, provider="sandbox", return_url="/")
            actions.settle_payment(payer, order.ref, provider="sandbox", payload=begun.fields)

    def withdraw(self) -> None:
        case = self._any()
        if case is not None and self.chance.random() < 0.3:
            actions.withdraw(self._owner(case), case.ref)

    def wait(self) -> None:
        actions.tick()

    def _any(self) -> Case | None:
        return self.chance.choice([*Case.objects.select_related("application"), None])

    def _owner(self, case: Case) -> Actor:
        return next(person for person in self.people if person.id == case.application.person_id)


@pytest.mark.parametrize("seed", range(8))
def test_every_case_stays_whole(world: World, seed: int, settings):
    settings.DEMO = True
    walk = Walk(world, seed)
    for _ in range(120):
        walk.step()
    invariants.check()
    assert walk.done > 15
    assert Case.objects.filter(status="closed").exists()
