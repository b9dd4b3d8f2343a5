"""People, seats, and signing in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import login, logout
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from commonweal.core import clock
from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.core.identity import access, queries
from commonweal.core.identity.actions import add_person, appoint, end_appointment, set_password, sign_in
from commonweal.core.identity.actor import SYSTEM, Seat, person_actor, staff_actor
from commonweal.core.identity.models import Holding, Person, SignInFailure
from commonweal.core.journal.models import Event

pytestmark = [pytest.mark.room, pytest.mark.django_db]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOME = {"REMOTE_ADDR": "127.0.0.1"}
GOOD = "a longer pass phrase"


def types() -> list[str]:
    return list(Event.objects.order_by("id").values_list("type", flat=True))


def test_a_person_is_added_with_a_reference_and_an_event() -> None:
    person = add_person(
        SYSTEM, " Ana.Ilves ", "Ana Ilves", password=GOOD, language="zh-hans", birth_date=date(1990, 5, 1),
        home_region="upper-vale",
    )  # fmt: skip
    person = Person.objects.get(ref=person.ref)
    assert person.ref.startswith("P-")
    assert (person.username, person.name, person.language) == ("ana.ilves", "Ana Ilves", "zh-hans")
    assert person.check_password(GOOD)
    event = Event.objects.get()
    assert (event.type, event.subject, event.about) == (
        "identity.person-added.v1", f"person:{person.ref}", person.ref,
    )  # fmt: skip
    assert "Ilves" not in str(event.data)


def test_usernames_differ_by_more_than_capitals() -> None:
    add_person(SYSTEM, "ana", "Ana")
    with pytest.raises(Invalid) as refusal:
        add_person(SYSTEM, "ANA", "Another")
    assert set(refusal.value.fields) == {"username"}
    assert Person.objects.count() == 1
    assert Person.objects.get_by_natural_key("aNa").name == "Ana"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": ""}, "username"), ({"username": "a b"}, "username"), ({"username": "a\x00b"}, "username"),
        ({"username": "x" * 81}, "username"), ({"name": "  "}, "name"), ({"name": "x" * 201}, "name"),
        ({"name": "a\x00b"}, "name"), ({"password": "short"}, "password"), ({"password": "password1234"}, "password"),
        ({"birth_date": date(2999, 1, 1)}, "birth_date"), ({"language": "tlh"}, "language"),
        ({"home_region": "x" * 81}, "home_region"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(changes: dict[str, Any], field: str) -> None:
    arguments = {"username": "ana", "name": "Ana", "password": GOOD, **changes}
    with pytest.raises(Invalid) as refusal:
        add_person(SYSTEM, arguments.pop("username"), arguments.pop("name"), **arguments)
    assert set(refusal.value.fields) == {field}
    assert not Person.objects.exists()


def test_seats_are_held_from_a_moment_until_another() -> None:
    with clock.travel(NOON):
        person = add_person(SYSTEM, "ana", "Ana")
        holding = appoint(SYSTEM, person, "market-regulation/examiner", "upper-vale")
        assert appoint(SYSTEM, person, "market-regulation/examiner", "upper-vale") == holding, "once is enough"
        assert staff_actor(person).posts == {Seat("market-regulation/examiner", "upper-vale")}
        assert person_actor(person).posts == frozenset()
    with clock.travel(NOON + timedelta(days=9)):
        end_appointment(SYSTEM, holding)
        assert staff_actor(person).posts == frozenset()
        with pytest.raises(Refused, match="ended already"):
            end_appointment(SYSTEM, holding)
        appoint(SYSTEM, person, "market-regulation/examiner", "upper-vale")
    assert staff_actor(person, NOON - timedelta(seconds=1)).posts == frozenset()
    assert staff_actor(person, NOON + timedelta(days=8)).posts
    assert queries.holders("market-regulation/examiner", "upper-vale", NOON) == (person,)
    assert queries.holders("market-regulation/examiner", "lower-vale", NOON) == ()
    assert types()[1:] == ["identity.appointed.v1", "identity.appointment-ended.v1", "identity.appointed.v1"]


def test_a_seat_is_not_held_twice_at_a_time() -> None:
    person = add_person(SYSTEM, "ana", "Ana")
    appoint(SYSTEM, person, "a/b", "r")
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(person=person, post="a/b", region="r", since=NOON)


def test_only_the_system_appoints_and_only_oneself_is_seen() -> None:
    ana, ben = add_person(SYSTEM, "ana", "Ana"), add_person(SYSTEM, "ben", "Ben")
    holding = appoint(SYSTEM, ben, "a/b", "r")
    for actor in (person_actor(ana), staff_actor(ben)):
        for act in (lambda: appoint(actor, ana, "a/b", "r"), lambda: end_appointment(actor, holding)):  # noqa: B023
            with pytest.raises(NotAllowed):
                act()
    assert access.person(person_actor(ana), ana.ref) == ana
    assert access.person(SYSTEM, ana.ref) == ana
    for ref in (ben.ref, "P-NOBODY22"):
        with pytest.raises(NotAllowed, match="no such person"):
            access.person(person_actor(ana), ref)
    with pytest.raises(NotAllowed):
        set_password(person_actor(ben), ana, GOOD)
    set_password(person_actor(ana), ana, GOOD)
    assert sign_in(HOME, "Ana", GOOD) == ana
    with pytest.raises(Invalid):
        set_password(person_actor(ana), ana, "short")


def refused(username: str, password: str, address: str = "127.0.0.1") -> str:
    with pytest.raises(Refused) as refusal:
        sign_in({"REMOTE_ADDR": address}, username, password)
    return refusal.value.code


@pytest.mark.parametrize("username", ["ana", "nobody"])
def test_guessing_is_slowed_alike_for_known_and_unknown(username: str) -> None:
    ana = add_person(SYSTEM, "ana", "Ana", password=GOOD)
    with clock.travel(NOON):
        assert [refused(username, f"guess {n}") for n in range(6)] == ["sign-in-failed"] * 5 + ["locked-out"]
        assert refused(username.upper(), GOOD) == "locked-out", "not even with the right password"
        assert sign_in({"REMOTE_ADDR": "192.0.2.7"}, "ana", GOOD) == ana, "the owner elsewhere is not locked out"
    with clock.travel(NOON + timedelta(minutes=14)):
        with pytest.raises(Refused) as refusal:
            sign_in(HOME, username, GOOD)
        assert refusal.value.params == {"minutes": 1}
    with clock.travel(NOON + timedelta(minutes=15, seconds=1)):
        assert sign_in(HOME, "ana", GOOD) == ana


def test_a_success_forgets_the_failures() -> None:
    add_person(SYSTEM, "ana", "Ana", password=GOOD)
    for _ in range(4):
        refused("ana", "guess")
    sign_in(HOME, "ana", GOOD)
    assert not SignInFailure.objects.exists()
    assert refused("ana", "guess") == "sign-in-failed"


def test_failures_are_recorded_without_what_was_typed() -> None:
    refused("my-secret-password-typed-in-the-wrong-box", "x")
    event = Event.objects.get()
    assert event.type == "identity.sign-in-failed.v1"
    assert "secret" not in f"{event.data} {event.subject} {event.actor}"
    assert "127.0.0.1" not in f"{event.data} {event.subject} {event.actor}"


@pytest.mark.parametrize(("username", "password"), [("a\x00b", "x"), ("", ""), ("ana", "x" * 5000), ("ana", "a\x00")])
def test_hostile_sign_ins_fail_like_any_other(username: str, password: str) -> None:
    add_person(SYSTEM, "ana", "Ana", password=GOOD)
    assert refused(username, password) == "sign-in-failed"


def test_the_inactive_and_those_without_a_password_do_not_come_in() -> None:
    ana = add_person(SYSTEM, "ana", "Ana", password=GOOD)
    ana.is_active = False
    ana.save()
    add_person(SYSTEM, "ben", "Ben")
    assert refused("ana", GOOD) == "sign-in-failed"
    assert refused("ben", "") == "sign-in-failed"


def test_coming_and_going_is_recorded() -> None:
    ana = add_person(SYSTEM, "ana", "Ana", password=GOOD)
    request = RequestFactory().get("/")
    request.session, request.user = SessionStore(), ana
    login(request, ana, backend="django.contrib.auth.backends.ModelBackend")
    logout(request)
    logout(request)
    assert types()[1:] == ["identity.signed-in.v1", "identity.signed-out.v1"]
    assert Event.objects.filter(actor=f"person:{ana.ref}").count() == 2


def test_names_and_personas() -> None:
    ana = add_person(SYSTEM, "ana", "Ana", is_demo=True, password="simple")
    add_person(SYSTEM, "simulated", "One of many", is_demo=True)
    ben = add_person(SYSTEM, "ben", "Ben", password=GOOD)
    assert queries.names([ana.ref, ben.ref, "P-NOBODY22"]) == {ana.ref: "Ana", ben.ref: "Ben"}
    assert queries.demo_personas() == (ana,)
