"""What the queries return: frozen rows for the windows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commonweal.register.models import Text


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody who is to sign: a person by reference, or whoever comes with the code."""

    role: str
    role_name: Text
    person: str | None
    invited: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A document to be signed, and by whom. `content` is what it says: sections of rows, files, statement."""

    subject: str
    principal: str
    services: tuple[str, ...]
    title: Text
    language: str
    content: Mapping[str, Any]
    signers: tuple[Wanted, ...]
    level: str
    order: str
    accepts: tuple[str, ...]
    due: datetime


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place on a document. `turn`: it may be signed now; `intact`: nobody changed what was kept of it."""

    number: int
    role: str
    role_name: Text
    who: str
    known: bool
    status: str
    method: str
    at: datetime | None
    turn: bool
    intact: bool
    on_behalf_of: str
    reason: str
    mine: bool
    reminded: datetime | None


@dataclass(frozen=True, slots=True)
class RoundView:
    """A document, everybody who signs it, and what it has come to."""

    ref: str
    subject: str
    title: Text
    content: Mapping[str, Any]
    language: str
    document: str
    short: str
    aloud: str
    size: int
    level: str
    order: str
    accepts: tuple[str, ...]
    status: str
    trouble: str
    sealed: str
    opened: datetime
    due: datetime
    closed: datetime | None
    opener: str
    principal: str
    places: tuple[PlaceRow, ...]
    may_manage: bool

    @property
    def mine(self) -> PlaceRow | None:
        """The reader's own place, the one still empty first."""
        own = [each for each in self.places if each.mine]
        return next((each for each in own if each.status == "waiting"), own[0] if own else None)

    @property
    def missing(self) -> tuple[PlaceRow, ...]:
        """The places still empty."""
        return tuple(each for each in self.places if each.status == "waiting")


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A document in the list of those who sign."""

    ref: str
    title: Text
    opener: str
    role_name: Text
    status: str
    place_status: str
    turn: bool
    due: datetime
    opened: datetime
