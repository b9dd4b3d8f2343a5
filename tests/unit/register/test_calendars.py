"""When a deadline falls due, in the working time of a place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.register.calendars import WorkingCalendar
from commonweal.register.durations import Duration, add_months, parse
from commonweal.register.models import Jurisdiction, Text

HERE = ZoneInfo("Europe/Tallinn")


def place(**more: object) -> WorkingCalendar:
    name = Text({"en": "Here"})
    given = {"timezone": "Europe/Tallinn", "country_calendar": "EE", **more}
    return WorkingCalendar.of(Jurisdiction(id="here", name=name, languages=("en",), currency="EUR", **given))  # type: ignore[arg-type]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("start", "duration", "due"),
    [
        ("2026-03-02T10:00", "P3D", "2026-03-05T23:59:59"),  # Monday to Thursday
        ("2026-03-05T10:00", "P3D", "2026-03-10T23:59:59"),  # over a weekend
        ("2026-03-07T10:00", "P1D", "2026-03-09T23:59:59"),  # begun on a Saturday
        ("2026-02-23T10:00", "P1D", "2026-02-25T23:59:59"),  # 24 February is Independence Day
        ("2026-03-02T10:00", "P1W", "2026-03-09T23:59:59"),  # a week has five working days
        ("2026-01-31T10:00", "P1M", "2026-03-02T23:59:59"),  # 28 February is a Saturday
        ("2026-03-02T10:00", "PT4H", "2026-03-02T14:00:00"),
        ("2026-03-06T22:00", "PT4H", "2026-03-09T02:00:00"),  # the clock stands still at the weekend
        ("2026-03-02T23:30", "P1DT1H", "2026-03-04T00:59:59"),
        ("2026-03-27T10:00", "P1D", "2026-03-30T23:59:59"),  # summer time begins between
    ],
)
def test_working_days(start: str, duration: str, due: str) -> None:
    found = place().add(local(start), duration)
    assert found.tzinfo is UTC
    assert found.astimezone(HERE).isoformat()[:19] == due


def test_calendar_days_count_every_day() -> None:
    found = place().add(local("2026-03-05T10:00"), "P3D", "calendar-days")
    assert found.astimezone(HERE).isoformat()[:19] == "2026-03-08T23:59:59"


def test_declared_days_go_before_the_country_s() -> None:
    calendar = place(closed_days=("2026-03-03",), working_days=("2026-03-07",))
    assert not calendar.is_working(date(2026, 3, 3))
    assert calendar.is_working(date(2026, 3, 7))
    assert calendar.add(local("2026-03-02T10:00"), "P1D").astimezone(HERE).date() == date(2026, 3, 4)
    assert calendar.add(local("2026-03-06T10:00"), "P1D").astimezone(HERE).date() == date(2026, 3, 7)


def test_a_week_may_rest_on_other_days() -> None:
    calendar = place(country_calendar=None, weekend=(4, 5))
    assert calendar.add(local("2026-03-05T10:00"), "P1D").astimezone(HERE).date() == date(2026, 3, 8)


@pytest.mark.parametrize(
    "wrong", ["3 days", "P", "PT", "P1H", "P-1D", "P1.5D", "", "p3d", "P3D\n", "P" + "9" * 50 + "D"]
)
def test_what_is_not_a_duration_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        place().add(local("2026-03-02T10:00"), wrong)


def test_naive_moments_and_impossible_calendars_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        place().add(datetime(2026, 3, 2), "P1D")
    with pytest.raises(ValueError, match="aware"):
        place().working_days_between(datetime(2026, 3, 2), datetime(2026, 3, 3))
    with pytest.raises(ValueError, match="beyond the year 9999"):
        place().add(datetime(9999, 12, 20, tzinfo=UTC), "P99D")
    for more in ({"timezone": "Nowhere/Town"}, {"country_calendar": "QQ"}, {"weekend": tuple(range(7))}):
        with pytest.raises(ValueError):
            place(**more)


def test_a_month_ends_where_it_ends() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2024, 12, 31), 2) == date(2025, 2, 28)
    assert add_months(date(2024, 3, 30), -1) == date(2024, 2, 29)
    assert parse("P1Y2M3W4DT5H6M") == Duration(1, 2, 3, 4, 5, 6)
    with pytest.raises(ValueError):
        add_months(date(9999, 12, 1), 1)


moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda m: m.replace(tzinfo=UTC))
days = st.integers(1, 60)


@given(moments, days)
@settings(deadline=None)
def test_a_deadline_never_falls_on_a_day_nobody_works(moment: datetime, count: int) -> None:
    due = place().add(moment, f"P{count}D").astimezone(HERE)
    assert place().is_working(due.date())
    assert due.weekday() < 5
    assert (due.hour, due.minute, due.second) == (23, 59, 59)
    assert place().working_days_between(moment, due) == count


@given(moments, days, days)
@settings(deadline=None)
def test_deadlines_add_up(moment: datetime, first: int, second: int) -> None:
    calendar = place()
    assert calendar.add(calendar.add(moment, f"P{first}D"), f"P{second}D") == calendar.add(
        moment, f"P{first + second}D"
    )


@given(moments, st.timedeltas(timedelta(0), timedelta(days=40)), days, st.integers(1, 100))
@settings(deadline=None)
def test_starting_later_is_never_due_earlier(moment: datetime, later: timedelta, count: int, hours: int) -> None:
    for duration in (f"P{count}D", f"PT{hours}H", f"P{count}DT{hours}H", f"P{count % 12}M1D"):
        assert place().add(moment, duration) <= place().add(moment + later, duration)
        assert place().add(moment, duration) > moment


@given(moments, moments, moments)
@settings(deadline=None)
def test_working_days_between_add_up(a: datetime, b: datetime, c: datetime) -> None:
    count = place().working_days_between
    assert count(a, b) + count(b, c) == count(a, c)
    assert count(a, b) == -count(b, a)
