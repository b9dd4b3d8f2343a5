"""Where a case stands: frozen values, and their compact JSON.

A step is kept as it is written, a small JSON object, and read as a `StepState` when somebody asks. So an act costs
what it changes, not what the case has been through. Moments are written in UTC, so that their order is that of the
text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

VERSION = 1
"""Of the JSON that `to_dict` writes."""

StepStatus = Literal["waiting", "ready", "done", "skipped", "cancelled"]
"""`waiting`: its turn has not come; `skipped`: it counts as passed; `cancelled`: the case ended before it."""
CaseStatus = Literal["open", "paused", "closed"]
"""`paused`: something is asked of the applicant."""
CaseOutcome = Literal["granted", "refused", "withdrawn"]
AskKind = Literal["return", "request-information"]

STATUSES: frozenset[StepStatus] = frozenset({"waiting", "ready", "done", "skipped", "cancelled"})
ASKS: tuple[AskKind, ...] = ("return", "request-information")

Row = Mapping[str, Any]
"""A step as written, never changed in place: `status` always, and what there is of `outcome`, `region`, `ready`, `due`,
`decided`, `by`, `overdue`, `escalated`, `held` and `amount`."""


@dataclass(frozen=True, slots=True)
class StepState:
    """Where one step stands.

    `outcome` is the act that decided it (`accept`, `approve`, `refuse`, `paid`, `issued`, `deemed-approved`) or why
    it was skipped (`not-needed`, `exempt`). `region` is the branch that works it, None where nobody does. `held_at`
    is when its clock was stopped. `amount` is what a paying step costs, in the jurisdiction's currency.
    """

    status: StepStatus = "waiting"
    outcome: str | None = None
    region: str | None = None
    ready_at: datetime | None = None
    due_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    overdue: bool = False
    escalated: bool = False
    held_at: datetime | None = None
    amount: Decimal | None = None

    @staticmethod
    def of(row: Row) -> StepState:
        """Read what is written of a step. Raises ValueError for a moment or an amount that is none."""
        amount = row.get("amount")
        return StepState(
            status=row["status"],
            outcome=row.get("outcome"),
            region=row.get("region"),
            ready_at=_moment(row.get("ready")),
            due_at=_moment(row.get("due")),
            decided_at=_moment(row.get("decided")),
            decided_by=row.get("by"),
            overdue=row.get("overdue", False),
            escalated=row.get("escalated", False),
            held_at=_moment(row.get("held")),
            amount=None if amount is None else Decimal(amount),
        )


@dataclass(frozen=True, slots=True)
class Pause:
    """What a step asks of the applicant: which answers, since when, and in which words."""

    kind: AskKind
    step: str
    asked: tuple[str, ...]
    since: datetime
    note: str = ""


class Steps(Mapping[str, StepState]):
    """The steps of a case by id, in the order declared."""

    __slots__ = ("_read", "rows")

    def __init__(self, rows: Mapping[str, Row]) -> None:
        """`rows` are the steps as written."""
        self.rows = rows
        self._read: dict[str, StepState] = {}

    def __getitem__(self, step: str) -> StepState:
        found = self._read.get(step)
        if found is None:
            found = self._read[step] = StepState.of(self.rows[step])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Steps) and list(self) == list(other) and self.rows == other.rows

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Steps({dict(self)!r})"


@dataclass(frozen=True, slots=True)
class CaseState:
    """Where a case stands. `region` is where it is about; `due_at` what the applicant was promised.

    `stopped_at` is when the case's clock was stopped, None while it runs. Every act adds one to `revision`.
    """

    steps: Steps
    opened_at: datetime
    region: str | None = None
    status: CaseStatus = "open"
    outcome: CaseOutcome | None = None
    pauses: tuple[Pause, ...] = ()
    due_at: datetime | None = None
    stopped_at: datetime | None = None
    closed_at: datetime | None = None
    revision: int = 1

    @property
    def pause(self) -> Pause | None:
        """What is asked of the applicant; a return, which stops everything, before requests for information."""
        returned = next((pause for pause in self.pauses if pause.kind == "return"), None)
        return returned or next(iter(self.pauses), None)

    def asking(self, step: str) -> Pause | None:
        """What this step asks of the applicant, or None."""
        return next((pause for pause in self.pauses if pause.step == step), None)

    def to_dict(self) -> dict[str, Any]:
        """The state as JSON values; what is empty is left out."""
        written: dict[str, Any] = {
            "v": VERSION,
            "status": self.status,
            "opened": self.opened_at.isoformat(),
            "revision": self.revision,
            "steps": dict(self.steps.rows),
        }
        if self.region is not None:
            written["region"] = self.region
        if self.outcome is not None:
            written["outcome"] = self.outcome
        if self.due_at is not None:
            written["due"] = self.due_at.isoformat()
        if self.stopped_at is not None:
            written["stopped"] = self.stopped_at.isoformat()
        if self.closed_at is not None:
            written["closed"] = self.closed_at.isoformat()
        if self.pauses:
            written["pauses"] = [[p.kind, p.step, list(p.asked), p.since.isoformat(), p.note] for p in self.pauses]
        return written

    @staticmethod
    def from_dict(written: Mapping[str, Any]) -> CaseState:
        """Read what `to_dict` wrote. Raises ValueError for another version, KeyError for a missing part."""
        if written.get("v") != VERSION:
            raise ValueError(f"the state of a case is written in version {VERSION}, not {written.get('v')!r}")
        for row in written["steps"].values():
            if row["status"] not in STATUSES:
                raise ValueError(f"not the state of a case: no step is “{row['status']}”")
        asked = written.get("pauses")
        return CaseState(
            steps=Steps(written["steps"]),
            opened_at=datetime.fromisoformat(written["opened"]),
            region=written.get("region"),
            status=written["status"],
            outcome=written.get("outcome"),
            pauses=tuple(_pause(each) for each in asked) if asked else (),
            due_at=_moment(written.get("due")),
            stopped_at=_moment(written.get("stopped")),
            closed_at=_moment(written.get("closed")),
            revision=written["revision"],
        )


def _pause(row: list[Any]) -> Pause:
    kind, step, asked, since, note = row
    if kind not in ASKS:
        raise ValueError(f"nothing is asked by “{kind}”")
    return Pause(kind, step, tuple(asked), datetime.fromisoformat(since), note)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
