"""Going through the acts as people and officials do, so that tests read as stories."""

from __future__ import annotations

from typing import Any

from commonweal.core.identity.actor import SYSTEM, Actor
from commonweal.office.casework import actions, queries
from commonweal.office.casework.models import Application, Case
from commonweal.office.exchange import actions as exchange

from .conftest import MONDAY, World, upload

STALL: dict[str, Any] = {
    "stall.name": "Ana's Noodles",
    "stall.trade": "food",
    "stall.county": "east-bank",
    "stall.area": "120",
    "form.uses_gas": "true",
}
"""A large stall with gas: fire inspection, both fees, a lease."""
SMALL: dict[str, Any] = {"stall.name": "Books", "stall.trade": "books", "stall.county": "east-bank", "stall.area": "12"}
"""No fire inspection, one fee, no lease."""


def resident(world: World, name: str = "Ana Reed", born: str = "1990-05-01") -> Actor:
    """Somebody whom the registry knows."""
    person = world.person(name)
    exchange.hold(SYSTEM, "residents", person.id, {"number": "0042", "born": born}, recorded_at=MONDAY)
    return person


def draft(person: Actor, answers: dict[str, Any] = STALL, *, lease: bool = True, **target: str) -> Application:
    """A draft with its answers and, where asked, the lease."""
    application = actions.start(person, **(target or {"service": "open-stall"}))
    application = actions.save(person, application.ref, answers, revision=application.revision)
    if lease:
        actions.attach(person, application.ref, "evidence.lease", upload())
    return application


def submitted(person: Actor, answers: dict[str, Any] = STALL, **more: Any) -> Case:
    """A submitted application's first case."""
    application = draft(person, answers, lease=answers is STALL, **more)
    application = actions.submit(person, application.ref, token=application.ref)
    return Case.objects.filter(application=application).order_by("id")[0]


def do(actor: Actor, case: Case, step: str, act: str, **more: Any) -> Case:
    """Act on the case as it stands."""
    revision = queries.case(actor, case.ref).revision
    return actions.act(actor, case.ref, step, act, revision=revision, **more)
