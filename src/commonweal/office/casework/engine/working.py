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
from commonweal.office.casework.engine.state import CaseOutcome, CaseState, Row, Steps
from commonweal.register.models import Step

_PASSED = ("done", "skipped")


class Working:
    """One act's work on one case."""

    def __init__(self, plan: Plan, state: CaseState, answers: Mapping[str, Any], now: datetime) -> None:
        self.plan, self.before, self.answers, self.now = plan, state, answers, now
        self.at = now.isoformat()
        self.rows: dict[str, Row] = dict(state.steps.rows)
        self.events: list[Happening] = []
        self.pauses, self.due_at, self.stopped_at = state.pauses, state.due_at, state.stopped_at
        self.outcome: CaseOutcome | None = None
        self._day: date | None = None

    @property
    def day(self) -> date:
        """The day of submission, by which rules and fees are read."""
        if self._day is None:
            self._day = self.plan.day(self.before.opened_at)
        return self._day

    @property
    def returned(self) -> bool:
        """Whether the case lies with the applicant for correction, so that nothing else moves."""
        return any(pause.kind == "return" for pause in self.pauses)

    def decide(self, step: str, outcome: str, by: str | None, at: datetime) -> None:
        """Make the step done."""
        row = {**self.rows[step], "status": "done", "outcome": outcome, "decided": at.isoformat()}
        row.pop("held", None)
        self.rows[step] = row if by is None else {**row, "by": by}
        self.events.append(StepDecided(step, outcome, by, at))

    def settle(self, *, again: bool = False) -> None:
        """Let every step whose turn has come begin or be skipped, in order; end the case after the last one.

        With `again`, conditions and fees of undecided steps are read anew, since the answers changed. Nothing
        begins while the case lies with the applicant for correction.
        """
        if self.outcome is not None:
            return
        passed = {name for name, row in self.rows.items() if row["status"] in _PASSED}
        returned = self.returned
        for step in self.plan.order:
            name, status = step.id, self.rows[step.id]["status"]
            if status == "done" or (status != "waiting" and not again):
                continue
            if not self.plan.after[name] <= passed:
                self._wait(step, status)
                passed.discard(name)
            elif not returned:
                self._turn(step, status)
                (passed.add if self.rows[name]["status"] == "skipped" else passed.discard)(name)
        if len(passed) == len(self.rows):
            self.close("granted")

    def _wait(self, step: Step, status: str) -> None:
        """Put back a step before which another has come. A payment asked for stays asked."""
        if status == "skipped" or (status == "ready" and not step.pay):
            self._put(step, status="waiting")
            self.events.append(StepWaits(step.id))

    def _turn(self, step: Step, status: str) -> None:
        if not self.plan.applies(step, self.answers, self.day):
            self._skip(step, status, "not-needed")
        elif step.pay:
            self._charge(step, status)
        elif status != "ready":
            self._begin(step)
            if step.output:
                self.events.append(IssueDue(step.id, step.output))

    def _charge(self, step: Step, status: str) -> None:
        costs, amount = self.plan.costs(step, self.answers, self.day)
        if not amount:
            self._skip(step, status, "exempt")
            return
        if status != "ready":
            self._begin(step)
        elif self.rows[step.id]["amount"] == str(amount):
            return
        self.rows[step.id] = {**self.rows[step.id], "amount": str(amount)}
        self.events.append(PaymentDue(step.id, costs, amount))

    def _begin(self, step: Step) -> None:
        due = self.plan.due(step.deadline, self.now)
        if due is None:
            self._put(step, status="ready", ready=self.at)
        else:
            self._put(step, status="ready", ready=self.at, due=due.isoformat())
        self.events.append(StepReady(step.id, self.rows[step.id].get("region"), due))

    def _skip(self, step: Step, status: str, reason: str) -> None:
        if status == "skipped" and self.rows[step.id]["outcome"] == reason:
            return
        self._put(step, status="skipped", outcome=reason)
        self.events.append(StepSkipped(step.id, reason))
        self.pauses = tuple(pause for pause in self.pauses if pause.step != step.id)

    def _put(self, step: Step, **row: Any) -> None:
        """Write a step afresh; only the branch that works it stays."""
        region = self.rows[step.id].get("region")
        self.rows[step.id] = row if region is None else {**row, "region": region}

    def close(self, outcome: CaseOutcome) -> None:
        """End the case; what was not decided is cancelled."""
        for name, row in self.rows.items():
            if row["status"] not in _PASSED:
                self.rows[name] = {key: row[key] for key in row if key != "held"} | {"status": "cancelled"}
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
        asked = any(pause.kind in declared for pause in self.pauses) if self.pauses else False
        unpaid = "payment" in declared and any(self.rows[name]["status"] == "ready" for name in self.plan.paying)
        self._run_promise(asked or unpaid)
        if not (self.pauses or self.before.pauses):
            return
        asking = {pause.step for pause in self.pauses}
        for name, row in self.rows.items():
            if row["status"] == "ready":
                self._run_step(name, row, asked or self.returned or name in asking)

    def _run_promise(self, stop: bool) -> None:
        if stop and self.stopped_at is None:
            self.stopped_at = self.now
        elif not stop and self.stopped_at is not None:
            if self.due_at is not None and self.plan.deadline is not None:
                self.due_at = self.plan.later(self.due_at, self.plan.deadline.total, self.stopped_at, self.now)
            self.stopped_at = None

    def _run_step(self, name: str, row: Row, stop: bool) -> None:
        if stop and "held" not in row:
            self.rows[name] = {**row, "held": self.at}
        elif not stop and "held" in row:
            running = {key: row[key] for key in row if key != "held"}
            declared = self.plan.steps[name].deadline
            if "due" in row and declared is not None:
                due, held = datetime.fromisoformat(row["due"]), datetime.fromisoformat(row["held"])
                running["due"] = self.plan.later(due, declared, held, self.now).isoformat()
            self.rows[name] = running

    def finish(self) -> CaseState:
        """The new state, one revision on."""
        before, closed = self.before, self.outcome is not None
        return CaseState(
            steps=Steps(self.rows),
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
