"""The pages about no single case: who may open them, how heavy they are, what they say."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from commonweal.core.identity.models import Person
from commonweal.core.journal.actions import sequence
from tests.room.windows_api.world import World
from tests.room.windows_desk.conftest import Filed

pytestmark = [pytest.mark.room, pytest.mark.django_db]
Desk = Callable[[Person], Client]
PAGES = [
    "/desk/", "/desk/search", "/desk/cockpit", "/desk/findings", "/desk/datasets", "/desk/register",
    "/desk/explore", "/desk/explore/matrix",
    "/desk/register/services/market-stall", "/desk/sandbox", "/desk/sandbox/market-stall",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_official_opens_it_and_nobody_else(world: World, desk: Desk, client: Client, path: str) -> None:
    for official in (world.clerk, world.auditor):
        assert desk(official).get(path).status_code == 200
    assert desk(world.owner).get(path).status_code == 404
    assert client.get(path).status_code == 302


MISSING = [
    "/desk/findings/F-NOTHING", "/desk/findings/F-NOTHING/chart.svg", "/desk/datasets/nothing",
    "/desk/datasets/nothing/download", "/desk/register/services/nothing", "/desk/sandbox/nothing",
    "/desk/cockpit?region=nowhere",
]  # fmt: skip


@pytest.mark.parametrize("path", MISSING)
def test_what_is_not_there_is_a_page(world: World, desk: Desk, path: str) -> None:
    answer = desk(world.clerk).get(path)
    assert answer.status_code == 404
    assert b"<h1" in answer.content


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", PAGES)
def test_pages_are_light_ask_little_and_keep_the_policy(
    world: World, filed: Filed, desk: Desk, path: str, language: str, django_assert_max_num_queries: Any
) -> None:
    browser = desk(world.clerk)
    browser.cookies["django_language"] = language
    browser.get(path)
    with django_assert_max_num_queries(25):
        page = browser.get(path).content.decode()
    assert len(page.encode()) < 100_000
    assert "style=" not in page
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"\son[a-z]+=", page)


def test_the_journal_is_for_the_audit_office_and_shows_no_personal_data(world: World, filed: Filed, desk: Desk) -> None:
    assert desk(world.clerk).get("/desk/journal").status_code == 404
    assert b"/desk/journal" not in desk(world.clerk).get("/desk/").content
    page = desk(world.auditor).get("/desk/journal").content.decode()
    assert "casework.case-opened.v1" in page
    assert "Anna" not in page
    assert "Olga" not in page


def test_the_journal_narrows_by_subject_and_kind(world: World, filed: Filed, desk: Desk) -> None:
    browser = desk(world.auditor)
    page = browser.get("/desk/journal", {"subject": f"case:{filed.case}"}).content.decode()
    assert "casework.case-opened.v1" in page
    assert "identity.person-added.v1" not in page
    assert "No such event" in browser.get("/desk/journal?type=nothing").content.decode()
    assert browser.get("/desk/journal?cursor=nonsense").status_code == 422
    assert browser.get("/desk/journal?subject=%00").status_code == 200


def test_the_auditor_checks_the_record_in_the_browser(world: World, filed: Filed, desk: Desk) -> None:
    sequence()
    assert "The record is sound" in desk(world.auditor).post("/desk/journal").content.decode()
    assert desk(world.clerk).post("/desk/journal").status_code == 404


def test_the_register_says_what_is_in_force_and_what_changed(world: World, desk: Desk) -> None:
    page = desk(world.clerk).get("/desk/register").content.decode()
    assert "Open a market stall" in page
    assert "Publication 1" in page
    assert "New: market-stall" in page


def test_practice_goes_all_the_way_and_records_nothing(world: World, desk: Desk) -> None:
    from commonweal.core.journal.models import Event

    browser = desk(world.clerk)
    before = Event.objects.count()
    page = "/desk/sandbox/market-stall"
    browser.post(page, {"do": "begin", "stall.goods": "food", "stall.area": "12"})
    for do, step in [("accept", "accept"), ("day", ""), ("approve", "examine"), ("approve", "inspect"), ("pay", "fee"),
                     ("issue", "issue")]:  # fmt: skip
        answer = browser.post(page, {"do": do, "step": step})
        assert answer.status_code == 302, (do, answer.content.decode())
    assert "Case closed: Granted" in browser.get(page).content.decode()
    assert Event.objects.count() == before
    browser.post(page, {"do": "again"})
    assert "Begin the practice case" in browser.get(page).content.decode()


def test_practice_refuses_what_cannot_be(world: World, desk: Desk) -> None:
    browser = desk(world.clerk)
    page = "/desk/sandbox/market-stall"
    browser.post(page, {"do": "begin"})
    for do, step in [("approve", "examine"), ("pay", "fee"), ("dance", ""), ("accept", "nothing"), ("supply", "")]:
        assert browser.post(page, {"do": do, "step": step}).status_code == 409, do
