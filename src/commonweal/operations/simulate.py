"""A made-up population at work for some time: thousands of cases through the real acts, the same for the same seed."""

from __future__ import annotations

import hashlib
import heapq
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid
from commonweal.core.identity import queries as identity
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.identity.models import Person
from commonweal.core.journal.actions import record, sequence
from commonweal.operations import cast, events
from commonweal.operations.population.arrivals import Arrival, arrivals, cases_each
from commonweal.operations.population.offices import Offices, means
from commonweal.operations.population.people import Residents, Staff
from commonweal.operations.population.stories import fresh, stories
from commonweal.operations.population.town import Todo, Town
from commonweal.register import Register
from commonweal.register.calendars import WorkingCalendar

Progress = Callable[[str, int, int], None]
BATCH = 120
"""Acts in one transaction: on SQLite most of the cost of a small transaction is its own beginning and end."""
SEQUENCE_EVERY = 20
LONGEST = 3650
WHAT = "People apply, offices work"


@dataclass(frozen=True)
class Summary:
    """What came of it. `fingerprint` names the whole course of events: the same for the same seed and days."""

    told: Counter[str]
    days: int
    seconds: float
    fingerprint: str = field(repr=False)

    @property
    def cases(self) -> int:
        """Cases opened."""
        return self.told["cases"]

    def __str__(self) -> str:
        told = dict(sorted(self.told.items()))
        turned = sum(count for what, count in told.items() if what.startswith("turned away"))
        decided = sum(told.get(act, 0) for act in ("accept", "approve", "refuse", "return", "request-information"))
        lines = [
            f"{told.get('submitted', 0):,} applications opened {self.cases:,} cases over {self.days} days; "
            f"{told.get('drafts', 0):,} drafts were left, {turned:,} turned away",
            f"{decided:,} decisions: {told.get('return', 0):,} returned, {told.get('request-information', 0):,} asked "
            f"for more, {told.get('refuse', 0):,} refused; {told.get('withdrawn', 0):,} cases withdrawn",
            f"{self.cases / self.seconds if self.seconds else 0:,.0f} cases a second, {self.seconds:.1f} s in all",
        ]
        return "\n".join(lines)


def simulate(cases: int, days: int, seed: int, progress: Progress | None = None) -> Summary:
    """Let people apply until about `cases` cases were opened over the `days` up to last night, and offices work them.

    One application for a life event opens several cases. Needs a published register. Raises Invalid for numbers that
    make no sense, Refused `not-published`.
    """
    if not (1 <= cases <= 1_000_000 and 1 <= days <= LONGEST):
        raise Invalid(
            {"cases": "1 to 1,000,000", "days": f"1 to {LONGEST:,}"}, "Give a sensible number of cases and days"
        )
    started, register = time.monotonic(), declared.current()
    until = clock.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    _in_force(register, until, days)
    expected = max(1, round(cases / cases_each(register)))
    town, coming = _town(register, until, days, seed), _coming(register, until, expected, days, seed)
    _run(town, coming, until - timedelta(days=days), days, progress or (lambda what, done, total: None))
    told = {"applications": town.told["submitted"], "cases": town.told["cases"], "days": days, "seed": seed}
    with transaction.atomic():
        record(SYSTEM, events.SIMULATED, f"simulation:{seed}", {**told, "until": until.isoformat()})
    sequence()
    fingerprint = hashlib.sha256("\n".join(town.log).encode()).hexdigest()
    return Summary(town.told, days, time.monotonic() - started, fingerprint)


def _in_force(register: Register, until: datetime, days: int) -> None:
    """Refuse days on which a service could not have been applied for."""
    begun = [service.effective.from_ for service in register.services.values() if service.effective.from_]
    most = (until.date() - max(begun)).days if begun else days
    if days > most:
        what = f"The services are in force since {max(begun)}: at most {most:,} days"
        raise Invalid({"days": what}, what)


def _town(register: Register, until: datetime, days: int, seed: int) -> Town:
    chance = random.Random(seed)  # noqa: S311  # a believable town, not a secret
    opened = until - timedelta(days=days + 30)
    calendar = WorkingCalendar.of(register.jurisdiction)
    before = Person.objects.filter(username__startswith=f"resident-{seed}-").count()
    residents = Residents(chance, f"resident-{seed}", made=before)
    personas = {person.username: person for person in identity.demo_personas()}
    offices = Offices(calendar, means(register, settings.JURISDICTION), chance)
    return Town(chance, until, offices, Staff.of(register, opened, chance), residents, personas)


def _coming(register: Register, until: datetime, count: int, days: int, seed: int) -> Iterator[Arrival]:
    """Everybody who will apply, in order of time."""
    chance = random.Random(seed + 1)  # noqa: S311
    known = [person.username for person in identity.demo_personas()]
    told = sorted(stories(register, until, days, known, cast.COUNTY), key=lambda each: each.moment)
    late = sorted(fresh(register, until, days, cast.COUNTY, chance), key=lambda each: each.moment) if known else []
    usual = arrivals(register, max(1, count - len(told) - len(late)), until, days, chance)
    return heapq.merge(usual, told, late, key=lambda each: each.moment)


def _run(town: Town, coming: Iterator[Arrival], since: datetime, days: int, progress: Progress) -> None:
    """Day by day: time passes, then everything of the day in its order."""
    waiting = next(coming, None)
    for number in range(days + 1):
        start = since + timedelta(days=number)
        end = min(start + timedelta(days=1), town.until)
        today: list[Arrival] = []
        while waiting is not None and waiting.moment < end:
            today.append(waiting)
            waiting = next(coming, None)
        _day(town, start, end, today)
        if number % SEQUENCE_EVERY == 0:
            with clock.travel(end):
                sequence()
        progress(WHAT, min(number + 1, days), days)


def _day(town: Town, start: datetime, end: datetime, today: list[Arrival]) -> None:
    with transaction.atomic(), clock.travel(start):
        town.tick()
    doing = _in_turn(town, end, today)
    while True:
        with transaction.atomic():
            for _ in range(BATCH):
                happening = next(doing, None)
                if happening is None:
                    return
                moment, what = happening
                with clock.travel(moment):
                    town.arrive(what) if isinstance(what, Arrival) else town.do(what)


def _in_turn(town: Town, end: datetime, today: list[Arrival]) -> Iterator[tuple[datetime, Arrival | Todo]]:
    """Arrivals and the agenda, whichever is earlier; what is put on the agenda meanwhile comes in its turn."""
    for arrival in today:
        yield from town.agenda.until(arrival.moment)
        yield arrival.moment, arrival
    yield from town.agenda.until(end)
