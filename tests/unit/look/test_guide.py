"""What a guide says of a declared service, and how typed answers travel: pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from commonweal.office.casework.form import Question
from commonweal.register import Register, load
from commonweal.register.models import Text
from commonweal.windows.counter import typed
from commonweal.windows.counter.guide import Guide, guide, law

RIVERLAND = Path(__file__).resolve().parents[3] / "examples" / "riverland"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def register() -> Register:
    loaded, _faults = load(RIVERLAND)
    assert loaded is not None
    return loaded


@pytest.fixture(scope="module")
def restaurant(register: Register) -> Guide:
    return guide(register.bundle("open-restaurant"), TODAY)


def test_papers_a_department_holds_are_marked_and_its_name_given(restaurant: Guide) -> None:
    held = {paper.names[0].say("en"): paper.holder for paper in restaurant.papers}
    assert held["Health certificate"] is not None
    assert held["Health certificate"].say("en") == "Public Health Office"
    assert len(next(paper for paper in restaurant.papers if len(paper.names) == 2).names) == 2


def test_fees_name_their_exemption_and_add_up(restaurant: Guide) -> None:
    assert restaurant.total == Decimal("200.00")
    assert restaurant.fees[0].sometimes_free
    assert restaurant.fees[0].law is not None


def test_stages_are_those_that_somebody_works_in_order(restaurant: Guide) -> None:
    assert restaurant.stages[0].name.say("en") == "Application checked for completeness"
    assert restaurant.stages[0].deadline == "P1D"
    assert not any(stage.name.say("en") == "Fee paid" for stage in restaurant.stages)
    assert restaurant.side_by_side


def test_a_fee_not_yet_in_force_is_not_asked(register: Register) -> None:
    bundle = register.bundle("open-restaurant")
    assert guide(bundle, TODAY).fees
    later = bundle.service.cost[0].model_copy(
        update={"effective": type(bundle.service.effective)(from_=date(2030, 1, 1))}
    )
    changed = bundle.service.model_copy(update={"cost": (later,)})
    object.__setattr__(bundle, "service", changed)
    assert guide(bundle, TODAY).total == 0


def test_law_is_found_by_its_reference(register: Register) -> None:
    bundle = register.bundle("open-restaurant")
    found = law(bundle, "food-act/35")
    assert found is not None
    assert found.article == "35"
    assert law(bundle, None) is None
    assert law(bundle, "no-such-act/1") is None


def test_every_service_of_the_demo_has_a_guide(register: Register) -> None:
    for service in register.services:
        made = guide(register.bundle(service), TODAY)
        assert made.stages, service
        assert made.outputs or not register.services[service].outputs, service


@pytest.mark.parametrize(
    ("kind", "posted", "raw"),
    [
        ("string", {"answer": "  Willow  "}, "Willow"),
        ("boolean", {"answer": "true"}, "true"),
        ("date", {"answer.day": "3", "answer.year": "2026"}, {"day": "3", "month": "", "year": "2026"}),
        ("date", {}, ""),
        ("string", {}, ""),
    ],
)  # fmt: skip
def test_what_is_posted_becomes_a_raw_answer(kind: str, posted: dict[str, str], raw: object) -> None:
    assert typed.raw(_question(kind), posted) == raw


def test_a_saved_answer_fills_its_inputs_again() -> None:
    assert typed.shown(_question("date"), "2026-05-03") == {"year": "2026", "month": "05", "day": "03"}
    assert typed.shown(_question("boolean"), False) == "false"
    assert typed.shown(_question("integer"), 0) == "0"
    assert typed.shown(_question("string"), None) == ""


def test_few_options_are_cards_and_many_are_a_list() -> None:
    few, many = (tuple((str(n), Text({"en": str(n)})) for n in range(count)) for count in (3, 30))
    assert typed.part(_question("code", few)) == "choices"
    assert typed.part(_question("region", many)) == "select"
    assert typed.part(_question("text")) == "field"


def _question(kind: str, options: tuple[tuple[str, Text], ...] = ()) -> Question:
    words = Text({"en": "A"})
    return Question(key="a.b", type=kind, label=words, noun=words, options=options)
