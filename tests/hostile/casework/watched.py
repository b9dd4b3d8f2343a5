"""A case of a made-up service that checks, at each act, everything that acts must keep."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from commonweal.office.casework.engine import (
    Act,
    CaseClosed,
    CaseState,
    IllegalAct,
    Overdue,
    PaymentDue,
    StepDecided,
    StepReady,
    allowed,
    apply,
    begin,
    next_due,
    tick,
)
from commonweal.register.register import ServiceBundle
from commonweal.register.rules import Rules
from tests.unit.casework.small import NOW, Seat, bundle

Pick = Callable[[Sequence[Any]], Any]
"""Chooses one of several: a strategy's draw, or a seeded generator's choice."""

CONDITIONS = (None, None, "form.a", "!form.a", "form.a || form.b", "form.n >= 10", "form.n < 10 && form.b")
FORM = (
    {"id": "a", "type": "boolean", "label": {"en": "A", "zh-hans": "甲"}},
    {"id": "b", "type": "boolean", "label": {"en": "B", "zh-hans": "乙"}},
    {"id": "n", "type": "integer", "label": {"en": "N", "zh-hans": "丙"}},
)
DEADLINES = (None, "P1D", "P3D", "P1W", "PT4H", "P1DT2H", "P1M")
SUPERVISING = {"hall": "hall/head", "fire": "fire/chief"}
POSTS = ("hall/clerk", "hall/head", "fire/inspector", "fire/chief")
EVERYBODY = tuple(Seat(post, region) for post in POSTS for region in ("province", "city", "north", "south"))
ASKING = ("return", "request-information")


def service(pick: Pick) -> ServiceBundle:
    """A service whose steps form any graph without circles, with fees, outputs, deadlines and conditions."""
    steps: list[dict[str, Any]] = []
    costs: list[dict[str, Any]] = []
    for number in range(pick(range(1, 10))):
        earlier = [step["id"] for step in steps]
        after = list(dict.fromkeys(pick(earlier) for _ in range(pick(range(4))))) if earlier else []
        step = {"id": f"s{number}", "after": after, "deadline": pick(DEADLINES)}
        condition, nature = pick(CONDITIONS), pick(("work", "work", "work", "pay", "output"))
        if nature == "work":
            step["by"] = pick(("hall/clerk", "fire/inspector"))
            step["allow"] = [
                pick(("accept", "approve")),
                *(k for k in ("refuse", *ASKING) if pick((True, True, False))),
            ]
            step["overdue"] = pick(("flag", "escalate", "deem-approved"))
        elif nature == "pay":
            exempt = pick(CONDITIONS)
            cost = {"id": f"c{number}", "amount": pick(("0.00", "12.50", "200.00"))}
            costs.append(cost | ({"exempt_when": exempt} if exempt else {}))
            step["pay"] = [f"c{number}"]
        else:
            step["output"] = f"paper-{number}"
        steps.append(step | ({"when": condition} if condition else {}))
    deadline = {
        "total": pick(("P7D", "P2W", "PT30H")),
        "calendar": pick(("working-days", "calendar-days")),
        "paused_by": [reason for reason in (*ASKING, "payment") if pick((True, False))],
    }
    return bundle(steps, form=FORM, cost=costs, **({"deadline": deadline} if pick((True, True, False)) else {}))


def answers(pick: Pick) -> dict[str, Any]:
    """Some answers; one that is missing makes a condition unknown."""
    given = {"form.a": pick((None, True, False)), "form.b": pick((None, True, False)), "form.n": pick((None, 9, 10))}
    return {key: value for key, value in given.items() if value is not None}


class Watched:
    """One case and what it went through. Every method asserts; `check` after each of them."""

    def __init__(self, of: ServiceBundle, given: dict[str, Any]) -> None:
        self.service, self.answers, self.now = of, given, NOW
        self.steps = {step.id: step for step in of.service.steps}
        self.decided: dict[str, str] = {}
        self.closed: list[CaseClosed] = []
        self.acts = 0
        self.state, events = begin(of, given, "north", NOW)
        assert self.state.revision == 1
        self._events(self.state, events)

    def ticked(self) -> CaseState:
        """The state once what fell due by now has happened."""
        return tick(self.service, self.state, self.answers, self.now)[0]

    def possible(self, pick: Pick) -> list[Act]:
        """Everything that may be done now; refusals only now and then, or few cases would live long."""
        state, refuse = self.ticked(), pick(range(8)) == 7
        acts = [Act("supply", step) for step in (None, *(pause.step for pause in state.pauses)) if state.pauses]
        for name, step in self.steps.items():
            if state.status != "closed" and state.steps[name].status == "ready" and not step.by:
                acts.append(Act("pay" if step.pay else "issue", name, actor="system:worker"))
        for name, kinds in allowed(self.service, state, EVERYBODY).items():
            seats = [seat for seat in EVERYBODY if name in allowed(self.service, state, [seat])]
            for kind in kinds:
                asked = ("form.a",) if kind in ASKING else ()
                if kind != "refuse" or refuse:
                    acts += [Act(kind, name, seat, "because", asked, "staff:P-1") for seat in seats]
        return acts

    def go_on(self, pick: Pick) -> Act | None:
        """Do one of the acts that anybody may do now, with new answers where the applicant gives them."""
        acts = self.possible(pick)
        if not acts:
            return None
        act = pick(acts)
        self.run(act, answers(pick) if act.kind == "supply" else None)
        return act

    def try_anything(self, act: Act) -> str:
        """Try an act that may be out of place; what the state table says is what happens. Returns how it went."""
        if self.permits(act):
            self.run(act)
            return "done"
        kept = self.state.to_dict()
        with pytest.raises(IllegalAct) as refused:
            apply(self.service, self.state, act, self.answers, self.now)
        assert self.state.to_dict() == kept, "a refused act changes nothing"
        assert (refused.value.code == "closed") == (self.ticked().status == "closed")
        return refused.value.code

    def permits(self, act: Act) -> bool:
        """The state table of docs/explanation/case-engine.md, told a second way."""
        state, step = self.ticked(), self.steps.get(act.step or "")
        if state.status == "closed" or act.kind in ("withdraw", "supply"):
            asked = any(act.step in (None, pause.step) for pause in state.pauses)
            return state.status != "closed" and (act.kind == "withdraw" or asked)
        if step is None or state.steps[step.id].status != "ready":
            return False
        if act.kind in ("pay", "issue"):
            return bool(step.pay if act.kind == "pay" else step.output)
        if step.by is None or act.seat is None or act.kind not in step.allow:
            return False
        if any(pause.kind == "return" or pause.step == step.id for pause in state.pauses):
            return False
        organisation = step.by.split("/")[0]
        may = {step.by, SUPERVISING[organisation]} if state.steps[step.id].escalated else {step.by}
        return act.seat.post in may and act.seat.region == {"hall": "north", "fire": "city"}[organisation]

    def run(self, act: Act, given: dict[str, Any] | None = None) -> None:
        """Do an act that is permitted, from the state as the database would give it back."""
        before = CaseState.from_dict(json.loads(json.dumps(self.state.to_dict())))
        given = self.answers if given is None else given
        after, events = apply(self.service, before, act, given, self.now)
        assert (after, events) == apply(self.service, self.state, act, given, self.now), "the same act, twice"
        assert before == self.state, "a state never changes"
        self.answers = given
        self._take(after, events)

    def wait(self, gap: timedelta, *, look: bool = True) -> None:
        """Let time pass; with `look`, the worker comes by at the end of it."""
        self.now += gap
        if not look:
            return
        after, events = tick(self.service, self.state, self.answers, self.now)
        if after is self.state:
            assert not events
        else:
            self._take(after, events)
        assert tick(self.service, after, self.answers, self.now) == (after, ()), "time that has passed passes once"

    def wake(self) -> None:
        """The worker comes at the moment it was told, and finds something to do."""
        due = next_due(self.service, self.state)
        if due is not None and due > self.now:
            before = self.state.revision
            self.wait(due - self.now)
            assert self.state.revision == before + 1

    def _take(self, after: CaseState, events: tuple[Any, ...]) -> None:
        before, self.state, self.acts = self.state, after, self.acts + 1
        assert after.revision == before.revision + 1
        for name, step in before.steps.items():
            new = after.steps[name]
            if step.status == "done":
                assert new == step, "what is decided stays decided"
            if step.due_at is not None and new.ready_at == step.ready_at:
                assert new.due_at is not None
                assert new.due_at >= step.due_at, "a deadline never moves back"
        if any(pause.kind == "return" and pause in after.pauses for pause in before.pauses):
            assert not any(isinstance(each, StepReady) for each in events), "nothing begins during a return"
        held = {name for name, step in before.steps.items() if step.held_at is not None}
        assert not any(isinstance(each, Overdue) and each.step in held for each in events), "a stopped clock is stopped"
        if before.due_at is not None:
            assert after.due_at is not None
            assert after.due_at >= before.due_at, "a promise never moves back"
        self._events(after, events)

    def _events(self, state: CaseState, events: tuple[Any, ...]) -> None:
        for each in events:
            if isinstance(each, StepDecided):
                assert each.step not in self.decided, "a step is decided once"
                self.decided[each.step] = each.outcome
                assert each.outcome != "deemed-approved" or self.steps[each.step].overdue == "deem-approved"
            elif isinstance(each, StepReady):
                passed = ("done", "skipped")
                assert all(state.steps[name].status in passed for name in self.steps[each.step].after), "a join holds"
            elif isinstance(each, PaymentDue):
                assert each.amount > 0
                assert state.steps[each.step].amount == each.amount
            elif isinstance(each, CaseClosed):
                self.closed.append(each)
                assert each.outcome == state.outcome

    def check(self) -> None:
        """What holds at every moment of every case."""
        self._nothing_lost()
        self._closed_once()
        if self.state.status == "closed":
            assert allowed(self.service, self.state, EVERYBODY) == {}
            assert next_due(self.service, self.state) is None
            for kind in ("withdraw", "supply"):
                with pytest.raises(IllegalAct):
                    apply(self.service, self.state, Act(kind), self.answers, self.now)
        else:
            self._somebody_may()
            self._clocks()

    def _nothing_lost(self) -> None:
        assert list(self.state.steps) == list(self.steps)
        assert CaseState.from_dict(json.loads(json.dumps(self.state.to_dict()))) == self.state
        for name, outcome in self.decided.items():
            assert (self.state.steps[name].status, self.state.steps[name].outcome) == ("done", outcome)

    def _closed_once(self) -> None:
        assert len(self.closed) == (self.state.status == "closed")
        statuses = {step.status for step in self.state.steps.values()}
        if self.state.status != "closed":
            assert "cancelled" not in statuses
            assert statuses - {"done", "skipped"}, "a case whose steps have all passed is closed"
            return
        assert not self.state.pauses
        assert not {"waiting", "ready"} & statuses
        if self.state.outcome == "granted":
            assert statuses <= {"done", "skipped"}
            self._skipped_rightly()

    def _skipped_rightly(self) -> None:
        """Nobody slipped past a step that applies to the answers as they are at the end."""
        rules, day = Rules.of(self.service), NOW.date()
        for name, step in self.steps.items():
            if self.state.steps[name].outcome == "not-needed":
                assert step.when is not None
                assert rules.holds(step.when, self.answers, day) is False
            elif self.state.steps[name].outcome == "exempt":
                costs = [cost for cost in self.service.service.cost if cost.id in step.pay and cost.amount]
                assert all(rules.holds(cost.exempt_when or "false", self.answers, day) is True for cost in costs)

    def _somebody_may(self) -> None:
        system = [n for n, step in self.steps.items() if not step.by and self.state.steps[n].status == "ready"]
        assert allowed(self.service, self.state, EVERYBODY) or self.state.pauses or system

    def _clocks(self) -> None:
        declared = self.service.service.deadline
        reasons = set(declared.paused_by) if declared else set(ASKING)
        unpaid = any(step.pay and self.state.steps[name].status == "ready" for name, step in self.steps.items())
        asked = any(pause.kind in reasons for pause in self.state.pauses)
        assert (self.state.stopped_at is not None) == (asked or ("payment" in reasons and unpaid))
        for name, step in self.state.steps.items():
            if step.status == "ready" and not self.steps[name].pay:
                assert all(self.state.steps[each].status in ("done", "skipped") for each in self.steps[name].after)
            own = any(pause.kind == "return" or pause.step == name for pause in self.state.pauses)
            assert (step.held_at is not None) == (step.status == "ready" and (asked or own))
