"""Office hours: where a moment lands when so many worked hours have passed (pure)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from commonweal.register.calendars import WorkingCalendar

OPENS, CLOSES = time(8, 30), time(17, 0)
HOURS_A_DAY = 8.5
_DAY = timedelta(days=1)


def later(calendar: WorkingCalendar, moment: datetime, hours: float) -> datetime:
    """The moment at which `hours` of office time have passed since `moment`, in UTC.

    Raises ValueError for a naive moment or a negative number of hours.
    """
    if moment.tzinfo is None or hours < 0:
        raise ValueError("office hours take an aware moment and hours that are not negative")
    left = timedelta(hours=hours)
    here = moment.astimezone(calendar.zone)
    while True:
        opens = datetime.combine(here.date(), OPENS, calendar.zone)
        closes = datetime.combine(here.date(), CLOSES, calendar.zone)
        if calendar.is_working(here.date()):
            here = max(here, opens)
            if here + left < closes:
                return (here + left).astimezone(UTC)
            left -= max(closes - here, timedelta())
        here = datetime.combine(here.date() + _DAY, OPENS, calendar.zone)
