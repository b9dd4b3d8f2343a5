"""Working time: when a deadline falls due, and how many working days lie between two moments.

The day on which something starts does not count: P3D given on a Monday at 10:00 falls due at the end
(23:59:59, local time) of Thursday. Weeks in working days are as many working days as the week has; months and
years are calendar months, then moved on to a working day. Hours are hours of the clock, and the clock
stands still on days nobody works. Every moment in and out is aware; results are in UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from commonweal.register import durations
from commonweal.register.models import Jurisdiction

Counting = Literal["working-days", "calendar-days"]
_END = time(23, 59, 59)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked in a jurisdiction, and in which time zone a day begins and ends."""

    zone: ZoneInfo
    weekend: frozenset[int]
    closed: frozenset[date]
    worked: frozenset[date]
    country: str | None = None

    @staticmethod
    def of(jurisdiction: Jurisdiction) -> WorkingCalendar:
        """The calendar of a jurisdiction, kept for the next caller.

        Raises ValueError for an unknown time zone or country calendar, or a week without a working day.
        """
        return _calendar(
            jurisdiction.timezone,
            frozenset(jurisdiction.weekend),
            frozenset(jurisdiction.closed_days),
            frozenset(jurisdiction.working_days),
            jurisdiction.country_calendar,
        )

    def is_working(self, day: date) -> bool:
        """Whether offices work on `day`: a declared working day always, a closed day or public holiday never."""
        if day in self.worked:
            return True
        return day.weekday() not in self.weekend and day not in self.closed and day not in _holidays(self)

    def add(self, moment: datetime, duration: str, calendar: Counting = "working-days") -> datetime:
        """When `duration` (ISO 8601) from `moment` falls due, in UTC.

        Raises ValueError for a naive moment, a text that is no duration, or a day beyond the year 9999.
        """
        span, local = durations.parse(duration), self._local(moment)
        counts: Callable[[date], bool] = self.is_working if calendar == "working-days" else _every_day
        week = 7 - len(self.weekend) if calendar == "working-days" else 7
        days = span.days + span.weeks * week
        if span.all_months or days:
            day = durations.add_months(local.date(), span.all_months)
            day = _count_on(day, days, counts) if days else _first(day, counts)
            local = datetime.combine(day, _END, self.zone)
        if span.clock_minutes:
            return self._clock(local, timedelta(minutes=span.clock_minutes), counts)
        return local.astimezone(UTC)

    def working_days_between(self, start: datetime, end: datetime) -> int:
        """Working days after the day of `start`, up to and with the day of `end`; negative when `end` is earlier.

        Raises ValueError for a naive moment.
        """
        first, last = self._local(start).date(), self._local(end).date()
        if last < first:
            return -self.working_days_between(end, start)
        return sum(self.is_working(first + _DAY * n) for n in range(1, (last - first).days + 1))

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError("a calendar takes aware moments only")
        return moment.astimezone(self.zone)

    def _clock(self, local: datetime, left: timedelta, counts: Callable[[date], bool]) -> datetime:
        """Spend `left` of clock time from `local` on, skipping the days that do not count."""
        while True:
            day = local.date()
            tomorrow = datetime.combine(day + _DAY, time(), self.zone)
            if counts(day):
                today = tomorrow.astimezone(UTC) - local.astimezone(UTC)
                if left < today:
                    return local.astimezone(UTC) + left
                left -= today
            local = tomorrow


def _every_day(day: date) -> bool:
    return True


def _first(day: date, counts: Callable[[date], bool]) -> date:
    """`day` if it counts, else the next that does. Raises ValueError at the end of time."""
    try:
        while not counts(day):
            day += _DAY
    except OverflowError:
        raise ValueError("the deadline lies beyond the year 9999") from None
    return day


def _count_on(day: date, days: int, counts: Callable[[date], bool]) -> date:
    """The day that is `days` counted days after `day`. Raises ValueError at the end of time."""
    try:
        while days:
            day += _DAY
            days -= counts(day)
    except OverflowError:
        raise ValueError("the deadline lies beyond the year 9999") from None
    return day


@lru_cache(maxsize=64)
def _calendar(
    zone: str, weekend: frozenset[int], closed: frozenset[date], worked: frozenset[date], country: str | None
) -> WorkingCalendar:
    if not weekend < frozenset(range(7)):
        raise ValueError("a week needs at least one working day; weekdays are 0 (Monday) to 6 (Sunday)")
    try:
        known = ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"“{zone}” is not a time zone such as Europe/Tallinn") from None
    made = WorkingCalendar(known, weekend, closed, worked, country)
    _holidays(made)
    return made


@lru_cache(maxsize=64)
def _holidays(calendar: WorkingCalendar) -> _Holidays:
    return _Holidays(calendar.country)


class _Holidays:
    """Public holidays of a country, found a year at a time."""

    def __init__(self, country: str | None) -> None:
        self.years: dict[int, frozenset[date]] = {}
        self.country = country
        if country is not None:
            self._year(2025)

    def __contains__(self, day: date) -> bool:
        return self.country is not None and day in self._year(day.year)

    def _year(self, year: int) -> frozenset[date]:
        if year not in self.years:
            import holidays  # takes a tenth of a second, which a command that needs no calendar should not pay

            try:
                self.years[year] = frozenset(holidays.country_holidays(str(self.country), years=year))
            except (NotImplementedError, AttributeError, KeyError):
                raise ValueError(f"no public holidays are known for the country “{self.country}”") from None
        return self.years[year]
