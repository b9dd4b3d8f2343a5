"""ISO 8601 durations (`P3D`, `PT4H`, `P1Y6M`), read exactly; what a day means is the calendar's business."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

PATTERN = r"^P([0-9]{1,4}Y)?([0-9]{1,4}M)?([0-9]{1,4}W)?([0-9]{1,5}D)?(T([0-9]{1,5}H)?([0-9]{1,6}M)?)?$"
SHAPE = "a duration such as P3D (3 days), P1M (a month) or PT4H (4 hours)"
_READ = re.compile(
    r"P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Duration:
    """Whole years, months, weeks, days, hours and minutes, none of them negative."""

    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0
    hours: int = 0
    minutes: int = 0

    @property
    def clock_minutes(self) -> int:
        """The hours and minutes together, in minutes."""
        return self.hours * 60 + self.minutes

    @property
    def all_months(self) -> int:
        """The years and months together, in months."""
        return self.years * 12 + self.months


@lru_cache(maxsize=4096)
def parse(text: str) -> Duration:
    """Read a duration. Raises ValueError for anything that is not one, `P` and `PT` alone included."""
    match = _READ.fullmatch(text)
    if match is None or text[-1] in "PT":
        raise ValueError(f"“{text[:40]}” is not {SHAPE}")
    return Duration(*(int(part or 0) for part in match.groups()))


def check(text: str) -> str:
    """Return `text` when it is a duration. Raises ValueError otherwise."""
    parse(text)
    return text


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or that month's last day where it has no such day (31 January + 1 month).

    Raises ValueError beyond the year 9999.
    """
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return date(year, month + 1, last)
            except ValueError:
                if not 1 <= year <= 9999:
                    raise
    raise ValueError("no such month")


def add(day: date, text: str) -> date:
    """The day an ISO 8601 duration after `day`; hours and minutes do not count. Raises ValueError for no duration."""
    duration = parse(text)
    return add_months(day, duration.years * 12 + duration.months) + timedelta(days=duration.weeks * 7 + duration.days)
