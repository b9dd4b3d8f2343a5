"""Departments answer each other under an article, tell no more than is read, and the person sees that they did."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid, NotAllowed
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.journal.models import Event
from commonweal.office.exchange import actions, queries

from .conftest import MONDAY, World

pytestmark = [pytest.mark.room, pytest.mark.django_db]


def bundle():
    return declared.current_version("open-stall").bundle


@pytest.fixture
def ana(world: World):
    person = world.person()
    actions.hold(SYSTEM, "residents", person.id, {"number": "0042", "born": "1990-05-01"}, recorded_at=MONDAY)
    return person


def fetch(person: str, case: str = "C-TEST"):
    with transaction.atomic():
        return actions.fetch(SYSTEM, "residence", person, case_ref=case, bundle=bundle())


def test_a_fetch_tells_what_the_service_reads_and_no_more(ana):
    evidence = fetch(ana.id)
    assert evidence is not None
    assert evidence.facts == {"applicant.birth_date": "1990-05-01"}  # the number is held but not read
    assert (evidence.provider, evidence.legal) == ("registry", "registry-act/7")


def test_the_person_sees_who_asked_what_for_and_under_which_article(ana):
    fetch(ana.id)
    row = queries.usage(ana, ana.id).rows[0]
    assert (row.code, row.provider, row.organisation, row.service, row.case, row.legal) == (
        "evidence-fetched", "registry", "market-office", "open-stall", "C-TEST", "registry-act/7",
    )  # fmt: skip
    assert row.elements == ("applicant.birth_date",)


def test_the_event_holds_no_values(ana):
    fetch(ana.id)
    event = Event.objects.get(type="exchange.evidence-fetched.v1")
    assert "1990" not in str(event.data)


def test_nobody_else_reads_what_is_held_or_who_used_it(ana, world):
    for stranger in (world.person("Ben Fen"), world.staff("registry/keeper", "marsh")):
        with pytest.raises(NotAllowed):
            queries.usage(stranger, ana.id)
        with pytest.raises(NotAllowed):
            queries.held_for(stranger, ana.id)


def test_a_person_reads_what_departments_hold_about_them_in_pages(ana):
    actions.hold(SYSTEM, "residents", ana.id, {"number": "0043", "born": "1990-05-01"}, recorded_at=MONDAY)
    first = queries.held_for(ana, ana.id, limit=1)
    second = queries.held_for(ana, ana.id, first.next, limit=1)
    assert [first.rows[0].facts["applicant.number"], second.rows[0].facts["applicant.number"]] == ["0043", "0042"]
    assert second.next is None


def test_without_a_record_there_is_no_answer_and_no_event(world):
    assert fetch(world.person().id) is None
    assert not Event.objects.filter(type="exchange.evidence-fetched.v1").exists()


def test_an_old_or_expired_record_does_not_answer(world):
    person = world.person()
    old = MONDAY - timedelta(days=365 * 6)
    actions.hold(SYSTEM, "residents", person.id, {"born": "1990-05-01"}, recorded_at=old)
    with clock.travel(MONDAY):
        assert fetch(person.id) is None
    actions.hold(SYSTEM, "residents", person.id, {"born": "1990-05-01"}, recorded_at=MONDAY, valid_until=MONDAY)
    with clock.travel(MONDAY + timedelta(days=1)):
        assert fetch(person.id) is None


def test_the_newest_valid_record_answers(ana):
    actions.hold(SYSTEM, "residents", ana.id, {"number": "0042", "born": "1991-05-01"}, recorded_at=MONDAY)
    assert fetch(ana.id).facts == {"applicant.birth_date": "1991-05-01"}


def test_no_article_in_force_no_answer(ana):
    from datetime import date

    from commonweal.office.exchange.lawful import legal_basis

    version = bundle()
    dataset, evidence = version.datasets["residents"], version.evidence["residence"]
    assert legal_basis(version, dataset, evidence, date(2026, 3, 2)) == "registry-act/7"
    assert legal_basis(version, dataset, evidence, date(2019, 3, 2)) is None


def test_the_guide_can_say_what_is_fetched_and_what_is_uploaded(ana, world):
    assert queries.answerable(bundle(), ana.id) == {"residence": "residents", "lease": None, "deed": None}
    assert queries.answerable(bundle(), world.person("Ben Fen").id)["residence"] is None
    assert queries.answerable(bundle(), None)["residence"] == "residents"


def test_only_the_department_that_keeps_a_register_writes_in_it(world):
    person = world.person()
    keeper = world.staff("registry/keeper", "marsh")
    actions.hold(keeper, "residents", person.id, {"born": "1990-05-01"})
    for other in (person, world.staff("front-office/clerk", "east-bank")):
        with pytest.raises(NotAllowed):
            actions.hold(other, "residents", person.id, {"number": "8"})


def test_a_record_that_does_not_fit_names_its_columns(world):
    with pytest.raises(Invalid) as refusal:
        actions.hold(SYSTEM, "residents", world.person().id, {"colour": "red"})
    assert set(refusal.value.fields) == {"colour", "born"}
