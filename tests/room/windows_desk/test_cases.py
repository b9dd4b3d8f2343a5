"""One case on the desk: what is shown, what may be done, and what happens when somebody is faster."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from commonweal.core.identity.actor import person_actor
from commonweal.core.identity.models import Person
from commonweal.office.casework import actions, queries
from tests.room.windows_api import flow
from tests.room.windows_api.world import World
from tests.room.windows_desk.conftest import Filed, file

pytestmark = [pytest.mark.room, pytest.mark.django_db]
Desk = Callable[[Person], Client]


def decide(browser: Client, case: str, step: str, act: str, *, revision: int | None = None, **more: Any) -> Any:
    """Send the decision form as the page offers it."""
    if revision is None:
        page = browser.get(f"/desk/cases/{case}").content.decode()
        found = re.search(r'name="revision" value="(\d+)"', page)
        revision = int(found[1]) if found else 1
    body = {"step": step, "act": act, "revision": revision, **more}
    return browser.post(f"/desk/cases/{case}/act", body)


def test_a_case_shows_answers_steps_law_and_history(world: World, filed: Filed, desk: Desk) -> None:
    decide(desk(world.clerk), filed.case, "accept", "accept")
    page = desk(world.examiner).get(f"/desk/cases/{filed.case}").content.decode()
    for words in (
        "Anna&#x27;s Soups",
        "Fire service",
        "Market act",
        "Who sells at a market",
        "Accept: accepted",
        "12 m²",
    ):
        assert words in page, words


def test_only_the_acts_of_ones_own_post_are_offered(world: World, filed: Filed, desk: Desk) -> None:
    clerk = desk(world.clerk).get(f"/desk/cases/{filed.case}").content.decode()
    assert re.findall(r'name="act" value="([a-z-]+)"', clerk) == ["accept", "return"]
    assert desk(world.elsewhere).get(f"/desk/cases/{filed.case}").status_code == 404
    assert desk(world.owner).get(f"/desk/cases/{filed.case}").status_code == 404


def test_a_decision_moves_the_case_on_and_is_said(world: World, filed: Filed, desk: Desk) -> None:
    answer = decide(desk(world.clerk), filed.case, "accept", "accept")
    assert answer.status_code == 302
    assert b"Recorded: accepted" in desk_page(answer, world, desk)
    assert filed.case.encode() in desk(world.examiner).get("/desk/").content
    assert filed.case.encode() in desk(world.inspector).get("/desk/").content


def desk_page(answer: Any, world: World, desk: Desk) -> bytes:
    return answer.client.get(answer["Location"]).content


@pytest.mark.parametrize(
    ("act", "step"), [("return", "accept"), ("refuse", "examine"), ("request-information", "examine")]
)
def test_what_a_person_has_to_live_with_needs_a_note(
    world: World, filed: Filed, desk: Desk, act: str, step: str
) -> None:
    if step == "examine":
        decide(desk(world.clerk), filed.case, "accept", "accept")
    browser = desk(world.clerk if step == "accept" else world.examiner)
    answer = decide(browser, filed.case, step, act, note="  ")
    assert answer.status_code == 422
    assert re.search(rf'value="{act}" checked', answer.content.decode())
    assert 'id="errors"' in answer.content.decode()


def test_a_return_names_the_answers_to_give_again(world: World, filed: Filed, desk: Desk) -> None:
    browser = desk(world.clerk)
    assert decide(browser, filed.case, "accept", "return", note="Which name?", ask=["stall.name"]).status_code == 302
    asked = queries.applicant_case(person_actor(world.owner), filed.case).asked
    assert [(each.keys, each.message) for each in asked] == [(("stall.name",), "Which name?")]
    assert filed.case.encode() in browser.get("/desk/?view=waiting").content
    assert b"The clock has stood still" in browser.get(f"/desk/cases/{filed.case}").content


def test_the_slower_of_two_is_told_who_was_faster_and_keeps_the_note(world: World, filed: Filed, desk: Desk) -> None:
    first, second = desk(world.clerk), desk(world.clerk)
    assert decide(first, filed.case, "accept", "accept", revision=1).status_code == 302
    answer = decide(second, filed.case, "accept", "return", revision=1, note="My long careful note")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Clara already accepted this" in page
    assert "Nothing of yours was done" in page
    assert "My long careful note" in page
    assert queries.applicant_case(person_actor(world.owner), filed.case).asked == ()


def test_two_offices_side_by_side_keep_what_they_typed(world: World, filed: Filed, desk: Desk) -> None:
    decide(desk(world.clerk), filed.case, "accept", "accept")
    assert decide(desk(world.examiner), filed.case, "examine", "approve", revision=2).status_code == 302
    answer = decide(desk(world.inspector), filed.case, "inspect", "approve", revision=2, note="Seen on site")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Examine, approved by Emil" in page
    assert re.search(r'value="approve" checked', page)
    assert ">Seen on site</textarea>" in page
    assert decide(desk(world.inspector), filed.case, "inspect", "approve", note="Seen on site").status_code == 302


def test_nonsense_changes_nothing(world: World, filed: Filed, desk: Desk) -> None:
    browser = desk(world.clerk)
    assert decide(browser, filed.case, "accept", "dance").status_code == 422
    assert decide(browser, filed.case, "accept", "").status_code == 422
    assert decide(browser, filed.case, "examine", "approve").status_code in {404, 409}
    assert (
        browser.post(f"/desk/cases/{filed.case}/act", {"act": "accept", "step": "accept", "revision": "x"}).status_code
        == 409
    )
    assert browser.get(f"/desk/cases/{filed.case}/act").status_code == 405
    assert browser.get("/desk/cases/C-NOTHING").status_code == 404


def test_taking_a_step_on_tells_colleagues_and_can_be_undone(world: World, filed: Filed, desk: Desk) -> None:
    browser = desk(world.clerk)
    take = f"/desk/cases/{filed.case}/steps/accept/take"
    assert browser.post(take).status_code == 302
    assert filed.case.encode() in browser.get("/desk/?view=mine").content
    assert b"taken on by Clara" in browser.get(f"/desk/cases/{filed.case}").content
    browser.post(take, {"back": "1"})
    assert filed.case.encode() not in browser.get("/desk/?view=mine").content


def test_a_file_is_only_ever_saved_and_only_by_those_who_work_the_case(world: World, desk: Desk) -> None:
    owner = person_actor(world.owner)
    draft = actions.start(owner, service="market-stall")
    actions.save(owner, draft.ref, flow.ANSWERS, revision=draft.revision)
    held = actions.attach(owner, draft.ref, "form.plan", SimpleUploadedFile("plan.pdf", flow.PDF))
    actions.submit(owner, draft.ref, token="token-of-mine")
    case = queries.application(owner, draft.ref).cases[0].ref
    assert b"plan.pdf" in desk(world.clerk).get(f"/desk/cases/{case}").content
    answer = desk(world.clerk).get(f"/desk/cases/{case}/files/{held.ref}")
    assert b"".join(answer.streaming_content) == flow.PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert desk(world.elsewhere).get(f"/desk/cases/{case}/files/{held.ref}").status_code == 404


def test_a_case_reads_in_chinese(world: World, filed: Filed, desk: Desk) -> None:
    browser = desk(world.clerk)
    browser.cookies["django_language"] = "zh-hans"
    page = browser.get(f"/desk/cases/{filed.case}").content.decode()
    for words in ("开设市场摊位", "受理", "食品", "消防局"):
        assert words in page
    for words in ("Your decision", "History", "Who has it"):
        assert words not in page


def test_two_steps_of_one_official_can_be_decided_one_by_one(world: World, desk: Desk) -> None:
    filed = file(world, **{"stall.goods": "clothes", "form.fire": None})
    assert decide(desk(world.clerk), filed.case, "accept", "accept").status_code == 302
    page = desk(world.examiner).get(f"/desk/cases/{filed.case}").content.decode()
    assert "Not needed" in page
