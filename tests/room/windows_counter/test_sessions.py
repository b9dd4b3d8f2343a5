"""Sessions over HTTP: second factor, devices, idling, step-up that keeps what was typed, levels at the desk."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from commonweal.core import clock
from commonweal.core.declared import actions as publishing
from commonweal.core.declared import queries as declared
from commonweal.core.identity import actions as identity
from commonweal.core.identity import codes
from commonweal.core.identity.actor import SYSTEM, staff_actor
from commonweal.core.identity.models import Person
from commonweal.core.journal import queries as journal

pytestmark = [pytest.mark.room, pytest.mark.django_db]
PASSWORD = "three quiet rivers"
OFFICE = Path(__file__).resolve().parents[2] / "fixtures" / "office"


@pytest.fixture
def ana() -> Person:
    publishing.publish(SYSTEM, OFFICE)
    return identity.add_person(SYSTEM, "ana", "Ana Reed", password=PASSWORD)


def signed_in(agent: str = "Firefox/1 Windows") -> Client:
    client = Client(headers={"user-agent": agent})
    assert client.post("/sign-in", {"username": "ana", "password": PASSWORD}).status_code == 302
    return client


def code_of(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // codes.PERIOD))


def test_with_a_code_set_up_the_password_alone_opens_nothing(ana: Person) -> None:
    secret = codes.new_secret()
    with clock.travel(clock.now() - timedelta(hours=1)):
        codes.turn_on(ana, secret, code_of(secret))
    client = signed_in()
    assert client.get("/account/security").headers["Location"].startswith("/sign-in")
    assert client.post("/sign-in/second", {"code": "123456"}).status_code == 422
    assert client.post("/sign-in/second", {"code": code_of(secret)}).status_code == 302
    assert client.get("/account/security").status_code == 200
    (event,) = journal.events(None, type_prefix="identity.signed-in.").rows
    assert event.data == {"level": "substantial", "methods": ["password", "totp"]}
    wish = {"username": "ana", "password": PASSWORD, "label": "x"}
    answer = client.post("/api/v1/tokens", wish, content_type="application/json")
    assert answer.status_code == 409, "a program needs the code as well"


def test_a_session_has_a_new_key_after_signing_in_and_after_stepping_up(ana: Person) -> None:
    client = Client()
    client.get("/sign-in/options")
    before = client.session.session_key
    client.post("/sign-in", {"username": "ana", "password": PASSWORD})
    between = client.session.session_key
    answer = client.post("/step-up", {"level": "low", "age": "60", "next": "/account/acting", "password": PASSWORD})
    assert answer.headers["Location"] == "/account/acting"
    assert len({before, between, client.session.session_key}) == 3
    assert client.get("/account/security").status_code == 200


def test_stepping_up_never_leads_to_another_site(ana: Person) -> None:
    answer = signed_in().post("/step-up", {"level": "low", "next": "https://evil.example/", "password": PASSWORD})
    assert answer.headers["Location"] == "/"


def test_one_device_signs_another_out(ana: Person) -> None:
    here, there = signed_in(), signed_in("Chrome/1 Android")
    page = here.get("/account/security").content.decode()
    assert "Firefox · Windows" in page
    assert "Chrome · Android" in page
    assert here.post("/account/security/devices", {"device": "all"}).status_code == 302
    assert there.get("/account/security").status_code == 302
    assert here.get("/account/security").status_code == 200


def test_nobody_signs_a_strangers_device_out(ana: Person) -> None:
    from commonweal.core.identity.models import SignIn

    here = signed_in()
    identity.add_person(SYSTEM, "ben", "Ben Hill", password=PASSWORD)
    stranger = Client()
    stranger.post("/sign-in", {"username": "ben", "password": PASSWORD})
    ref = SignIn.objects.get(person=ana).ref
    assert stranger.post("/account/security/devices", {"device": ref}).status_code == 409
    assert here.get("/account/security").status_code == 200


@pytest.mark.parametrize(("steps", "reason"), [([61], "idle"), ([50] * 10, "time")])
def test_a_session_ends_by_itself(ana: Person, steps: list[int], reason: str) -> None:
    client, now = signed_in(), clock.now()
    for minutes in steps:
        now += timedelta(minutes=minutes)
        with clock.travel(now):
            answer = client.get("/account/security")
    assert answer.status_code == 302
    (event,) = journal.events(None, type_prefix="identity.signed-out.").rows
    assert event.data == {"reason": reason}


def test_ways_to_sign_in_are_changed_only_after_showing_again(ana: Person) -> None:
    client = signed_in()
    with clock.travel(clock.now() + timedelta(minutes=20)):
        answer = client.get("/account/security/passkey")
    assert answer.headers["Location"].startswith("/step-up?level=low&age=900")


def test_a_desk_that_wants_to_be_surer_asks_its_officials(ana: Person, tmp_path: Path) -> None:
    client = at_the_desk(ana)
    assert client.get("/desk/").status_code == 200
    publish_changed(tmp_path, "staff_assurance: low", "staff_assurance: substantial")
    assert client.get("/desk/").headers["Location"].startswith("/step-up?level=substantial")


def test_a_post_has_power_from_its_day_to_its_day(ana: Person) -> None:
    now = clock.now()
    post = "market/examiner"
    holding = identity.appoint(SYSTEM, ana, post, "east-bank", since=now + timedelta(days=1))
    identity.end_appointment(SYSTEM, holding, until=now + timedelta(days=3))
    powers = [bool(staff_actor(ana, now + timedelta(days=days)).posts) for days in (0, 1, 2, 3)]
    assert powers == [False, True, True, False]


def test_a_post_that_the_register_no_longer_has_gives_no_power(ana: Person) -> None:
    identity.appoint(SYSTEM, ana, "abolished/office", "east-bank")
    client = signed_in()
    assert client.get("/desk/").status_code == 404


def at_the_desk(person: Person) -> Client:
    register = declared.current()
    identity.appoint(SYSTEM, person, next(iter(register.posts)), next(iter(register.regions)))
    return signed_in()


def publish_changed(place: Path, old: str, new: str) -> None:
    folder = place / "government"
    shutil.copytree(OFFICE, folder)
    (path,) = [each for each in folder.rglob("*.yaml") if old in each.read_text()]
    path.write_text(path.read_text().replace(old, new))
    publishing.publish(SYSTEM, folder)
