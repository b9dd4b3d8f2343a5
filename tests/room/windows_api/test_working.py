"""The whole way of a case by program: every office, a return, a payment, what is issued."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from commonweal.core.journal.actions import sequence
from tests.room.windows_api import flow
from tests.room.windows_api.world import World

pytestmark = [pytest.mark.room, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _demo(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]


def test_a_case_goes_all_the_way(world: World, api: Callable[..., Client]) -> None:
    owner, clerk = api(world.owner), api(world.clerk, "staff")
    examiner, inspector = api(world.examiner, "staff"), api(world.inspector, "staff")
    application, case = flow.submitted(owner)
    assert [row["case"] for row in clerk.get("/api/v1/staff/inbox").json()["rows"]] == [case]
    assert flow.act(clerk, case, "accept", "accept").status_code == 200
    assert clerk.get("/api/v1/staff/inbox").json()["rows"] == []
    assert flow.act(examiner, case, "examine", "approve", note="fine").status_code == 200
    assert flow.act(inspector, case, "inspect", "approve").status_code == 200
    (order,) = owner.get(f"/api/v1/cases/{case}").json()["orders"]
    assert (order["status"], order["amount"], order["currency"]) == ("due", 2000, "EUR")
    begun = flow.send(owner, "post", f"/orders/{order['ref']}/payment", {}).json()
    paid = flow.send(owner, "post", f"/orders/{order['ref']}/payment/confirm", {"payload": begun["fields"]})
    assert paid.json()["status"] == "paid"
    tracked = owner.get(f"/api/v1/cases/{case}").json()
    assert (tracked["status"], tracked["outcome"]) == ("closed", "granted")
    assert tracked["outputs"][0]["number"].startswith("S")
    output = owner.get(f"/api/v1/cases/{case}/outputs/permit").json()
    assert output["number"] == tracked["outputs"][0]["number"]
    sequence()
    assert owner.get(f"/api/v1/applications/{application}/receipt").json()["proof"]["checkpoint"]


def test_the_second_of_two_is_told_who_was_first(world: World, api: Callable[..., Client]) -> None:
    clerk = api(world.clerk, "staff")
    _, case = flow.submitted(api(world.owner))
    body = {"step": "accept", "act": "accept", "revision": clerk.get(f"/api/v1/staff/cases/{case}").json()["revision"]}
    assert flow.send(clerk, "post", f"/staff/cases/{case}/acts", body).status_code == 200
    late = flow.send(clerk, "post", f"/staff/cases/{case}/acts", body)
    assert late.status_code == 412
    told = late.json()
    assert (told["by"], told["act"], told["step"]) == ("Clara", "accept", "accept")
    assert told["at"]


def test_a_return_asks_and_the_answer_brings_the_case_back(world: World, api: Callable[..., Client]) -> None:
    owner, clerk = api(world.owner), api(world.clerk, "staff")
    _, case = flow.submitted(owner)
    silent = flow.act(clerk, case, "accept", "return")
    assert (silent.status_code, silent.json()["code"]) == (409, "note-needed")
    returned = flow.act(clerk, case, "accept", "return", note="Which stall?", ask=["stall.name"])
    assert returned.status_code == 200, returned.content
    (asked,) = owner.get(f"/api/v1/cases/{case}").json()["asked"]
    assert (asked["keys"], asked["message"]) == (["stall.name"], "Which stall?")
    answer = flow.send(owner, "post", f"/cases/{case}/supply", {"answers": {"stall.name": "Anna's Other Soups"}})
    assert answer.status_code == 200, answer.content
    assert answer.json()["asked"] == []
    facts = {row["key"]: row["value"] for row in clerk.get(f"/api/v1/staff/cases/{case}").json()["facts"]}
    assert facts["stall.name"] == "Anna's Other Soups"


def test_only_acts_of_ones_post_are_offered_and_done(world: World, api: Callable[..., Client]) -> None:
    clerk, examiner = api(world.clerk, "staff"), api(world.examiner, "staff")
    _, case = flow.submitted(api(world.owner))
    assert clerk.get(f"/api/v1/staff/cases/{case}").json()["acts"] == {"accept": ["accept", "return"]}
    refused = flow.act(clerk, case, "examine", "approve")
    assert refused.status_code in {404, 409}
    assert flow.act(clerk, case, "accept", "accept").status_code == 200
    assert set(examiner.get(f"/api/v1/staff/cases/{case}").json()["acts"]) == {"examine"}


def test_the_applicant_sees_who_read_their_case(world: World, api: Callable[..., Client]) -> None:
    owner, clerk = api(world.owner), api(world.clerk, "staff")
    _, case = flow.submitted(owner)
    clerk.get(f"/api/v1/staff/cases/{case}")
    uses = owner.get("/api/v1/my-data/usage").json()["rows"]
    assert "case-viewed" in {use["code"] for use in uses}
