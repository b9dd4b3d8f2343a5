"""The tiny government of the API's tests, a submitted application, and officials signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from commonweal.core.identity.actor import person_actor
from commonweal.core.identity.models import Person
from commonweal.office.casework import actions
from tests.room.windows_api import flow
from tests.room.windows_api import world as testland


@pytest.fixture
def world(db: Any) -> testland.World:
    return testland.build()


@pytest.fixture
def desk(world: testland.World) -> Callable[[Person], Client]:
    """A browser in which an official is signed in."""

    def signed(person: Person) -> Client:
        browser = Client()
        browser.force_login(person)
        return browser

    return signed


@dataclass(frozen=True)
class Filed:
    """A submitted application."""

    application: str
    case: str


@pytest.fixture
def filed(world: testland.World) -> Filed:
    """Olga's application for a stall that cooks: after the clerk, two offices work it side by side."""
    return file(world)


def file(world: testland.World, **changed: Any) -> Filed:
    owner = person_actor(world.owner)
    draft = actions.start(owner, service="market-stall")
    saved = actions.save(owner, draft.ref, {**flow.ANSWERS, **changed}, revision=draft.revision)
    actions.submit(owner, saved.ref, token=f"token-{saved.ref}")
    from commonweal.office.casework.queries import application

    return Filed(saved.ref, application(owner, saved.ref).cases[0].ref)
