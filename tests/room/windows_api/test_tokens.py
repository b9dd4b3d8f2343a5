"""Tokens: made with a password, kept as a digest, ended at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from commonweal.core import clock
from commonweal.core.journal.models import Event
from commonweal.windows.api.models import ApiToken
from tests.room.windows_api.world import PASSWORD, World

pytestmark = [pytest.mark.room, pytest.mark.django_db]


def test_a_token_opens_and_is_kept_only_as_a_digest(world: World, client: Client) -> None:
    wish = {"username": "olga", "password": PASSWORD, "label": "my script"}
    made = client.post("/api/v1/tokens", wish, content_type="application/json")
    assert made.status_code == 201
    token = made.json()["token"]
    assert token.startswith("cw_")
    kept = ApiToken.objects.get(ref=made.json()["ref"])
    assert token not in str(kept.__dict__)
    listed = client.get("/api/v1/tokens", headers={"Authorization": f"Bearer {token}"}).json()["rows"]
    assert [row["label"] for row in listed] == ["my script"]
    assert "token" not in listed[0]
    assert Event.objects.filter(type="api.token-issued.v1", subject=f"token:{kept.ref}").count() == 1


def test_a_wrong_password_is_a_problem_without_hints(world: World, client: Client) -> None:
    answers = [
        client.post("/api/v1/tokens", {"username": name, "password": "nonsense here"}, content_type="application/json")
        for name in ("olga", "nobody-at-all")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()
    assert answers[0]["Content-Type"] == "application/problem+json"


def test_guessing_is_slowed_down(world: World, client: Client) -> None:
    for _ in range(5):
        client.post("/api/v1/tokens", {"username": "olga", "password": "a guess"}, content_type="application/json")
    right = {"username": "olga", "password": PASSWORD}
    refused = client.post("/api/v1/tokens", right, content_type="application/json")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) >= 60


def test_an_expired_or_revoked_token_opens_nothing(world: World, api: Callable[..., Client]) -> None:
    mine = api(world.owner)
    assert mine.get("/api/v1/tokens").status_code == 200
    with clock.travel(clock.now() + timedelta(days=31)):
        assert mine.get("/api/v1/tokens").status_code == 401
    ref = mine.get("/api/v1/tokens").json()["rows"][0]["ref"]
    assert mine.delete(f"/api/v1/tokens/{ref}").status_code == 204
    refused = mine.get("/api/v1/tokens")
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"].startswith("Bearer")


def test_nobody_revokes_anothers_token(world: World, api: Callable[..., Client]) -> None:
    mine, others = api(world.owner), api(world.stranger)
    ref = mine.get("/api/v1/tokens").json()["rows"][0]["ref"]
    assert others.delete(f"/api/v1/tokens/{ref}").status_code == 404
    assert mine.get("/api/v1/tokens").status_code == 200


def test_a_staff_token_needs_a_seat(world: World, client: Client) -> None:
    wish = {"username": "olga", "password": PASSWORD, "scope": "staff"}
    refused = client.post("/api/v1/tokens", wish, content_type="application/json")
    assert refused.status_code == 409
    assert refused.json()["code"] == "no-seat"


def test_a_session_may_read_but_writes_only_with_its_csrf_token(world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.owner)
    assert browser.get("/api/v1/tokens").status_code == 200
    assert browser.delete("/api/v1/tokens/T-22222222").status_code == 403
    assert browser.delete("/api/v1/tokens/T-22222222").json()["code"] == "forbidden"
