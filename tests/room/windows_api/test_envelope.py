"""What every address does with a request that is not right."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.room.windows_api.world import World

pytestmark = [pytest.mark.room, pytest.mark.django_db]

TOKENS = "/api/v1/tokens"


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "unreadable"),
        (b'{"username": NaN}', "application/json", 400, "unreadable"),
        (b'{"username": "\\u0000", "password": "x"}', "application/json", 400, "unreadable"),
        (b'{"username": "\\ud800", "password": "x"}', "application/json", 400, "unreadable"),
        (b"[" * 100_000, "application/json", 400, "unreadable"),
        (b"\xff\xfe", "application/json", 400, "unreadable"),
        (b"username=olga&password=x", "application/x-www-form-urlencoded", 415, "content-type"),
        (b"<x/>", "text/xml", 415, "content-type"),
        (b'{"username": "' + b"x" * 2_200_000 + b'"}', "application/json", 413, "too-large"),
        (b'{"username": "olga"}', "application/json", 422, "invalid"),
        (b'{"username": "olga", "password": "x", "extra": 1}', "application/json", 422, "invalid"),
        (b"[]", "application/json", 422, "invalid"),
        (b'{"username": 5, "password": {}}', "application/json", 422, "invalid"),
    ],
)
def test_a_body_that_is_not_right(world: World, client: Client, body: bytes, kind: str, status: int, code: str) -> None:
    answer = client.generic("POST", TOKENS, body, content_type=kind)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content
    told = json.loads(answer.content)
    assert told["code"] == code
    assert told["status"] == status
    assert "Traceback" not in answer.content.decode()


def test_field_errors_name_the_field_in_the_readers_language(world: World, client: Client) -> None:
    answer = client.post(
        TOKENS, {"username": "olga"}, content_type="application/json", headers={"Accept-Language": "zh-Hans"}
    )
    (error,) = json.loads(answer.content)["errors"]
    assert error["field"] == "password"
    assert error["pointer"] == "#/password"
    assert error["detail"] == "此项必填"


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/", "/api/v1/services/no-such", "/api/v1/a%00b"])
def test_no_address_is_a_problem_too(world: World, client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in {400, 404}
    assert answer["Content-Type"] == "application/problem+json"


def test_a_wrong_method_says_which_are_right(world: World, client: Client) -> None:
    answer = client.put("/api/v1/services", {}, content_type="application/json")
    assert answer.status_code == 405
    assert "GET" in answer["Allow"]
    assert json.loads(answer.content)["code"] == "method"


def test_a_fault_of_ours_shows_no_trace(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("commonweal.windows.api.said.service_row", broken)
    client.raise_request_exception = False
    answer = client.get("/api/v1/services")
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert b"secret" not in answer.content


def test_head_answers_like_get_without_a_body(world: World, client: Client) -> None:
    assert client.head("/api/v1/services").status_code == 200


def test_answers_are_kept_by_no_cache(world: World, client: Client) -> None:
    assert client.get("/api/v1/services")["Cache-Control"] == "no-store"


def test_the_description_is_openapi_3_1(world: World, client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    ids = [operation["operationId"] for each in described["paths"].values() for operation in each.values()]
    assert len(ids) == len(set(ids))
    for each in described["paths"].values():
        for operation in each.values():
            assert operation["description"], operation["operationId"]
            assert "422" in {str(code) for code in operation["responses"]}


def test_the_reference_is_not_old() -> None:
    from tools.api_reference import PAGE, render

    assert PAGE.read_text(encoding="utf-8") == render(), "run: python -m tools.api_reference"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_reference_page_is_light_and_needs_nothing_from_elsewhere(
    world: World, client: Client, language: str
) -> None:
    page = client.get("/api/v1/reference", headers={"Accept-Language": language})
    assert page.status_code == 200
    assert len(page.content) < 100_000
    assert b"https://" not in page.content.replace(b"https://localhost", b"")
    assert b"submitApplication" in page.content
