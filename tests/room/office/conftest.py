"""A small jurisdiction in force, and the people and officials of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from commonweal.core import clock
from commonweal.core.declared import actions as declared
from commonweal.core.identity import actions as identity
from commonweal.core.identity.actor import SYSTEM, Actor, person_actor, staff_actor
from commonweal.core.identity.models import Person

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "office"
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""Ten in the morning in Pondland."""
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << >>\n%%EOF\n"


@pytest.fixture
def world(db: None) -> World:
    """Pondland, published."""
    return World()


class World:
    """Adds people and seats by name, and hands out their actors."""

    def __init__(self) -> None:
        with clock.travel(MONDAY):
            declared.publish(SYSTEM, FIXTURE)

    def person(self, name: str = "Ana Reed") -> Actor:
        """Somebody who applies."""
        return person_actor(self._known(name))

    def staff(self, post: str, region: str, name: str = "") -> Actor:
        """Somebody who sits in `post` of the branch `region`."""
        person = self._known(name or f"{post} {region}")
        identity.appoint(SYSTEM, person, post, region, since=MONDAY)
        return staff_actor(person)

    def _known(self, name: str) -> Person:
        username = "".join(c if c.isalnum() else "-" for c in name.lower())
        found = Person.objects.filter(username=username).first()
        return found or identity.add_person(SYSTEM, username, name, is_demo=True)


def upload(name: str = "lease.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content)
