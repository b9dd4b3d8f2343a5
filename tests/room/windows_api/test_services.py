"""What the government offers, read by a program."""

from __future__ import annotations

import jsonschema
import pytest
from django.test import Client

from tests.room.windows_api.world import World

pytestmark = [pytest.mark.room, pytest.mark.django_db]


def test_anybody_lists_services_in_their_language(world: World, client: Client) -> None:
    english = client.get("/api/v1/services").json()["rows"]
    chinese = client.get("/api/v1/services", headers={"Accept-Language": "zh-Hans"}).json()["rows"]
    assert english[0]["name"] == "Open a market stall"
    assert chinese[0]["name"] == "开设市场摊位"
    assert english[0]["authority"] == {"id": "markets", "name": "Market office"}


def test_search_takes_ones_own_words(world: World, client: Client) -> None:
    assert [row["id"] for row in client.get("/api/v1/services?q=sell+at+a+stall").json()["rows"]] == ["market-stall"]
    assert client.get("/api/v1/services?q=xylophone").json()["rows"] == []


def test_a_service_says_everything_a_form_needs(world: World, client: Client) -> None:
    said = client.get("/api/v1/services/market-stall").json()
    assert [question["key"] for question in said["questions"]][:2] == ["stall.name", "stall.place"]
    assert {option["code"] for option in said["questions"][3]["options"]} == {"food", "clothes"}
    assert [(step["id"], step["nature"]) for step in said["steps"]][-2:] == [("fee", "pay"), ("issue", "output")]
    assert said["cost"][0]["amount"] == "20.00"
    assert said["legal"][0]["text"].startswith("Who sells")


def test_the_schema_of_the_answers_holds_good_answers_and_refuses_bad(world: World, client: Client) -> None:
    schema = client.get("/api/v1/services/market-stall").json()["answers_schema"]
    jsonschema.Draft202012Validator.check_schema(schema)
    good = {"stall.name": "Soups", "stall.place": "north", "stall.area": 12, "stall.goods": "food", "form.fire": True}
    checker = jsonschema.Draft202012Validator(schema)
    assert checker.is_valid(good)
    for change in ({"stall.area": "big"}, {"stall.goods": "gold"}, {"stall.area": 501}, {"unasked": 1}):
        assert not checker.is_valid({**good, **change}), change


def test_life_events_name_their_services(world: World, client: Client) -> None:
    (event,) = client.get("/api/v1/life-events").json()["rows"]
    assert event["bundle"] is True
    assert event["services"] == [{"id": "market-stall", "name": "Open a market stall"}]
    assert client.get("/api/v1/life-events/nothing").status_code == 404


def test_pages_follow_the_cursor_and_refuse_a_made_up_one(world: World, client: Client) -> None:
    for cursor in ("nonsense", "W10", "WyJ4Il0", "bnVsbA", "W3t9XQ", "%00", "W" * 401):
        refused = client.get(f"/api/v1/services?cursor={cursor}")
        assert refused.status_code in {400, 422}, cursor
        assert refused["Content-Type"] == "application/problem+json"
