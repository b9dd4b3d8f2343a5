"""A market pass issued to somebody, and the officials who keep it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from commonweal.core import clock
from commonweal.core.identity.actor import Actor
from commonweal.office.casework import actions, queries
from commonweal.office.casework.models import Case
from commonweal.office.certificates.models import Certificate
from tests.room.office.conftest import MONDAY, World
from tests.room.office.helpers import resident

PASS = {"stall.name": "Ana's Noodles", "stall.county": "east-bank"}


@dataclass
class Market:
    """Who is who."""

    world: World
    holder: Actor
    examiner: Actor
    second: Actor
    elsewhere: Actor
    head: Actor

    def issued(self, service: str = "market-day", holder: Actor | None = None) -> Certificate:
        """A case walked to its end; the certificate it issued."""
        person = holder or self.holder
        application = actions.start(person, service=service)
        application = actions.save(person, application.ref, PASS, revision=application.revision)
        application = actions.submit(person, application.ref, token=application.ref)
        case = Case.objects.get(application=application)
        revision = queries.case(self.examiner, case.ref).revision
        actions.act(self.examiner, case.ref, "check", "approve", revision=revision)
        return Certificate.objects.get(case=case.ref)


@pytest.fixture
def market(db: None) -> Market:
    """Pondland with its people, on a Monday morning."""
    world = World()
    with clock.travel(MONDAY):
        return Market(
            world, resident(world), world.staff("market-office/examiner", "east-bank", "Examiner One"),
            world.staff("market-office/examiner", "east-bank", "Examiner Two"),
            world.staff("market-office/examiner", "west-bank", "Examiner Elsewhere"),
            world.staff("market-office/head", "east-bank", "Head"),
        )  # fmt: skip


@pytest.fixture
def certificate(market: Market) -> Certificate:
    """A market pass, issued on Monday."""
    with clock.travel(MONDAY + timedelta(hours=1)):
        return market.issued()
