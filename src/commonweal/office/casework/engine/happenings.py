"""What an act made happen, for the room to journal and to act upon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from commonweal.office.casework.engine.state import AskKind, CaseOutcome


@dataclass(frozen=True, slots=True)
class StepReady:
    """The step's turn has come; `region` is the branch that works it, `due_at` when it falls due."""

    step: str
    region: str | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepDecided:
    """The step is done. `by` is the actor's label, None for what happened by law or by itself."""

    step: str
    outcome: str
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class StepSkipped:
    """The step counts as passed: its condition does not hold (`not-needed`) or nothing is due (`exempt`)."""

    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class StepWaits:
    """New answers put the step back: it was ready or skipped, and now waits for others (again)."""

    step: str


@dataclass(frozen=True, slots=True)
class StepCancelled:
    """The case ended before the step was decided."""

    step: str


@dataclass(frozen=True, slots=True)
class Paused:
    """A step asks something of the applicant."""

    kind: AskKind
    step: str
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resumed:
    """The applicant answered these steps; `due_at` is the promise as it stands now."""

    steps: tuple[str, ...]
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Overdue:
    """The step was not decided in time. Said once for each step."""

    step: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Escalated:
    """Those who supervise (`posts`) may decide the step from now on, besides the post that works it."""

    step: str
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaymentDue:
    """A paying step is ready, or what it costs has changed: `costs` by id, `amount` in the currency, exact."""

    step: str
    costs: tuple[str, ...]
    amount: Decimal


@dataclass(frozen=True, slots=True)
class IssueDue:
    """The output may be issued; the act `issue` says that it was."""

    step: str
    output: str


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """The case has ended. Said once."""

    outcome: CaseOutcome
    at: datetime


Happening = (
    StepReady | StepDecided | StepSkipped | StepWaits | StepCancelled | Paused | Resumed | Overdue | Escalated
    | PaymentDue | IssueDue | CaseClosed
)  # fmt: skip
