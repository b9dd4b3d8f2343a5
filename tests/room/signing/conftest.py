"""Two people with passkeys, and an application that both of them have to sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from commonweal.core.declared.actions import publish
from commonweal.core.identity import passkeys
from commonweal.core.identity.actions import add_person
from commonweal.core.identity.actor import SYSTEM, Actor, person_actor
from commonweal.core.identity.models import Person
from commonweal.core.identity.passkeys import Origin
from commonweal.office.casework import actions
from commonweal.office.signing import actions as signing
from commonweal.office.signing.models import Round
from commonweal.register import Register, load
from tests.room.core.authenticator import SoftPasskey

RIVERLAND = Path(__file__).resolve().parents[3] / "examples" / "riverland"
HERE = Origin("localhost", "http://localhost", "Riverland")
PASSWORD = "correct horse battery"


@dataclass
class Signer:
    """A person with a passkey."""

    person: Person
    key: SoftPasskey

    @property
    def actor(self) -> Actor:
        return person_actor(self.person, "high")

    def answer(self, challenge: bytes) -> passkeys.Used:
        options, state = passkeys.begin(HERE, self.person, challenge=challenge)
        return passkeys.finish(HERE, state, self.key.use(options), self.person)

    def sign(self, ref: str) -> None:
        used = self.answer(signing.challenge(self.actor, ref))
        actions.sign_with_passkey(self.actor, ref, used, host=HERE.host, address=HERE.address)


@pytest.fixture(scope="session")
def riverland() -> Register:
    register, faults = load(RIVERLAND)
    assert register is not None, faults
    return register


@pytest.fixture
def published(db: Any, riverland: Register) -> Register:
    publish(SYSTEM, riverland)
    return riverland


def signer(username: str, name: str) -> Signer:
    person = add_person(
        SYSTEM, username, name, password=PASSWORD, birth_date=date(1990, 5, 1), home_region="upper-vale"
    )
    key = SoftPasskey(HERE.address)
    options, state = passkeys.begin_making(HERE, person)
    passkeys.finish_making(HERE, person, state, key.make(options), "phone")
    return Signer(person, key)


@pytest.fixture
def mei(published: Register) -> Signer:
    return signer("mei", "Mei Demo")


@pytest.fixture
def lin(published: Register) -> Signer:
    return signer("lin", "Lin Demo")


@pytest.fixture
def eve(published: Register) -> Signer:
    return signer("eve", "Eve Stranger")


def draft(mei: Signer, keeper: str, **more: Any) -> str:
    """A complete draft of the service that two people sign."""
    application = actions.start(mei.actor, service="change-of-keeper")
    answers = {
        "vehicle.plate": "RVD0001", "vehicle.home_region": "upper-vale", "transfer.keeper": keeper,
        "transfer.on": "2026-11-23", "contact.phone": "+99 555 0100", **more,
    }  # fmt: skip
    actions.save(mei.actor, application.ref, answers, revision=application.revision)
    return str(application.ref)


@pytest.fixture
def opened(mei: Signer, lin: Signer) -> Round:
    return actions.begin_signing(mei.actor, draft(mei, lin.person.ref)).round
