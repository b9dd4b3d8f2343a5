"""Any service, any order of acts: no step is lost, no case closes twice, nobody acts who may not, somebody may."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from commonweal.office.casework.engine import STAFF, Act
from tests.hostile.casework.watched import EVERYBODY, Pick, Watched, answers, service
from tests.unit.casework.small import Seat

GAPS = (timedelta(0), timedelta(hours=1), timedelta(hours=5), timedelta(days=1), timedelta(days=4), timedelta(days=40))
KINDS = (*STAFF, "pay", "issue", "supply")


def picking(data: st.DataObject) -> Pick:
    """Choices that Hypothesis can shrink."""
    return lambda options: data.draw(st.sampled_from(options))


class CaseMachine(RuleBasedStateMachine):
    """One case of a made-up service under any acts."""

    @initialize(data=st.data())
    def opens(self, data: st.DataObject) -> None:
        self.case = Watched(service(picking(data)), answers(picking(data)))

    @precondition(lambda self: self.case.state.status != "closed")
    @rule(data=st.data(), often=st.integers(1, 8))
    def goes_on(self, data: st.DataObject, often: int) -> None:
        for _ in range(often):
            act = self.case.go_on(picking(data))
            event(f"act {act.kind if act else None}")

    @rule(kind=st.sampled_from(KINDS), seat=st.sampled_from(EVERYBODY), data=st.data())
    def anybody_tries_anything(self, kind: Any, seat: Seat, data: st.DataObject) -> None:
        step = data.draw(st.sampled_from([*self.case.steps, "no-such-step"]))
        event(f"try {self.case.try_anything(Act(kind, step, seat, 'because'))}")

    @rule(chance=st.integers(0, 9))
    def applicant_withdraws(self, chance: int) -> None:
        if chance == 7 and self.case.ticked().status != "closed":
            self.case.run(Act("withdraw"))
            assert self.case.state.outcome == "withdrawn"

    @rule(gap=st.sampled_from(GAPS), look=st.booleans())
    def time_passes(self, gap: timedelta, look: bool) -> None:
        self.case.wait(gap, look=look)

    @rule()
    def worker_wakes(self) -> None:
        self.case.wake()

    @invariant()
    def holds(self) -> None:
        self.case.check()


TestCase = CaseMachine.TestCase
TestCase.settings = settings(
    max_examples=120, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestCase.pytestmark = [pytest.mark.hostile]


@pytest.mark.hostile
def test_long_lives() -> None:
    """Hypothesis prefers short stories; these walks see long ones, and meet every kind of act and end."""
    seen: Counter[str] = Counter()
    for seed in range(400):
        pick: Pick = random.Random(seed).choice
        case = Watched(service(pick), answers(pick))
        for _ in range(60):
            case.check()
            if case.state.status == "closed":
                break
            _one_move(case, pick, seen)
        seen[str(case.state.outcome)] += 1
    assert not {*KINDS, "granted", "refused", "withdrawn", "wrong-post", "paused", "already-decided"} - set(seen)
    assert seen["acts"] > 1500


def _one_move(case: Watched, pick: Pick, seen: Counter[str]) -> None:
    before = case.acts
    move = pick(("on", "on", "on", "try", "try", "try", "wait", "wait", "wake", "withdraw"))
    if move == "on":
        act = case.go_on(pick)
        seen[act.kind if act else "nothing"] += 1
    elif move == "try":
        kind, step = pick(KINDS), pick([*case.steps, "no-such-step"])
        seen[case.try_anything(Act(kind, step, pick(EVERYBODY), "because"))] += 1
    elif move == "wait":
        case.wait(pick(GAPS[:-1]), look=pick((True, False)))
    elif move == "wake":
        case.wake()
    elif pick(range(12)) == 0 and case.ticked().status != "closed":
        case.run(Act("withdraw"))
    seen["acts"] += case.acts - before
