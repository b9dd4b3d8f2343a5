"""The made-up people as rows: residents who apply and officials who decide. Every write goes through its room."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from commonweal.core import clock
from commonweal.core.identity import actions as identity
from commonweal.core.identity.actor import SYSTEM, Actor, Seat, person_actor
from commonweal.core.identity.models import Holding, Person
from commonweal.office.exchange.actions import hold
from commonweal.operations.population import names
from commonweal.operations.population.answers import Draw
from commonweal.operations.population.holdings import REGISTERS
from commonweal.register import Register

RETURNING = 0.22
"""Share of applicants who have applied for something before."""
MEMORY = 400


@dataclass
class Residents:
    """Those who have applied so far, by region, and which registers know them."""

    chance: random.Random
    prefix: str
    made: int = 0
    by_region: dict[str, list[Person]] = field(default_factory=dict)
    held: dict[str, set[str]] = field(default_factory=dict)

    def somebody(self, region: str, day: date) -> Person:
        """Somebody who lives in the region: known already, or new to the platform."""
        known = self.by_region.setdefault(region, [])
        if known and self.chance.random() < RETURNING:
            return self.chance.choice(known)
        self.made += 1
        born = day - timedelta(days=self.chance.randint(19 * 366, 58 * 365))
        person = identity.add_person(
            SYSTEM,
            f"{self.prefix}-{self.made:05d}",
            names.person(self.chance),
            language=self.chance.choice(("en", "zh-hans")),
            birth_date=born,
            home_region=region,
            is_demo=True,
        )
        known.append(person)
        del known[:-MEMORY]
        return person

    def register(self, person: Person, datasets: Iterable[str], draw: Draw) -> None:
        """Let departments hold what they would about this person, once for each register."""
        known = self.held.setdefault(person.ref, set())
        for dataset in datasets:
            if dataset in known or dataset not in REGISTERS:
                continue
            share, recipe = REGISTERS[dataset]
            row = recipe(draw, person.birth_date or date(1985, 1, 1))
            if not draw.yes(share):
                continue
            if dataset not in ("birth-notices", "vehicle-register"):
                known.add(dataset)
            recorded = clock.now() - timedelta(days=row.days_ago)
            hold(SYSTEM, dataset, person.ref, row.fields, region=person.home_region, recorded_at=recorded)


@dataclass
class Staff:
    """Who sits where; officials are appointed when their post is first needed, as of the day offices opened."""

    chance: random.Random
    register: Register
    opened: datetime
    held: dict[tuple[str, str], list[Actor]] = field(default_factory=dict)
    personas: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, register: Register, opened: datetime, chance: random.Random) -> Staff:
        """With everybody who holds a seat already; those with a password are the demo's personas."""
        staff, shown = cls(chance, register, opened), set()
        for holding in Holding.objects.filter(until=None).select_related("person").order_by("id"):
            seat = (holding.post, holding.region)
            staff.held.setdefault(seat, []).append(_official(holding.person, *seat))
            if holding.person.has_usable_password():
                shown.add(seat)
        staff.personas = frozenset(shown)
        return staff

    def somebody(self, post: str, region: str) -> Actor:
        """An official who holds the post in the branch."""
        seat = (post, region)
        wanted = min(2 if seat in self.personas else 1, self.register.posts[post].seats)
        while len(self.held.setdefault(seat, [])) < wanted:
            self.held[seat].append(self._appointed(post, region, len(self.held[seat]) + 1))
        return self.chance.choice(self.held[seat])

    def above(self, organisation: str, region: str) -> Actor | None:
        """Whoever supervises there, for what was escalated."""
        posts = [
            each.id for each in self.register.posts.values() if each.organisation == organisation and each.supervises
        ]
        return self.somebody(posts[0], region) if posts else None

    def cashier(self, region: str) -> Actor:
        """Whoever takes money at the desk of a region, or the platform where nobody does."""
        for organisation in self.register.organisations.values():
            if "cashier" in organisation.functions and organisation.region is None:
                posts = [
                    p.id for p in self.register.posts.values() if p.organisation == organisation.id and p.seats > 1
                ]
                if posts and self.register.regions[region].level == organisation.level:
                    return self.somebody(posts[0], region)
        return SYSTEM

    def _appointed(self, post: str, region: str, number: int) -> Actor:
        with clock.travel(self.opened):
            username = f"{region}.{post.replace('/', '.')}.{number}"
            known = Person.objects.filter(username=username).first()
            person = known or identity.add_person(
                SYSTEM, username, names.person(self.chance), home_region=region, is_demo=True
            )
            identity.appoint(SYSTEM, person, post, region, since=self.opened)
        return _official(person, post, region)


def _official(person: Person, post: str, region: str) -> Actor:
    return Actor(kind="staff", id=person.ref, name=person.name, posts=frozenset({Seat(post, region)}))


def applicant(person: Person) -> Actor:
    """The person as an applicant."""
    return person_actor(person, "high")
