"""Who applies for what, where and when (pure): a seeded calendar of arrivals."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

from commonweal.register import Register
from commonweal.register.calendars import WorkingCalendar

SHARES: Mapping[str, float] = {
    "having-a-child": 16, "open-restaurant": 15, "roadworks-permit": 15, "change-of-address": 22,
    "vehicle-registration": 14, "parking-permit": 10, "school-enrolment": 8,
}  # fmt: skip
"""How often each thing is applied for, in relation to the others; what is not named here gets `OTHER`."""
OTHER = 5.0
SEASONS: Mapping[str, Sequence[float]] = {
    # January to December
    "school-enrolment": (0.2, 0.6, 2.6, 3.4, 2.4, 0.9, 0.5, 0.7, 0.3, 0.1, 0.1, 0.1),
    "roadworks-permit": (0.4, 0.6, 1.1, 1.4, 1.5, 1.4, 1.2, 1.1, 1.3, 1.1, 0.7, 0.3),
    "open-restaurant": (0.7, 0.9, 1.3, 1.4, 1.3, 1.0, 0.8, 0.8, 1.1, 1.0, 0.9, 0.8),
    "change-of-address": (0.8, 0.8, 0.9, 0.9, 1.0, 1.2, 1.4, 1.4, 1.2, 0.9, 0.8, 0.7),
}
WEEKDAYS = (1.25, 1.15, 1.1, 1.05, 1.0, 0.35, 0.3)
"""Monday first. People apply online on weekends too."""
HOURS = (0, 0, 0, 0, 0, 0, 1, 3, 7, 10, 11, 8, 6, 8, 9, 8, 7, 6, 5, 6, 6, 4, 2, 1)
GROWTH = 0.35
"""The last day brings so much more than the first, as people learn of the service."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody in `region` begins to apply for `target` (a service, or a life event that is applied for as one).

    `who` is a username where it has to be a certain person; `draft` leaves the application unfinished.
    """

    moment: datetime
    region: str
    target: str
    is_event: bool
    who: str | None = None
    draft: bool = False


def targets(register: Register) -> dict[str, bool]:
    """What can be applied for, and whether it is a life event; a service of a bundle comes with its bundle.

    What several people have to sign by their own hand is left out: nobody simulated has a passkey.
    """
    bundles = {each.id: each for each in register.events.values() if each.bundle}
    within = {member.service for each in bundles.values() for member in each.services}
    return dict.fromkeys(bundles, True) | {
        name: False for name in register.services if name not in within and not _signed(register, name)
    }


def _signed(register: Register, name: str) -> bool:
    signature = register.services[name].signature
    return signature is not None and signature.level != "simple"


def cases_each(register: Register) -> float:
    """How many cases an application opens on average: those for a life event open several."""
    shares = {name: SHARES.get(name, OTHER) for name in targets(register)}
    opened = {
        each.id: sum(0.4 if member.when else 1.0 for member in each.services) for each in register.events.values()
    }
    weighed = sum(share * opened.get(name, 1.0) for name, share in shares.items())
    return weighed / sum(shares.values()) if shares else 1.0


def places(register: Register) -> dict[str, float]:
    """The smallest regions, each with its weight: people, tempered so that small places are seen too."""
    parents = {region.parent for region in register.regions.values()}
    leaves = (region for region in register.regions.values() if region.id not in parents)
    return {region.id: float(region.population or 100_000) ** 0.6 for region in leaves}


def arrivals(register: Register, count: int, until: datetime, days: int, chance: random.Random) -> Iterator[Arrival]:
    """`count` arrivals over the `days` before `until`, in order of time."""
    calendar = WorkingCalendar.of(register.jurisdiction)
    kinds, where = targets(register), places(register)
    if not kinds or not where:
        return
    first = until.astimezone(UTC).date() - timedelta(days=days)
    dates = [first + timedelta(days=n) for n in range(days)]
    weights = list(accumulate(_busy(day, calendar) * (1 + GROWTH * i / max(1, days)) for i, day in enumerate(dates)))
    moments = sorted(_moment(day, chance) for day in chance.choices(dates, cum_weights=weights, k=count))
    names, regions = list(kinds), list(where)
    for moment in moments:
        month = moment.month - 1
        shares = [SHARES.get(name, OTHER) * (SEASONS[name][month] if name in SEASONS else 1.0) for name in names]
        target = chance.choices(names, weights=shares)[0]
        region = chance.choices(regions, weights=list(where.values()))[0]
        if moment < until:
            yield Arrival(moment, region, target, kinds[target])


def _busy(day: date, calendar: WorkingCalendar) -> float:
    if day.weekday() not in calendar.weekend and not calendar.is_working(day):
        return 0.15
    return WEEKDAYS[day.weekday()]


def _moment(day: date, chance: random.Random) -> datetime:
    hour = chance.choices(range(24), weights=HOURS)[0]
    return datetime(day.year, day.month, day.day, hour, chance.randrange(60), chance.randrange(60), tzinfo=UTC)
