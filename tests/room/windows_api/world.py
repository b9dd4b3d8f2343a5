"""A tiny government for window tests: two towns, four offices, one service with every kind of step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from commonweal.core.declared.actions import publish
from commonweal.core.identity.actions import add_person, appoint
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.identity.models import Person

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class World:
    """Who lives in the tiny government."""

    owner: Person
    stranger: Person
    clerk: Person
    examiner: Person
    inspector: Person
    elsewhere: Person
    auditor: Person


def build() -> World:
    """Publish the tiny government and seat its officials. `elsewhere` is a clerk of the other town."""
    publish(SYSTEM, Path(__file__).parent / "testland")

    def person(name: str, post: str | None = None, region: str = "north") -> Person:
        added = add_person(SYSTEM, name, name.title(), password=PASSWORD)
        if post:
            appoint(SYSTEM, added, post, region)
        return added

    return World(
        owner=person("olga"),
        stranger=person("sam"),
        clerk=person("clara", "one-stop/clerk"),
        examiner=person("emil", "markets/examiner"),
        inspector=person("ines", "fire/inspector"),
        elsewhere=person("nils", "one-stop/clerk", "south"),
        auditor=person("ada", "auditor/auditor", "testland"),
    )
