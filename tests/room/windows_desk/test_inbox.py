"""What waits for an official, in which order, and finding a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from commonweal.core import clock
from commonweal.core.identity.models import Person
from commonweal.office.casework import actions
from tests.room.windows_api.world import World
from tests.room.windows_desk.conftest import Filed, file

pytestmark = [pytest.mark.room, pytest.mark.django_db]
Desk = Callable[[Person], Client]


def test_strangers_sign_in_first_and_people_see_nothing(world: World, desk: Desk, client: Client) -> None:
    assert client.get("/desk/").status_code == 302
    assert client.get("/desk/")["Location"].startswith("/sign-in?next=")
    assert desk(world.owner).get("/desk/").status_code == 404


def test_an_empty_inbox_says_so(world: World, desk: Desk) -> None:
    assert b"Nothing is waiting for you" in desk(world.clerk).get("/desk/").content


def test_a_new_case_is_in_the_inbox_of_its_post_and_branch_only(world: World, filed: Filed, desk: Desk) -> None:
    assert filed.case.encode() in desk(world.clerk).get("/desk/").content
    for other in (world.elsewhere, world.examiner):
        assert filed.case.encode() not in desk(other).get("/desk/").content


def test_what_is_due_first_is_on_top_and_lateness_is_said_in_words(world: World, desk: Desk) -> None:
    with clock.travel(clock.now() - timedelta(days=14)):
        old = file(world)
    actions.tick()
    new = file(world)
    page = desk(world.clerk).get("/desk/").content.decode()
    assert page.index(old.case) < page.index(new.case)
    assert "Overdue by" in page
    overdue = desk(world.clerk).get("/desk/?view=overdue").content.decode()
    assert old.case in overdue
    assert new.case not in overdue


def test_the_services_of_a_post_can_be_filtered_and_nonsense_is_ignored(world: World, filed: Filed, desk: Desk) -> None:
    browser = desk(world.clerk)
    for query in ("service=market-stall", "service=%00nonsense", "view=nonsense", "service=other&view=due"):
        assert filed.case.encode() in browser.get(f"/desk/?{query}").content, query


def test_a_made_up_cursor_is_refused_with_a_page(world: World, desk: Desk) -> None:
    for cursor in ("nonsense", "W10", "WzFd", "eyJhIjoxfQ", "W251bGwsIG51bGxd", "WyJ4IiwgInkiXQ"):
        answer = desk(world.clerk).get(f"/desk/?cursor={cursor}")
        assert answer.status_code == 422, cursor


def test_a_whole_reference_goes_straight_to_the_case(world: World, filed: Filed, desk: Desk) -> None:
    answer = desk(world.clerk).get("/desk/search", {"q": filed.case.lower()})
    assert answer.status_code == 302
    assert answer["Location"] == f"/desk/cases/{filed.case}"


def test_search_finds_by_applicant_within_ones_own_branch(world: World, filed: Filed, desk: Desk) -> None:
    assert filed.case.encode() in desk(world.clerk).get("/desk/search?q=olga").content
    assert b"No case found" in desk(world.elsewhere).get("/desk/search?q=olga").content
    assert desk(world.clerk).get("/desk/search?q=%25").status_code == 200


def test_a_person_is_seen_through_the_cases_of_ones_office_only(world: World, filed: Filed, desk: Desk) -> None:
    seen = desk(world.clerk).get(f"/desk/people/{world.owner.ref}")
    assert filed.case.encode() in seen.content
    assert desk(world.elsewhere).get(f"/desk/people/{world.owner.ref}").status_code == 404
    assert desk(world.clerk).get(f"/desk/people/{world.stranger.ref}").status_code == 404
