"""What holds for every address without looking at what it does: headers, forged forms, and where a `next` may lead."""

from __future__ import annotations

import io
import logging
import re
from typing import Any

import pytest
from django.test import Client

from commonweal.config.redacting import OneLine
from tests.room.authorisation.walking import addresses, filled
from tests.room.windows_api.world import World

pytestmark = [pytest.mark.room, pytest.mark.django_db]
FOR_PROGRAMS = {
    "/openid/token", "/openid/revoke", "/openid/device", "/openid/userinfo",
    "/api/3/action/<str:action>", "/api/action/<str:action>", "/log/witness/add-checkpoint",
    "/trust/ocsp", "/trust/tsa",
}  # fmt: skip
"""Addresses that take a credential of their own and no cookie, so that no browser can be tricked into them."""
CHECK_THEMSELVES = {"/openid/authorize", "/openid/logout"}
"""Other systems may send a person here by a form; what the person is then asked carries a token of its own."""
ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "https:evil.example",
    "javascript:alert(1)", " https://evil.example", "/%09/evil.example/..//evil.example", "http:///evil.example",
]  # fmt: skip


@pytest.fixture
def signed_in(world: World) -> dict[str, Client]:
    """A person and an official, in browsers that send no token with their forms."""
    browsers = {"person": Client(enforce_csrf_checks=True), "official": Client(enforce_csrf_checks=True)}
    browsers["person"].force_login(world.owner)
    browsers["official"].force_login(world.clerk)
    return browsers


@pytest.mark.parametrize("who", ["person", "official"])
def test_a_form_from_another_site_is_refused_everywhere(
    who: str, signed_in: dict[str, Client], fillings: dict[str, dict[str, str]]
) -> None:
    taken = []
    for route in addresses():
        status = signed_in[who].post(filled(route, fillings)).status_code
        if status not in (403, 405) and route not in FOR_PROGRAMS | CHECK_THEMSELVES:
            taken.append(f"{route}: {status}")
    assert taken == []


@pytest.mark.parametrize("who", ["visitor", "person", "official"])
def test_every_answer_carries_the_same_protection(
    who: str, signed_in: dict[str, Client], fillings: dict[str, dict[str, str]], client: Client
) -> None:
    browser = signed_in.get(who, client)
    wrong = []
    for route in addresses():
        answer = browser.get(filled(route, fillings))
        wrong += [f"{route}: {line}" for line in _missing(answer, personal=who != "visitor")]
    assert wrong == []


def _missing(answer: Any, *, personal: bool) -> list[str]:
    policy = answer.headers.get("Content-Security-Policy", "")
    told = []
    if "default-src 'none'" not in policy or "unsafe" in policy:
        told.append(f"policy {policy!r}")
    for name, value in (
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ):
        if answer.headers.get(name) != value:
            told.append(f"{name} {answer.headers.get(name)!r}")
    if "camera=()" not in answer.headers.get("Permissions-Policy", ""):
        told.append("no Permissions-Policy")
    if personal and not answer.streaming and "no-store" not in answer.headers.get("Cache-Control", ""):
        told.append(f"may be kept by a cache: {answer.headers.get('Cache-Control')!r}")
    for name in answer.cookies:
        if answer.cookies[name]["samesite"] not in ("Lax", "Strict"):
            told.append(f"cookie {name} goes to other sites")
    return told


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_address_sends_anybody_to_another_site(target: str, world: World, client: Client) -> None:
    person = {"username": world.owner.username, "password": "correct horse battery"}
    browser = Client()
    browser.force_login(world.owner)
    answers = [
        client.get("/language", {"to": "en", "next": target}),
        browser.post("/hat", {"hat": "person", "next": target}),
        browser.get("/step-up", {"next": target}),
        browser.post("/sign-out", {"next": target}),
        client.post(f"/sign-in?next={target}", person),
        Client().post("/sign-in", {**person, "next": target}),
    ]
    for answer in answers:
        assert re.match(r"/(?![/\\])|$", answer.headers.get("Location", "")), answer.request["PATH_INFO"]


def test_signing_in_writes_no_password_and_no_session_to_the_log(world: World, client: Client) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(OneLine())
    logging.getLogger().addHandler(handler)
    before = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        client.post("/sign-in", {"username": world.owner.username, "password": "not the right one"})
        client.post("/sign-in", {"username": world.owner.username, "password": "correct horse battery"})
        client.get("/applications/A-NOTHING?token=very-secret-token")
    finally:
        logging.getLogger().setLevel(before)
        logging.getLogger().removeHandler(handler)
    told = written.getvalue()
    assert "applications/A-NOTHING" in told
    for secret in ("correct horse battery", "not the right one", "very-secret-token", client.session.session_key):
        assert secret not in told
