"""The made-up town's pure parts: office hours, arrivals, delays, the agenda."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.operations.population.agenda import Agenda
from commonweal.operations.population.arrivals import arrivals, targets
from commonweal.operations.population.hours import CLOSES, OPENS, later
from commonweal.operations.population.offices import Means, Offices, means
from commonweal.register import Register, load
from commonweal.register.calendars import WorkingCalendar

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "riverland"
NOW = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
READ = load(FOLDER)[0]
MOMENTS = st.datetimes(datetime(2024, 1, 3), datetime(2027, 6, 1), timezones=st.just(UTC))


@pytest.fixture
def riverland() -> Register:
    assert READ is not None
    return READ


def _calendar() -> WorkingCalendar:
    assert READ is not None
    return WorkingCalendar.of(READ.jurisdiction)


def test_an_hour_before_closing_ends_the_next_working_morning() -> None:
    friday = datetime(2026, 11, 6, 16, 30, tzinfo=UTC)
    assert later(_calendar(), friday, 1.0) == datetime(2026, 11, 9, 9, 0, tzinfo=UTC)


@given(MOMENTS, st.floats(0, 400), st.floats(0, 400))
def test_office_hours_fall_into_office_hours_and_add_up(moment: datetime, one: float, two: float) -> None:
    calendar = _calendar()
    done = later(calendar, moment, one)
    assert done >= moment
    assert calendar.is_working(done.date())
    assert OPENS <= done.time() < CLOSES
    assert abs(later(calendar, done, two) - later(calendar, moment, one + two)) < timedelta(seconds=1)


def test_negative_hours_and_naive_moments_are_refused() -> None:
    for moment, hours in ((NOW, -1.0), (NOW.replace(tzinfo=None), 1.0)):
        with pytest.raises(ValueError, match="office hours"):
            later(_calendar(), moment, hours)


def test_arrivals_are_in_order_within_the_days_and_the_same_for_a_seed(riverland: Register) -> None:
    first, again = (list(arrivals(riverland, 400, NOW, 200, random.Random(5))) for _ in range(2))
    assert first == again
    assert [a.moment for a in first] == sorted(a.moment for a in first)
    assert all(NOW - timedelta(days=200) <= a.moment < NOW for a in first)
    assert {a.region for a in first} == {r.id for r in riverland.regions.values() if r.level == "county"}
    assert list(arrivals(riverland, 400, NOW, 200, random.Random(6))) != first


def test_a_service_of_a_bundle_is_applied_for_with_the_bundle(riverland: Register) -> None:
    kinds = targets(riverland)
    assert kinds["having-a-child"] is True
    assert kinds["open-restaurant"] is False
    assert "birth-registration" not in kinds


def test_school_places_are_wanted_in_spring(riverland: Register) -> None:
    found = [a for a in arrivals(riverland, 4000, NOW, 365, random.Random(2)) if a.target == "school-enrolment"]
    spring = sum(a.moment.month in (3, 4, 5) for a in found)
    assert spring > len(found) / 2


def test_highlands_have_fewer_staff(riverland: Register) -> None:
    found = means(riverland, FOLDER)
    group = {name: [found[r.id].staff for r in riverland.regions.values() if r.level == "county" and r.group == name]
             for name in ("delta", "plains", "highlands")}  # fmt: skip
    assert mean(group["delta"]) > mean(group["plains"]) > mean(group["highlands"])
    assert found["stonegate"].staff == pytest.approx(mean(group["highlands"]))


def test_without_the_statistics_the_usual_means_of_a_group_are_taken(riverland: Register, tmp_path: Path) -> None:
    assert means(riverland, tmp_path)["upper-vale"].staff < means(riverland, tmp_path)["old-quay"].staff
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "regional-means.csv").write_text("region,year\nupper-vale,2024\n")
    assert means(riverland, tmp_path)["upper-vale"].staff == 31.0


def test_few_staff_take_longer_and_trays_are_worked_in_order(riverland: Register) -> None:
    step = next(s for s in riverland.services["open-restaurant"].steps if s.id == "licence")
    taken = {}
    for name, staff in (("rich", 70.0), ("poor", 25.0)):
        offices = Offices(_calendar(), {"here": Means(staff)}, random.Random(3))
        taken[name] = offices.decides_at(step, "here", NOW) - NOW
        moments = [offices.decides_at(step, "here", NOW + timedelta(hours=n)) for n in range(50)]
        assert moments == sorted(moments)
    assert taken["poor"] > taken["rich"]


def test_an_office_decides_only_what_is_allowed(riverland: Register) -> None:
    offices = Offices(_calendar(), {"here": Means(40, 40)}, random.Random(3))
    steps = [step for service in riverland.services.values() for step in service.steps if step.by]
    for step in steps:
        decided = {offices.decides(step, "here", 1) for _ in range(60)}
        assert decided <= set(step.allow)
        assert offices.decides(step, "here", 2) in ("accept", "approve")


def test_agenda_gives_the_earliest_first_and_takes_more_meanwhile() -> None:
    agenda: Agenda[str] = Agenda()
    for hour, what in ((3, "c"), (1, "a"), (9, "late")):
        agenda.put(NOW + timedelta(hours=hour), what)
    seen = []
    for moment, what in agenda.until(NOW + timedelta(hours=5)):
        seen.append(what)
        if what == "a":
            agenda.put(moment + timedelta(hours=1), "b")
            agenda.put(moment + timedelta(hours=1), "b2")
    assert seen == ["a", "b", "b2", "c"]
