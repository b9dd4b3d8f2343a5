"""What goes together over linked people, and what wrong links do to it."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from commonweal.core.errors import NotAllowed, Refused
from commonweal.core.identity.actions import add_person, appoint
from commonweal.core.identity.actor import SYSTEM, Actor, Seat
from commonweal.knowledge.insight import linked
from commonweal.knowledge.linkage import actions
from tests.room.linkage.conftest import REVIEWER, people

pytestmark = [pytest.mark.room, pytest.mark.django_db]
Declare = Callable[..., Path]


def related(count: int) -> tuple[list[list[object]], list[list[object]]]:
    """People whose value in one register goes with that in the other, r about 0.8."""
    one, other = people(count)
    chance = random.Random(3)
    for a, b in zip(one, other, strict=True):
        shared = chance.gauss(50, 10)
        a[4], b[4] = round(shared + chance.gauss(0, 5)), round(shared + chance.gauss(0, 5))
    return one, other


def test_columns_of_two_registers_are_compared_over_the_people_linked(declare: Declare) -> None:
    declare(*related(120))
    with pytest.raises(NotAllowed):
        linked.together(REVIEWER, "same")
    actions.run("same")
    view = linked.together(REVIEWER, "same")
    (pair,) = view.pairs
    assert pair.why is None
    assert 0.6 < pair.value < 0.95
    assert pair.low < pair.value < pair.high
    assert pair.n % 5 == 0
    assert view.precision is not None
    assert pair.corrected == pytest.approx(min(1, pair.value / view.precision), abs=0.02)
    assert pair.corrected >= pair.value
    assert pair.p_adjusted < 1e-6
    elsewhere = Actor("staff", "P-ELSEWHR", "Elsewhere", frozenset({Seat("other-bureau/clerk", "t")}))
    for stranger in (elsewhere, None):
        with pytest.raises(NotAllowed):
            linked.together(stranger, "same")


def test_few_linked_people_are_not_told_of(declare: Declare) -> None:
    declare(*related(24))
    actions.run("same")
    (pair,) = linked.together(REVIEWER, "same").pairs
    assert pair.why in ("too-few-rows", "too-few-entities")
    assert pair.value is None


def test_a_link_within_one_register_has_nothing_to_compare(declare: Declare) -> None:
    declare(*related(60))
    with pytest.raises(Refused, match="one register"):
        linked.together(REVIEWER, "twins")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page(declare: Declare, language: str) -> None:
    declare(*related(120))
    actions.run("same")
    browser = Client()
    person = add_person(SYSTEM, "rita", "Rita", password="correct horse battery")
    appoint(SYSTEM, person, "bureau/reviewer", "t")
    browser.force_login(person)
    browser.cookies["django_language"] = language
    page = browser.get("/desk/links/same/together").content.decode()
    assert page.count("<h1") == 1
    assert {"en": "an association, not cause", "zh-hans": "是关联，不是因果"}[language] in page
    assert {"en": "Value and Value", "zh-hans": "值与值"}[language] in page
    assert "/desk/links/same/together" in browser.get("/desk/links/same/quality").content.decode()
    assert browser.get("/desk/links/twins/together").status_code in (404, 409)
    assert browser.get("/desk/links/unheard-of/together").status_code == 404
