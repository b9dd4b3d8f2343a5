"""How far a due moment moves while its clock stands still.

Deadlines in days end with a day, so standing still moves them by the days that passed; deadlines in hours move by
the hours. A due moment never moves back.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from commonweal.register import durations
from commonweal.register.calendars import Counting, WorkingCalendar

_DAY = timedelta(days=1)


def later(
    calendar: WorkingCalendar, moment: datetime, duration: str, since: datetime, until: datetime, counting: Counting
) -> datetime:
    """The due moment of something of this duration after its clock stood still from `since` to `until`."""
    if until <= since:
        return moment
    if durations.parse(duration).clock_minutes:
        minutes = int(_counted(calendar, since, until, counting) // timedelta(minutes=1))
        return max(moment, calendar.add(moment, f"PT{min(minutes, 999_999)}M", counting)) if minutes else moment
    if counting == "working-days":
        days = calendar.working_days_between(since, until)
    else:
        days = (until.astimezone(calendar.zone).date() - since.astimezone(calendar.zone).date()).days
    return max(moment, calendar.add(moment, f"P{days}D", counting)) if days > 0 else moment


def _counted(calendar: WorkingCalendar, since: datetime, until: datetime, counting: Counting) -> timedelta:
    """The time between two moments that lies on days that count."""
    if counting == "calendar-days":
        return until - since
    total, here = timedelta(), since
    while here < until:
        day = here.astimezone(calendar.zone).date()
        tomorrow = datetime.combine(day + _DAY, time(), calendar.zone).astimezone(UTC)
        end = min(until, tomorrow)
        if calendar.is_working(day):
            total += end - here
        here = end
    return total
