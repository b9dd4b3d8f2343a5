"""Money handed over at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from commonweal.core.identity.actor import person_actor
from commonweal.core.identity.models import Person
from commonweal.office.casework import queries
from tests.room.windows_api.world import World
from tests.room.windows_desk.conftest import Filed
from tests.room.windows_desk.test_cases import decide

pytestmark = [pytest.mark.room, pytest.mark.django_db]
Desk = Callable[[Person], Client]


@pytest.fixture
def payable(world: World, filed: Filed, desk: Desk) -> Filed:
    decide(desk(world.clerk), filed.case, "accept", "accept")
    decide(desk(world.examiner), filed.case, "examine", "approve")
    decide(desk(world.inspector), filed.case, "inspect", "approve")
    return filed


def test_a_payment_is_recorded_once_by_its_receipt(world: World, payable: Filed, desk: Desk) -> None:
    browser = desk(world.clerk)
    assert browser.get("/desk/till", {"q": payable.case.lower()})["Location"].endswith(f"{payable.case}/payment")
    page = browser.get(f"/desk/cases/{payable.case}/payment").content.decode()
    assert "€20.00" in page
    order = queries.applicant_case(person_actor(world.owner), payable.case).orders[0].ref
    bad = browser.post(f"/desk/cases/{payable.case}/payment", {"order": order, "receipt": "?"})
    assert bad.status_code == 422
    assert b"Enter the number of the receipt" in bad.content
    for _ in range(2):
        browser.post(f"/desk/cases/{payable.case}/payment", {"order": order, "receipt": "R-2026-7"})
    case = queries.applicant_case(person_actor(world.owner), payable.case)
    assert (case.status, case.outcome, case.orders[0].status) == ("closed", "granted", "paid")
    assert len(case.outputs) == 1


def test_only_an_office_that_takes_money_sees_the_till(world: World, payable: Filed, desk: Desk) -> None:
    assert desk(world.examiner).get("/desk/till").status_code == 404
    assert desk(world.examiner).get(f"/desk/cases/{payable.case}/payment").status_code == 404
    assert b"/desk/till" not in desk(world.examiner).get("/desk/").content


def test_nothing_due_is_said(world: World, filed: Filed, desk: Desk) -> None:
    assert b"Nothing is to be paid" in desk(world.clerk).get("/desk/till", {"q": "C-NOTHING"}).content
    answer = desk(world.clerk).post(f"/desk/cases/{filed.case}/payment", {"order": "O-1", "receipt": "R-1"})
    assert answer.status_code == 404
