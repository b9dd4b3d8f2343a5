"""A case while an act is worked on it: changes are gathered, and a new state is made at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from commonweal.office.casework.engine.happenings import (
    CaseClosed,
    Happening,
    IssueDue,
    PaymentDue,
    StepCancelled,
    StepDecided,
    StepReady,
    StepSkipped,
    StepWaits,
)
from commonweal.office.casework.engine.plan import Plan
from commonweal.office.casework.engine.state import CaseOutcome, CaseState, StepState, StepStatus
from commonweal.register.models import Step

_OPEN: tuple[StepStatus, ...] = ("waiting", "ready")
_PASSED: tuple[StepStatus, ...] = ("done", "skipped")


class Working:
    """One act's work on one case."""

    def __init__(self, plan: Plan, state: CaseState, answers: Mapping[str, Any], now: datetime) -> None:
        self.plan, self.before, self.answers, self.now = plan, state, answers, now
        self.changed: dict[str, StepState] = {}
        self.events: list[Happening] = []
        self.pauses, self.due_at, self.stopped_at = state.pauses, state.due_at, state.stopped_at
        self.outcome: CaseOutcome | None = None

    @cached_property
    def day(self) -> date:
        """The day of submission, by which rules and fees are read."""
        return self.plan.day(self.before.opened_at)

    def step(self, step: str) -> StepState:
        """The step as it stands in this work."""
        return self.changed.get(step) or self.before.steps[step]

    def status(self, step: str) -> StepStatus:
        """The step's status as it stands in this work."""
        changed = self.changed.get(step)
        return changed.status if changed else self.before.steps.status(step)

    @property
    def returned(self) -> bool:
        """Whether the case lies with the applicant for correction, so that nothing else moves."""
        return any(pause.kind == "return" for pause in self.pauses)

    def decide(self, step: str, outcome: str, by: str | None, at: datetime) -> None:
        """Make the step done."""
        self.changed[step] = replace(
            self.step(step), status="done", outcome=outcome, decided_at=at, decided_by=by, held_at=None
        )
        self.events.append(StepDecided(step, outcome, by, at))

    def settle(self, *, again: bool = False) -> None:
        """Let every step whose turn has come begin or be skipped, in order; end the case after the last one.

        With `again`, conditions and fees of undecided steps are read anew, since the answers changed. Nothing
        begins while the case lies with the applicant for correction.
        """
        if self.outcome is not None:
            return
        for step in self.plan.order:
            status = self.status(step.id)
            if status == "done" or (status != "waiting" and not again):
                continue
            if not all(self.status(name) in _PASSED for name in step.after):
                self._wait(step, status)
            elif not self.returned:
                self._turn(step, status)
        if all(self.status(name) in _PASSED for name in self.plan.steps):
            self.close("granted")

    def _wait(self, step: Step, status: StepStatus) -> None:
        """Put back a step before which another has come. A payment asked for stays asked."""
        if status == "skipped" or (status == "ready" and not step.pay):
            self.changed[step.id] = StepState(region=self.step(step.id).region)
            self.events.append(StepWaits(step.id))

    def _turn(self, step: Step, status: StepStatus) -> None:
        if not self.plan.applies(step, self.answers, self.day):
            self._skip(step, status, "not-needed")
        elif step.pay:
            self._charge(step, status)
        elif status != "ready":
            self._begin(step)
            if step.output:
                self.events.append(IssueDue(step.id, step.output))

    def _charge(self, step: Step, status: StepStatus) -> None:
        costs, amount = self.plan.costs(step, self.answers, self.day)
        if not amount:
            self._skip(step, status, "exempt")
            return
        if status != "ready":
            self._begin(step)
        elif self.step(step.id).amount == amount:
            return
        self.changed[step.id] = replace(self.step(step.id), amount=amount)
        self.events.append(PaymentDue(step.id, costs, amount))

    def _begin(self, step: Step) -> None:
        region, due = self.step(step.id).region, self.plan.due(step.deadline, self.now)
        self.changed[step.id] = StepState("ready", region=region, ready_at=self.now, due_at=due)
        self.events.append(StepReady(step.id, region, due))

    def _skip(self, step: Step, status: StepStatus, reason: str) -> None:
        if status == "skipped" and self.step(step.id).outcome == reason:
            return
        self.changed[step.id] = StepState("skipped", reason, self.step(step.id).region)
        self.events.append(StepSkipped(step.id, reason))
        self.pauses = tuple(pause for pause in self.pauses if pause.step != step.id)

    def close(self, outcome: CaseOutcome) -> None:
        """End the case; what was not decided is cancelled."""
        for name in self.plan.steps:
            if self.status(name) in _OPEN:
                self.changed[name] = replace(self.step(name), status="cancelled", held_at=None)
                self.events.append(StepCancelled(name))
        self.pauses, self.outcome = (), outcome
        self.events.append(CaseClosed(outcome, self.now))

    def run_clocks(self) -> None:
        """Stop the clocks that what is asked or due now stops; move on what was stopped and runs again.

        A step that waits for the applicant never counts against its post. Other steps and the promise stand still
        for the reasons the service declares.
        """
        if self.outcome is not None:
            self._run_promise(False)
            return
        declared = self.plan.paused_by
        asked = any(pause.kind in declared for pause in self.pauses)
        unpaid = "payment" in declared and any(self.status(name) == "ready" for name in self.plan.paying)
        self._run_promise(asked or unpaid)
        if not (self.pauses or self.before.pauses):
            return
        asking = {pause.step for pause in self.pauses}
        for name in self.plan.steps:
            if self.status(name) == "ready":
                self._run_step(name, asked or self.returned or name in asking)

    def _run_promise(self, stop: bool) -> None:
        if stop and self.stopped_at is None:
            self.stopped_at = self.now
        elif not stop and self.stopped_at is not None:
            if self.due_at is not None and self.plan.deadline is not None:
                self.due_at = self.plan.later(self.due_at, self.plan.deadline.total, self.stopped_at, self.now)
            self.stopped_at = None

    def _run_step(self, name: str, stop: bool) -> None:
        step, declared = self.step(name), self.plan.steps[name].deadline
        if stop and step.held_at is None:
            self.changed[name] = replace(step, held_at=self.now)
        elif not stop and step.held_at is not None:
            due = step.due_at
            if due is not None and declared is not None:
                due = self.plan.later(due, declared, step.held_at, self.now)
            self.changed[name] = replace(step, held_at=None, due_at=due)

    def finish(self) -> CaseState:
        """The new state, one revision on."""
        before = self.before
        closed = self.outcome is not None
        return CaseState(
            steps=before.steps.with_changes(self.changed) if self.changed else before.steps,
            opened_at=before.opened_at,
            region=before.region,
            status="closed" if closed else "paused" if self.pauses else "open",
            outcome=self.outcome,
            pauses=self.pauses,
            due_at=self.due_at,
            stopped_at=self.stopped_at,
            closed_at=self.now if closed else None,
            revision=before.revision + 1,
        )
