"""Who acts: a frozen value passed first to every write, so that no room reads the session or guesses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from commonweal.core import clock
from commonweal.core.identity.assurance import Level

if TYPE_CHECKING:
    from commonweal.core.identity.models import Person


@dataclass(frozen=True, slots=True)
class Seat:
    """One post in one branch: `Seat("market-regulation/examiner", "upper-vale")`."""

    post: str
    region: str

    @property
    def organisation(self) -> str:
        """The organisation the post belongs to."""
        return self.post.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Behalf:
    """For whom a person acts, and the mandate that lets them."""

    person: str
    mandate: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A person for themself, a civil servant with the seats held now, or the system doing what falls due."""

    kind: Literal["person", "staff", "system"]
    id: str
    name: str
    posts: frozenset[Seat] = frozenset()
    assurance: Level = "low"
    """How sure the house is that it is them: the level of the session; the system needs none."""
    on_behalf_of: Behalf | None = None
    """Set while a person acts for another; every event the actor causes then says so."""

    def acting_for(self, person: str, mandate: str) -> Actor:
        """The same actor, acting for `person` under a mandate."""
        return replace(self, on_behalf_of=Behalf(person, mandate))

    @property
    def label(self) -> str:
        """How the journal names the actor: `person:P-7KQ2M9XB`, `staff:P-…`, `system:worker`."""
        return f"{self.kind}:{self.id}"

    @property
    def is_staff(self) -> bool:
        """Whether the actor acts for a department."""
        return self.kind == "staff"


SYSTEM = Actor(kind="system", id="worker", name="Commonweal", assurance="high")
"""The platform itself: deadlines, sequencing, collection."""


def person_actor(person: Person, assurance: Level = "low") -> Actor:
    """`person` acting for themself; seats they may hold elsewhere give no power here."""
    return Actor(kind="person", id=person.ref, name=person.name, assurance=assurance)


def staff_actor(person: Person, at: datetime | None = None, assurance: Level = "low") -> Actor:
    """`person` acting with the seats in force at `at` (now where absent). One query."""
    held = person.holdings.in_force(at or clock.now()).values_list("post", "region")
    return Actor(
        kind="staff",
        id=person.ref,
        name=person.name,
        posts=frozenset(Seat(post, region) for post, region in held),
        assurance=assurance,
    )
