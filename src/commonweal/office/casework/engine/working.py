"""A case while an act is worked on it: changes are gathered, and a new state is made at the end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
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
from commonweal.office.casework.engine.state import (
    CaseOutcome,
    CaseState,
    CaseStatus,
    Steps,
    StepState,
    StepStatus,
    Written,
    moment,
    seconds,
)
from commonweal.register.models import Step

_PASSED = ("done", "skipped")


class Working:
    """One act's work on one case."""

    def __init__(self, plan: Plan, state: CaseState, answers: Mapping[str, Any], now: datetime) -> None:
        self.plan, self.before, self.answers, self.now = plan, state, answers, now
        self.at = seconds(now)
        self.steps: dict[str, Written] = dict(state.steps.written)
        self.events: list[Happening] = []
        self.pauses, self.due_at, self.stopped_at = state.pauses, state.due_at, state.stopped_at
        self.outcome: CaseOutcome | None = None
        self._day: date | None = None

    def step(self, name: str) -> StepState:
        """A step as it stands in this work."""
        found = self.steps[name]
        return found if isinstance(found, StepState) else StepState(*found)

    def status(self, name: str) -> StepStatus:
        """The status of a step, which comes first in what is written of it."""
        status: StepStatus = self.steps[name][0]
        return status

    def ready(self) -> list[tuple[str, StepState]]:
        """The steps whose turn it is."""
        return [(name, self.step(name)) for name, written in self.steps.items() if written[0] == "ready"]

    @property
    def day(self) -> date:
        """The day of submission, by which rules and fees are read."""
        if self._day is None:
            self._day = self.plan.day(self.before.opened_at)
        return self._day

    @property
    def returned(self) -> bool:
        """Whether the case lies with the applicant for correction, so that nothing else moves."""
        return bool(self.pauses) and any(pause.kind == "return" for pause in self.pauses)

    def decide(self, step: str, outcome: str, by: str | None, at: datetime) -> None:
        """Make the step done."""
        self.steps[step] = self.step(step)._replace(
            status="done", outcome=outcome, decided=seconds(at), decided_by=by, held=None
        )
        self.events.append(StepDecided(step, outcome, by, at))

    def settle(self, *, again: bool = False) -> None:
        """Let every step whose turn has come begin or be skipped, in order; end the case after the last one.

        With `again`, conditions and fees of undecided steps are read anew, since the answers changed. Nothing
        begins while the case lies with the applicant for correction.
        """
        if self.outcome is not None:
            return
        passed = {name for name, written in self.steps.items() if written[0] in _PASSED}
        for step, name, after in self.plan.order:
            status = self.steps[name][0]
            if status == "done" or (status != "waiting" and not again):
                continue
            if not after <= passed:
                self._wait(step, status)
                passed.discard(name)
            elif not self.returned:
                self._turn(step, status)
                (passed.add if self.status(name) == "skipped" else passed.discard)(name)
        if len(passed) == len(self.steps):
            self.close("granted")

    def _wait(self, step: Step, status: StepStatus) -> None:
        """Put back a step before which another has come. A payment asked for stays asked."""
        if status == "skipped" or (status == "ready" and not step.pay):
            self.steps[step.id] = StepState(region=self.step(step.id).region)
            self.events.append(StepWaits(step.id))

    def _turn(self, step: Step, status: StepStatus) -> None:
        if step.when is not None and not self.plan.applies(step.when, self.answers, self.day):
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
        self.steps[step.id] = self.step(step.id)._replace(cost=str(amount))
        self.events.append(PaymentDue(step.id, costs, amount))

    def _begin(self, step: Step) -> None:
        region, due = self.step(step.id).region, self.plan.due(step.deadline, self.now)
        kept = None if due is None else seconds(due)
        self.steps[step.id] = StepState("ready", None, region, self.at, kept)
        self.events.append(StepReady(step.id, region, due))

    def _skip(self, step: Step, status: StepStatus, reason: str) -> None:
        if status == "skipped" and self.step(step.id).outcome == reason:
            return
        self.steps[step.id] = StepState("skipped", reason, self.step(step.id).region)
        self.events.append(StepSkipped(step.id, reason))
        self.pauses = tuple(pause for pause in self.pauses if pause.step != step.id)

    def close(self, outcome: CaseOutcome) -> None:
        """End the case; what was not decided is cancelled."""
        for name, written in self.steps.items():
            if written[0] not in _PASSED:
                self.steps[name] = self.step(name)._replace(status="cancelled", held=None)
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
        asked = bool(self.pauses) and any(pause.kind in declared for pause in self.pauses)
        unpaid = "payment" in declared and any(self.status(name) == "ready" for name in self.plan.paying)
        self._run_promise(asked or unpaid)
        if not (self.pauses or self.before.pauses):
            return
        asking = {pause.step for pause in self.pauses}
        for name, step in self.ready():
            self._run_step(name, step, asked or self.returned or name in asking)

    def _run_promise(self, stop: bool) -> None:
        if stop and self.stopped_at is None:
            self.stopped_at = self.now
        elif not stop and self.stopped_at is not None:
            if self.due_at is not None and self.plan.deadline is not None:
                self.due_at = self.plan.later(self.due_at, self.plan.deadline.total, self.stopped_at, self.now)
            self.stopped_at = None

    def _run_step(self, name: str, step: StepState, stop: bool) -> None:
        if stop and step.held is None:
            self.steps[name] = step._replace(held=self.at)
        elif not stop and step.held is not None:
            due, declared = step.due, self.plan.steps[name].deadline
            if due is not None and declared is not None:
                due = seconds(self.plan.later(moment(due), declared, moment(step.held), self.now))
            self.steps[name] = step._replace(held=None, due=due)

    def finish(self) -> CaseState:
        """The new state, one revision on."""
        before, closed = self.before, self.outcome is not None
        status: CaseStatus = "closed" if closed else "paused" if self.pauses else "open"
        return CaseState(
            Steps(self.steps), before.opened_at, before.region, status, self.outcome, self.pauses, self.due_at,
            self.stopped_at, self.now if closed else None, before.revision + 1,
        )  # fmt: skip
