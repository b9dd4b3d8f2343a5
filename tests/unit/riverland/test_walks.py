"""Every service can be walked to its end, by the posts that are declared for it, within its promise."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from commonweal.core.identity.actor import Seat
from commonweal.office.casework.engine import Act, CaseState, apply, begin, next_due, tick
from commonweal.office.casework.form import questions
from commonweal.operations.population.answers import Draw, answer
from commonweal.register import Register, ServiceBundle

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLERK = Seat("one-stop-centre/clerk", "upper-vale")
SERVICES = (
    "open-restaurant", "roadworks-permit", "birth-registration", "child-social-security-card",
    "child-medical-insurance", "child-tax-deduction", "child-health-record", "family-allowance",
    "change-of-address", "vehicle-registration", "parking-permit", "school-enrolment", "change-of-keeper",
    "lost-plate",
)  # fmt: skip


def _answers(bundle: ServiceBundle, seed: int, **certain: Any) -> dict[str, Any]:
    known = {name.replace("__", "."): value for name, value in certain.items()}
    draw = Draw(random.Random(seed), "upper-vale", NOW.date(), "Demo Person", known)
    return answer(bundle, draw)


def _walk(bundle: ServiceBundle, answers: dict[str, Any]) -> CaseState:
    state, _ = begin(bundle, answers, "upper-vale", NOW)
    steps = {step.id: step for step in bundle.service.steps}
    now = NOW
    while state.status == "open":
        now += timedelta(hours=1)
        name = next(name for name, here in state.steps.items() if here.status == "ready")
        step, here = steps[name], state.steps[name]
        if step.by:
            kind = "accept" if "accept" in step.allow else "approve"
            act = Act(kind, name, Seat(step.by, here.region or ""))  # type: ignore[arg-type]
        else:
            act = Act("pay" if step.pay else "issue", name)
        state, _ = apply(bundle, state, act, answers, now)
    return state


def test_all_services_are_walked(riverland: Register) -> None:
    assert set(SERVICES) == set(riverland.services)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("service", SERVICES)
def test_a_case_is_granted(riverland: Register, service: str, seed: int) -> None:
    bundle = riverland.bundle(service)
    state = _walk(bundle, _answers(bundle, seed))
    assert state.outcome == "granted"
    assert state.closed_at is not None
    assert state.due_at is not None
    assert state.closed_at < state.due_at
    assert all(here.status in ("done", "skipped") for here in state.steps.values())


@pytest.mark.parametrize("service", SERVICES)
def test_made_up_answers_are_those_that_are_asked(riverland: Register, service: str) -> None:
    bundle = riverland.bundle(service)
    for seed in range(20):
        answers = _answers(bundle, seed)
        asked = {question.key: question for question in questions([bundle], answers, NOW.date())}
        assert answers.keys() <= asked.keys()
        assert {key for key, question in asked.items() if question.required} <= answers.keys()


def _ready(state: CaseState) -> set[str]:
    return {name for name, here in state.steps.items() if here.status == "ready"}


def test_restaurant_departments_start_side_by_side(riverland: Register) -> None:
    bundle = riverland.bundle("open-restaurant")
    answers = _answers(bundle, 1, premises__floor_area="420", food__uses_gas=True, food__gas_kind="piped",
                       sign__wanted=True, terrace__wanted=True, premises__storey="ground")  # fmt: skip
    state, _ = begin(bundle, answers, "upper-vale", NOW)
    state, _ = apply(bundle, state, Act("accept", "accept", CLERK), answers, NOW)
    assert _ready(state) == {"licence", "fire", "signage", "terrace", "gas"}
    assert state.steps["fire"].region == "stonegate"


def test_small_restaurant_meets_no_inspector_and_pays_nothing(riverland: Register) -> None:
    bundle = riverland.bundle("open-restaurant")
    answers = _answers(bundle, 1, premises__floor_area="60", premises__storey="ground", food__activity="drinks",
                       food__uses_gas=False, sign__wanted=False, terrace__wanted=False,
                       business__planned_staff=3)  # fmt: skip
    state = _walk(bundle, answers)
    skipped = {name for name, here in state.steps.items() if here.status == "skipped"}
    assert skipped == {"kitchen", "fire", "signage", "terrace", "gas", "fee"}


def test_sign_is_agreed_by_silence_and_trees_never_are(riverland: Register) -> None:
    bundle = riverland.bundle("open-restaurant")
    answers = _answers(bundle, 1, sign__wanted=True, food__uses_gas=False, terrace__wanted=False)
    state, _ = begin(bundle, answers, "upper-vale", NOW)
    state, _ = apply(bundle, state, Act("accept", "accept", CLERK), answers, NOW)
    while state.steps["signage"].status == "ready":
        moment = next_due(bundle, state)
        assert moment is not None
        state, _ = tick(bundle, state, answers, moment)
    assert state.steps["signage"].outcome == "deemed-approved"

    works = riverland.bundle("roadworks-permit")
    outcomes = {step.id: step.overdue for step in works.service.steps if step.by}
    assert outcomes["green"] == "flag"
    assert {name for name, what in outcomes.items() if what == "deem-approved"} == {"networks", "water"}
