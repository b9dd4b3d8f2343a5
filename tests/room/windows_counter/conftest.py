"""Riverland as declared, two people, and a visitor that walks through pages as a person does: by what they show."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from commonweal.core.declared.actions import publish
from commonweal.core.identity.actions import add_person, appoint
from commonweal.core.identity.actor import SYSTEM, Actor, person_actor, staff_actor
from commonweal.core.identity.models import Person
from commonweal.office.casework import queries
from commonweal.office.exchange.actions import hold
from commonweal.register import Register, load

RIVERLAND = Path(__file__).resolve().parents[3] / "examples" / "riverland"
PASSWORD = "correct horse battery"
ANSWERS: dict[str, Any] = {
    "premises.floor_area": "120",
    "food.uses_gas": "false",
    "sign.wanted": "false",
    "terrace.wanted": "false",
    "business.planned_staff": "20",
}
"""Answers that matter; every other question is answered by its own example or its first option."""
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(scope="session")
def riverland() -> Register:
    register, faults = load(RIVERLAND)
    assert register is not None, faults
    return register


@pytest.fixture
def published(db: Any, riverland: Register) -> Register:
    publish(SYSTEM, riverland)
    return riverland


def _person(username: str, **more: Any) -> Person:
    from datetime import date

    return add_person(
        SYSTEM, username, username.title(), password=PASSWORD, birth_date=date(1990, 5, 1),
        home_region=more.pop("home_region", "upper-vale"), **more,
    )  # fmt: skip


@pytest.fixture
def mei(published: Register) -> Person:
    """Somebody the civil registry knows, as it knows every resident."""
    person = _person("mei")
    resident = {
        "person": person.ref, "identity_number": "RV-1990-000001", "full_name": "Mei", "birth_date": "1990-05-01",
        "region": "upper-vale",
    }  # fmt: skip
    hold(SYSTEM, "resident-register", person.ref, resident, region="upper-vale")
    return person


@pytest.fixture
def other(published: Register) -> Person:
    return _person("other")


@pytest.fixture
def official(published: Register) -> Callable[[str, str], Actor]:
    """Seat somebody in a post: `official("one-stop-centre/clerk", "upper-vale")`."""

    def seat(post: str, region: str) -> Actor:
        person = _person(f"{post}-{region}".replace("/", "-"))
        appoint(SYSTEM, person, post, region)
        return staff_actor(person)

    return seat


def visit(person: Person | None = None, language: str = "en") -> Client:
    """A browser, signed in through the page a person uses."""
    client = Client()
    client.cookies["django_language"] = language
    if person is not None:
        answer = client.post("/sign-in", {"username": person.username, "password": PASSWORD})
        assert answer.status_code == 302, answer.content
    return client


def text_of(response: Any) -> str:
    """What a page says, without its markup."""
    body = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def hidden(response: Any, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', response.content.decode())
    assert found, f"no hidden {name}"
    return html.unescape(found.group(1))


def begin(client: Client, service: str = "open-restaurant", kind: str = "services") -> str:
    """Press Start; returns the draft's reference."""
    answer = client.post(f"/{kind}/{service}/start", {"go": "1"})
    assert answer.status_code == 302, answer.content
    return answer.url.rsplit("/", 1)[1]


def answer_for(question: Any) -> dict[str, str]:
    """What a sensible person answers."""
    if question.key in ANSWERS:
        return {"answer": ANSWERS[question.key]}
    if question.type == "date":
        return {"answer.day": "3", "answer.month": "5", "answer.year": "2026"}
    if question.options:
        return {"answer": question.options[0][0]}
    by_type = {
        "boolean": "false", "integer": "3", "decimal": "12.5", "money": "10.00", "year": "2020",
        "email": "mei@example.org", "phone": "+1 555 010 9999",
    }  # fmt: skip
    return {"answer": question.example or by_type.get(question.type, "Willow Lane 4")}


def walk(client: Client, person: Person, ref: str, *, until: str = "") -> str:
    """Answer page after page until the check page, or until the question `until`; returns the address reached."""
    address = client.get(f"/applications/{ref}").url
    for _ in range(80):
        if address.endswith("/check") or (until and address.endswith(f"/q/{until}")):
            return address
        view = queries.application(person_actor(person), ref)
        kind, _, key = address.removeprefix(f"/applications/{ref}/").partition("/")
        if kind == "paper":
            paper = next(each for each in view.papers if each.requirement == key)
            posted: dict[str, Any] = {f"evidence.{paper.evidence[0][0]}": pdf()}
        else:
            question = next(each for each in view.questions if each.key == key)
            posted = {} if question.type == "file" else {**answer_for(question), "revision": str(view.revision)}
            if question.type == "file" and question.required:
                posted = {"answer": pdf()}
        answer = client.post(address, posted)
        assert answer.status_code == 302, (address, posted, text_of(answer)[:600])
        address = answer.url
    raise AssertionError("the walk never ended")


def pdf(name: str = "lease.pdf", content: bytes = PDF) -> Any:
    """A small file to hand in."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content, content_type="application/pdf")


def send(client: Client, ref: str) -> Any:
    """Press Send on the check page."""
    page = client.get(f"/applications/{ref}/check")
    answer = client.post(f"/applications/{ref}/submit", {"token": hidden(page, "token")})
    assert answer.status_code == 302, text_of(answer)[:800]
    return answer
