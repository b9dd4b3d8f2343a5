"""How offices work (pure): how long a post takes, what it decides, and what lies in its tray.

The time a step takes is drawn from a log-normal distribution whose mean grows where few staff serve many people,
with the kind of department, and with the season; each post works its tray in order.
"""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from commonweal.operations.population.hours import HOURS_A_DAY, later
from commonweal.register import Register, durations
from commonweal.register.calendars import WorkingCalendar
from commonweal.register.models import Step
from commonweal.register.regions import descendants

SPREAD = 0.55
"""Standard deviation of the logarithm of a duration."""
OF_DEADLINE = 0.44
"""An office with usual means takes this share of the time it is given."""
USUAL_STAFF = 47.0
STAFF_POWER = 1.35
PACE: Mapping[str, float] = {
    "fire-service": 1.15, "parks": 1.3, "market-regulation": 1.05, "roads": 1.1, "tax": 0.8, "medical-insurance": 0.85,
    "one-stop-centre": 0.8, "civil-registry": 0.85, "utilities": 1.15, "water": 1.1,
}  # fmt: skip
SEASON = (1.1, 1.2, 0.95, 0.95, 0.95, 1.05, 1.2, 1.25, 1.0, 0.95, 1.0, 1.15)
GROUPS: Mapping[str, float] = {"delta": 62.0, "plains": 48.0, "highlands": 31.0}
BETWEEN = 0.4
"""Hours that a post needs between two decisions."""
REFUSED, RETURNED, ASKED = 0.022, 0.085, 0.045


@dataclass(frozen=True, slots=True)
class Means:
    """What a region has: staff for 10,000 residents, and the share of residents who use services online."""

    staff: float = USUAL_STAFF
    online: float = 60.0


def means(register: Register, folder: Path) -> dict[str, Means]:
    """The means of each region: the newest year of the declared statistics, or the usual ones of its group.

    A region above others has the mean of those below it. A file that is not there or not as declared is left aside.
    """
    told = _statistics(register, folder)
    found = {}
    for region in register.regions.values():
        below = [told[name] for name in (region.id, *descendants(register, region.id)) if name in told]
        if below:
            found[region.id] = Means(
                sum(each.staff for each in below) / len(below), sum(each.online for each in below) / len(below)
            )
        else:
            found[region.id] = Means(GROUPS.get(region.group or "", USUAL_STAFF))
    return found


def _statistics(register: Register, folder: Path) -> dict[str, Means]:
    dataset = register.datasets.get("regional-means")
    if dataset is None or dataset.source is None or not dataset.source.path:
        return {}
    newest: dict[str, tuple[str, Means]] = {}
    try:
        with (folder / dataset.source.path).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                fresh = (row["year"], Means(float(row["staff_per_10000"]), float(row["online_share"])))
                newest[row["region"]] = max(newest.get(row["region"], fresh), fresh, key=lambda each: each[0])
    except (OSError, KeyError, ValueError):
        return {}
    return {region: found for region, (_, found) in newest.items()}


@dataclass
class Offices:
    """Every post in every branch, with what lies in its tray."""

    calendar: WorkingCalendar
    regions: Mapping[str, Means]
    chance: random.Random
    free: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def decides_at(self, step: Step, region: str, ready: datetime) -> datetime:
        """When the post gets to a step that became ready then."""
        post = step.by or ""
        given = durations.parse(step.deadline).days if step.deadline else 3
        usual = max(1, given) * HOURS_A_DAY * OF_DEADLINE * PACE.get(post.partition("/")[0], 1.0)
        here = self.regions.get(region, Means())
        scarce = (USUAL_STAFF / max(here.staff, 5.0)) ** STAFF_POWER
        scatter = math.exp(self.chance.gauss(-SPREAD * SPREAD / 2, SPREAD))
        done = later(self.calendar, ready, 0.3 + usual * scarce * SEASON[ready.month - 1] * scatter)
        seat = (post, region)
        if seat in self.free:
            done = max(done, later(self.calendar, self.free[seat], BETWEEN * self.chance.random()))
        self.free[seat] = done
        return done

    def decides(self, step: Step, region: str, turn: int) -> str:
        """What the post decides. Where fewer people use online services more is sent back; a second look passes.

        `turn` is 1 for the first look.
        """
        passes = "accept" if "accept" in step.allow else "approve"
        if turn > 1:
            return passes
        clumsy = 60.0 / max(self.regions.get(region, Means()).online, 10.0)
        odds = (("refuse", REFUSED), ("return", RETURNED * clumsy), ("request-information", ASKED * clumsy))
        draw = self.chance.random()
        for act, share in odds:
            if act in step.allow:
                if draw < share:
                    return act
                draw -= share
        return passes

    def soon(self, moment: datetime, days: float, spread: float = 0.7) -> datetime:
        """When a person gets round to something that takes so many days on average; people do not keep office hours."""
        return moment + timedelta(days=days * math.exp(self.chance.gauss(-spread * spread / 2, spread)))
