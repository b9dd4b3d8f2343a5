"""What the demo's own people have done of late, and what lies on the desks of the demo's officials (pure)."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, time, timedelta

from commonweal.operations.population.arrivals import Arrival, targets
from commonweal.register import Register

STORIES: tuple[tuple[str, str, int, bool], ...] = (
    ("lin", "change-of-address", 74, False),
    ("lin", "having-a-child", 4, False),
    ("wen", "open-restaurant", 31, False),
    ("wen", "roadworks-permit", 6, False),
    ("wen", "parking-permit", 1, True),
    ("he", "vehicle-registration", 19, False),
    ("he", "school-enrolment", 3, False),
)
"""Username, what was applied for, how many days ago, and whether it is still a draft."""
FRESH_DAYS = 11
FRESH = 36


def stories(register: Register, until: datetime, days: int, known: Collection[str], region: str) -> Iterator[Arrival]:
    """What the known personas applied for within the days simulated."""
    kinds = targets(register)
    for who, target, ago, draft in STORIES:
        if who in known and target in kinds and ago < days and region in register.regions:
            day = (until - timedelta(days=ago)).astimezone(UTC).date()
            yield Arrival(datetime.combine(day, time(9, 12), UTC), region, target, kinds[target], who, draft)


def fresh(register: Register, until: datetime, days: int, region: str, chance: random.Random) -> Iterator[Arrival]:
    """Applications of the last days in the demo's county, so that every official there has something to decide."""
    kinds = targets(register)
    names = [name for name in kinds for _ in range(3 if name in ("open-restaurant", "roadworks-permit") else 1)]
    if region not in register.regions or days < FRESH_DAYS:
        return
    for i in range(FRESH):
        moment = until - timedelta(days=chance.uniform(0.1, FRESH_DAYS))
        target = names[i % len(names)]
        yield Arrival(moment.replace(microsecond=0), region, target, kinds[target])
