"""Signing in, making an account, changing hats."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from commonweal.core.identity.actions import add_person, appoint
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.identity.models import Person
from tests.room.windows_counter.conftest import PASSWORD, text_of, visit

pytestmark = [pytest.mark.room, pytest.mark.django_db]
NEW = {
    "name": "Ana Reed", "username": "ana", "password": "three unrelated words",
    "birth_date.day": "31", "birth_date.month": "3", "birth_date.year": "1986",
}  # fmt: skip


def test_an_account_is_made_and_signed_in(published: Any) -> None:
    client = Client()
    answer = client.post("/account", {**NEW, "next": "/services/open-restaurant"})
    assert answer.url == "/services/open-restaurant"
    assert "My applications" in text_of(client.get(answer.url))
    assert str(Person.objects.get(username="ana").birth_date) == "1986-03-31"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"birth_date.day": "99"}, "Enter your date of birth"),
        ({"password": "short"}, "too short"),
        ({"username": "has space"}, "without spaces"),
        ({"name": " "}, "Give a name"),
        ({"username": "mei"}, "is taken"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(
    mei: Person, changed: dict[str, str], said: str
) -> None:
    answer = Client().post("/account", {**NEW, **changed})
    assert answer.status_code == 422
    assert said in text_of(answer)
    body = answer.content.decode()
    assert 'value="1986"' in body
    assert "three unrelated words" not in body, "a password is never shown back"
    assert Person.objects.filter(username="ana").count() == 0


def test_a_wrong_password_says_what_to_do_in_the_readers_language(mei: Person) -> None:
    answer = visit(language="zh-hans").post("/sign-in", {"username": "mei", "password": "no"})
    assert answer.status_code == 422
    assert "用户名或密码不正确" in text_of(answer)
    for _ in range(4):
        Client().post("/sign-in", {"username": "mei", "password": "no"})
    locked = Client().post("/sign-in", {"username": "mei", "password": PASSWORD})
    assert "Too many attempts" in text_of(locked)


def test_sign_in_never_leads_elsewhere(mei: Person) -> None:
    for trap in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        answer = Client().post("/sign-in", {"username": "mei", "password": PASSWORD, "next": trap})
        assert answer.url == "/applications"


def test_signing_out_ends_the_session(mei: Person) -> None:
    client = visit(mei)
    assert client.get("/sign-out").status_code == 405
    client.post("/sign-out")
    assert client.get("/applications").status_code == 302


def test_demo_people_show_only_on_a_demo(published: Any, settings: Any) -> None:
    add_person(SYSTEM, "clara", "Clara Stone", password="riverland-demo", is_demo=True)
    settings.DEMO = False
    assert "Clara Stone" not in text_of(Client().get("/sign-in"))
    settings.DEMO = True
    assert "Clara Stone" in text_of(Client().get("/sign-in"))


def test_an_official_comes_to_the_desk_and_may_change_hats(mei: Person) -> None:
    appoint(SYSTEM, mei, "one-stop-centre/clerk", "upper-vale")
    client = Client()
    assert client.post("/sign-in", {"username": "mei", "password": PASSWORD}).url == "/desk/"
    assert client.post("/hat", {"hat": "person"}).url == "/"
    assert client.post("/hat", {"hat": "staff"}).url == "/desk/"


def test_nobody_takes_a_hat_they_do_not_hold(mei: Person) -> None:
    client = visit(mei)
    assert client.post("/hat", {"hat": "staff"}).url == "/"
    assert client.session["hat"] == "person"
