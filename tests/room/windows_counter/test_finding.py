"""Finding a service, reading its guide, and the pages of the footer: without signing in."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.test import Client

from commonweal.core.identity.models import Person
from commonweal.register import Register
from commonweal.windows.counter.views import finding
from tests.room.windows_counter.conftest import begin, send, text_of, visit, walk

pytestmark = [pytest.mark.room, pytest.mark.django_db]

OPEN_PAGES = [
    "/", "/find?q=noodle+shop", "/services", "/services/open-restaurant", "/events/having-a-child", "/sign-in",
    "/account", "/accessibility", "/privacy", "/contact", "/style",
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("page", OPEN_PAGES)
def test_open_pages_are_light_quick_and_plain(published: Register, page: str, language: str) -> None:
    client = visit(language=language)
    client.get(page)
    began = time.perf_counter()
    answer = client.get(page)
    assert time.perf_counter() - began < 0.3
    body = answer.content.decode()
    assert answer.status_code == 200
    assert len(answer.content) < 100_000
    assert not re.search(r"<script(?! src=)|\sstyle=|\son\w+=", body), "the security policy allows nothing inline"
    assert body.count("<h1") == 1
    assert f'lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in body


def test_the_front_page_leads_to_life_events_and_to_what_is_asked_for_often(mei: Person) -> None:
    client = visit(mei)
    assert "/events/having-a-child" in client.get("/").content.decode()
    for service in ("parking-permit", "change-of-address", "parking-permit"):
        ref = begin(client, service)
        walk(client, mei, ref)
        send(client, ref)
    finding._asked_most.cache_clear()
    body = client.get("/").content.decode()
    assert 0 < body.index("/services/parking-permit") < body.index("/services/change-of-address")


@pytest.mark.parametrize(
    ("said", "found"), [("I want to start a noodle shop", "open-restaurant"), ("挖路", "roadworks-permit")]
)
def test_own_words_find_the_service(published: Register, said: str, found: str) -> None:
    body = Client().get("/find", {"q": said}).content.decode()
    assert re.findall(r"/(?:services|events)/([a-z-]+)\"", body)[0] == found


def test_nothing_found_says_what_to_try(published: Register) -> None:
    assert "Try other words" in text_of(Client().get("/find", {"q": "xyzzy"}))


def test_what_is_typed_is_shown_back_harmless(published: Register) -> None:
    assert b"<b>bold" not in Client().get("/find", {"q": "<b>bold</b>"}).content


def test_the_guide_says_what_is_fetched_what_it_costs_and_how_long(published: Register) -> None:
    said = text_of(Client().get("/services/open-restaurant"))
    for words in (
        "We will fetch this for you",
        "200.00",
        "up to 8 working days",
        "Market Regulation Office",
        "Start now",
    ):
        assert words in said
    chinese = text_of(visit(language="zh-hans").get("/services/open-restaurant"))
    for words in ("由我们代您调取", "不超过8个工作日", "开始办理"):
        assert words in chinese


def test_a_bundle_names_each_paper_once_and_every_fee(published: Register) -> None:
    said = text_of(Client().get("/events/having-a-child"))
    assert said.count("Hospital's birth notice") == 1
    assert "We will fetch this for you" in said
    assert "Contribution for the year" in said


@pytest.mark.parametrize("page", ["/services/no-such", "/events/no-such", "/nowhere"])
def test_what_is_not_there_is_a_plain_page(published: Register, page: str) -> None:
    answer = Client().get(page)
    assert answer.status_code == 404
    assert "Page not found" in text_of(answer)


def test_the_list_of_services_turns_its_pages(published: Register, monkeypatch: Any) -> None:
    monkeypatch.setattr(finding, "LISTED", 5)
    seen: list[str] = []
    address = "/services"
    for _ in range(20):
        body = Client().get(address).content.decode()
        seen += re.findall(r"href=\"/services/([a-z0-9-]+)\"", body)
        more = re.search(r'href="(\?cursor=[^"]+)" rel="next"', body)
        if not more:
            break
        address = "/services" + more.group(1)
    assert sorted(seen) == sorted(published.services)


def test_the_language_switch_returns_to_the_same_page_and_nowhere_else(published: Register) -> None:
    client = Client()
    answer = client.get("/language", {"to": "zh-hans", "next": "/services/open-restaurant"})
    assert answer.url == "/services/open-restaurant"
    assert "开办餐饮店" in text_of(client.get(answer.url))
    for trap in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"):
        assert client.get("/language", {"to": "en", "next": trap}).url == "/"


def test_a_browser_that_asks_for_chinese_gets_it(published: Register) -> None:
    assert "您想办什么事" in text_of(Client(headers={"Accept-Language": "zh-CN,zh;q=0.9"}).get("/"))


def test_the_accent_is_a_stylesheet(published: Register) -> None:
    answer = Client().get("/look/accent.css")
    assert answer["Content-Type"].startswith("text/css")
    assert b"--accent:#" in answer.content


def test_before_anything_is_published_the_page_says_so(db: Any) -> None:
    answer = Client().get("/")
    assert answer.status_code == 409
    assert "No services yet" in text_of(answer)
