"""A national identifier is found by its exact text and read by nobody who has only the database."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from commonweal.core.declared.guarded import SEALED
from commonweal.core.errors import Refused
from commonweal.core.identity import numbers
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.identity.models import PersonNumber
from commonweal.core.trust import suites
from commonweal.office.casework import queries
from commonweal.office.exchange import actions as exchange
from commonweal.office.exchange.models import HeldRecord

from .conftest import MONDAY, World
from .helpers import resident, submitted

pytestmark = [pytest.mark.room, pytest.mark.django_db]
NUMBER = "730042199005"


def hold(person: str, number: str) -> None:
    exchange.hold(SYSTEM, "residents", person, {"number": number, "born": "1990-05-01"}, recorded_at=MONDAY)


def stored(table: str, column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        return [bytes(row[0]).hex() if isinstance(row[0], memoryview | bytes) else str(row[0]) for row in cursor]


def test_the_database_does_not_hold_it_and_the_register_still_answers_with_it(world: World) -> None:
    person = world.person()
    hold(person.id, NUMBER)
    for table, column in (("exchange_heldrecord", "fields"), ("identity_personnumber", "box")):
        kept = stored(table, column)
        assert kept
        assert not any(NUMBER in each or NUMBER.encode().hex() in each for each in kept)
    assert "1990-05-01" in stored("exchange_heldrecord", "fields")[0], "the rest stays as it was"
    assert HeldRecord.objects.get().fields["number"] == NUMBER


def test_two_of_one_number_do_not_look_alike(world: World) -> None:
    for name in ("Ana Reed", "Bo Reed"):
        hold(world.person(name).id, NUMBER)
    assert len(set(stored("exchange_heldrecord", "fields"))) == 2
    assert len(set(stored("identity_personnumber", "box"))) == 2


def test_an_official_finds_the_cases_of_a_person_by_the_whole_number_alone(world: World) -> None:
    ana, other = resident(world), resident(world, "Bo Reed")
    hold(ana.id, NUMBER)
    hold(other.id, "730042199006")
    case = submitted(ana)
    submitted(other)
    clerk = world.staff("front-office/clerk", "east-bank")
    found = queries.search_cases(clerk, f" {NUMBER[:6]} {NUMBER[6:]} ")
    assert [row.case for row in found.rows] == [case.ref]
    assert not queries.search_cases(clerk, NUMBER[:-1]).rows
    elsewhere = world.staff("front-office/clerk", "west-bank")
    assert not queries.search_cases(elsewhere, NUMBER).rows


def test_a_corrected_number_takes_the_place_of_the_old(world: World) -> None:
    person = world.person()
    hold(person.id, NUMBER)
    hold(person.id, "999")
    assert numbers.people_with("applicant.number", NUMBER) == ()
    assert numbers.people_with("applicant.number", "999") == (person.id,)


def test_a_page_shows_the_end_of_a_long_number_and_nothing_of_a_short_one(world: World) -> None:
    person = world.person()
    hold(person.id, NUMBER)
    assert numbers.shown(person.id) == {"applicant.number": "•••••••••005"}
    hold(person.id, "12345")
    assert numbers.shown(person.id) == {"applicant.number": "•••••"}


def test_a_value_put_under_another_key_or_person_is_refused(world: World) -> None:
    ana, bo = world.person(), world.person("Bo Reed")
    hold(ana.id, NUMBER)
    hold(bo.id, "1")
    box = PersonNumber.objects.get(person_id=ana.id).box
    PersonNumber.objects.filter(person_id=bo.id).update(box=box)
    with pytest.raises(suites.Broken):
        numbers.shown(bo.id)
    sealed = next(json.loads(each)["number"] for each in stored("exchange_heldrecord", "fields"))
    assert SEALED in sealed
    HeldRecord.objects.filter(subject=bo.id).update(fields={"born": sealed})
    with pytest.raises(Refused, match="changed or belongs elsewhere"):
        HeldRecord.objects.get(subject=bo.id)


def test_what_was_written_in_clear_before_stays_readable_and_is_closed_when_written_again(world: World) -> None:
    person = world.person()
    hold(person.id, NUMBER)
    clear = json.dumps({"number": NUMBER})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE exchange_heldrecord SET fields = %s", [clear])
    row = HeldRecord.objects.get()
    assert row.fields == {"number": NUMBER}
    row.save()
    assert NUMBER not in stored("exchange_heldrecord", "fields")[0]
