"""A made-up population through the real acts: the same for the same seed, and a sound record afterwards."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from commonweal.core import clock
from commonweal.core.errors import Invalid
from commonweal.core.identity.actor import staff_actor
from commonweal.core.identity.models import Person
from commonweal.core.journal.models import Event
from commonweal.core.journal.verify import verify
from commonweal.office.casework import queries
from commonweal.office.casework.models import Application, Case, Task
from commonweal.operations.simulate import Summary, simulate

from .conftest import TODAY

pytestmark = [pytest.mark.room, pytest.mark.django_db(transaction=True)]
SEEN: dict[str, Summary] = {}
"""What the first of the two equal runs came to, so that each test pays for one run only."""


@pytest.fixture
def summary(prepared: None) -> Summary:
    """Some sixty cases over four weeks."""
    with clock.travel(TODAY):
        return simulate(cases=90, days=28, seed=3)


def _told() -> list[tuple[str, str, str, str]]:
    """Every case without its random reference."""
    rows = Case.objects.order_by("opened_at", "service", "id")
    return [(row.opened_at.isoformat(), row.service, row.region, row.outcome) for row in rows]


def _within_the_days_and_in_working_time() -> None:
    assert Application.objects.filter(started_at__lt=TODAY - timedelta(days=29)).count() == 0
    assert Application.objects.filter(started_at__gt=TODAY).count() == 0
    for decided in Task.objects.filter(status=Task.DONE, decided_by__isnull=False).values_list("decided_at", flat=True):
        assert decided.weekday() < 5
        assert 8 <= decided.hour < 17


def _officials_find_work() -> None:
    waiting = 0
    with clock.travel(TODAY):
        for username in ("clerk", "examiner", "fire", "city", "registrar", "roads"):
            actor = staff_actor(Person.objects.get(username=username))
            waiting += len(queries.inbox(actor, view="due").rows)
    assert waiting >= 6


def _made_up_people_cannot_sign_in() -> None:
    residents = Person.objects.filter(username__startswith="resident-")
    assert residents.exists()
    assert all(person.is_demo and not person.has_usable_password() for person in residents)


def test_an_office_is_lived_in_and_its_record_is_sound(summary: Summary) -> None:
    assert summary.cases == Case.objects.count() >= 45
    outcomes = Counter(Case.objects.values_list("outcome", flat=True))
    assert outcomes["granted"] > 5
    assert not [what for what in summary.told if what.startswith("turned away")]
    report = verify()
    assert report.sound, report.text()
    assert not Event.objects.filter(seq=None).exists()
    SEEN["first"], SEEN["rows"] = summary, _told()  # type: ignore[assignment]
    _within_the_days_and_in_working_time()
    _officials_find_work()
    _made_up_people_cannot_sign_in()


def test_the_same_seed_gives_the_same_course_of_events(summary: Summary) -> None:
    if "first" not in SEEN:
        pytest.skip("needs the test before it")
    assert summary.fingerprint == SEEN["first"].fingerprint
    assert _told() == SEEN["rows"]


@pytest.mark.parametrize(("cases", "days"), [(0, 10), (10, 0), (10, 99_999), (-5, 5)])
def test_numbers_that_make_no_sense_are_refused(prepared: None, cases: int, days: int) -> None:
    with clock.travel(TODAY), pytest.raises(Invalid):
        simulate(cases=cases, days=days, seed=1)


def test_days_before_the_services_were_in_force_are_refused_with_the_most_there_are(prepared: None) -> None:
    with clock.travel(TODAY), pytest.raises(Invalid) as refused:
        simulate(cases=10, days=3000, seed=1)
    assert "at most" in refused.value.message
