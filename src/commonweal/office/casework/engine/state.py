"""Where a case stands: frozen values, and their compact JSON.

A step's row is decoded when somebody asks for it and written back as it came when nobody changed it, so that the
price of an act does not grow with the history of the case.
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

STATUSES: tuple[StepStatus, ...] = ("waiting", "ready", "done", "skipped", "cancelled")
ASKS: tuple[AskKind, ...] = ("return", "request-information")
_EMPTY: list[Any] = [None] * 11


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

    def to_row(self) -> list[Any]:
        """The step as a JSON array, without what is empty at its end."""
        row: list[Any] = [
            self.status, self.outcome, self.region, _text(self.ready_at), _text(self.due_at), _text(self.decided_at),
            self.decided_by, self.overdue, self.escalated, _text(self.held_at),
            None if self.amount is None else str(self.amount),
        ]  # fmt: skip
        while not row[-1]:
            row.pop()
        return row

    @staticmethod
    def from_row(row: list[Any]) -> StepState:
        """Read what `to_row` wrote. Raises ValueError for anything else."""
        if not 1 <= len(row) <= len(_EMPTY) or row[0] not in STATUSES:
            raise ValueError("not the state of a step")
        status, outcome, region, ready, due, decided, by, overdue, escalated, held, amount = row + _EMPTY[len(row) :]
        return StepState(
            status, outcome, region, _moment(ready), _moment(due), _moment(decided), by, bool(overdue),
            bool(escalated), _moment(held), None if amount is None else Decimal(amount),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pause:
    """What a step asks of the applicant: which answers, since when, and in which words."""

    kind: AskKind
    step: str
    asked: tuple[str, ...]
    since: datetime
    note: str = ""


class Steps(Mapping[str, StepState]):
    """The steps of a case by id, in the order declared; rows are decoded when asked for."""

    __slots__ = ("_read", "_rows")

    def __init__(self, read: Mapping[str, StepState], rows: Mapping[str, list[Any]] | None = None) -> None:
        """`read` are decoded steps; `rows` are those still as written, and give the order where present."""
        self._read = dict(read)
        self._rows: dict[str, list[Any] | None] = dict(rows) if rows is not None else dict.fromkeys(read)

    def __getitem__(self, step: str) -> StepState:
        found = self._read.get(step)
        if found is None:
            row = self._rows[step]
            assert row is not None
            found = self._read[step] = StepState.from_row(row)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Steps):
            return NotImplemented
        return list(self) == list(other) and all(self[step] == other[step] for step in self)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Steps({dict(self)!r})"

    def status(self, step: str) -> StepStatus:
        """The status alone, without decoding the rest."""
        found = self._read.get(step)
        if found is not None:
            return found.status
        row = self._rows[step]
        assert row is not None
        status: StepStatus = row[0]
        return status

    def with_changes(self, changes: Mapping[str, StepState]) -> Steps:
        """These steps with some of them replaced."""
        made = Steps.__new__(Steps)
        made._read = self._read | changes
        made._rows = self._rows | dict.fromkeys(changes)
        return made

    def to_rows(self) -> dict[str, list[Any]]:
        """Every step as a JSON array."""
        return {step: self._read[step].to_row() if row is None else row for step, row in self._rows.items()}


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
            "steps": self.steps.to_rows(),
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
        if any(row[0] not in STATUSES for row in written["steps"].values()):
            raise ValueError("not the state of a case: a step stands nowhere")
        asked = written.get("pauses")
        return CaseState(
            steps=Steps({}, written["steps"]),
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


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
