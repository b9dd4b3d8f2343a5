"""Where a case stands: immutable values, and their compact JSON.

A step is a short tuple. It is kept as the list that JSON made of it until somebody asks, and written back as it came
when nobody changed it, so an act costs what it changes and not what the case has been through. Moments are kept to
the second, as seconds since 1970 in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

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


def seconds(moment: datetime) -> int:
    """A moment as it is kept."""
    return int(moment.timestamp())


def moment(kept: int) -> datetime:
    """A kept moment, aware, in UTC."""
    return datetime.fromtimestamp(kept, UTC)


class StepState(NamedTuple):
    """Where one step stands.

    `outcome` is the act that decided it (`accept`, `approve`, `refuse`, `paid`, `issued`, `deemed-approved`) or why
    it was skipped (`not-needed`, `exempt`). `region` is the branch that works it, None where nobody does. `cost` is
    what a paying step costs. `ready`, `due`, `decided` and `held` are kept moments; the properties give them as
    aware datetimes.
    """

    status: StepStatus = "waiting"
    outcome: str | None = None
    region: str | None = None
    ready: int | None = None
    due: int | None = None
    decided: int | None = None
    decided_by: str | None = None
    overdue: bool = False
    escalated: bool = False
    held: int | None = None
    cost: str | None = None

    @property
    def ready_at(self) -> datetime | None:
        """When its turn came."""
        return None if self.ready is None else moment(self.ready)

    @property
    def due_at(self) -> datetime | None:
        """When it falls due, as far as one knows while its clock stands still."""
        return None if self.due is None else moment(self.due)

    @property
    def decided_at(self) -> datetime | None:
        """When it was decided."""
        return None if self.decided is None else moment(self.decided)

    @property
    def held_at(self) -> datetime | None:
        """Since when its clock stands still."""
        return None if self.held is None else moment(self.held)

    @property
    def amount(self) -> Decimal | None:
        """What a paying step costs, exact, in the jurisdiction's currency."""
        return None if self.cost is None else Decimal(self.cost)

    @property
    def running(self) -> bool:
        """Whether it has a deadline that runs and has not passed unnoticed."""
        return self.status == "ready" and self.due is not None and self.held is None and not self.overdue

    def to_row(self) -> list[Any]:
        """The step as a JSON array, without what is empty at its end."""
        row = list(self)
        while not row[-1]:
            row.pop()
        return row


Written = StepState | list[Any]
"""A step, or the JSON array of one; the status comes first in both."""


class Steps(Mapping[str, StepState]):
    """The steps of a case by id, in the order declared."""

    __slots__ = ("written",)

    def __init__(self, written: dict[str, Written]) -> None:
        """Steps and rows of JSON may be mixed; neither is checked here. The dict is the steps' own from now on."""
        self.written = written

    def __getitem__(self, step: str) -> StepState:
        found = self.written[step]
        if not isinstance(found, StepState):
            found = self.written[step] = StepState(*found)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.written)

    def __len__(self) -> int:
        return len(self.written)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Steps) and list(self.items()) == list(other.items())

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Steps({dict(self)!r})"

    def to_rows(self) -> dict[str, list[Any]]:
        """Every step as a JSON array."""
        return {name: step.to_row() if isinstance(step, StepState) else step for name, step in self.written.items()}


@dataclass(frozen=True, slots=True)
class Pause:
    """What a step asks of the applicant: which answers, since when, and in which words."""

    kind: AskKind
    step: str
    asked: tuple[str, ...]
    since: datetime
    note: str = ""


class CaseState(NamedTuple):
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
            "opened": seconds(self.opened_at),
            "revision": self.revision,
            "steps": self.steps.to_rows(),
        }
        if self.region is not None:
            written["region"] = self.region
        if self.outcome is not None:
            written["outcome"] = self.outcome
        if self.due_at is not None:
            written["due"] = seconds(self.due_at)
        if self.stopped_at is not None:
            written["stopped"] = seconds(self.stopped_at)
        if self.closed_at is not None:
            written["closed"] = seconds(self.closed_at)
        if self.pauses:
            written["pauses"] = [[p.kind, p.step, list(p.asked), seconds(p.since), p.note] for p in self.pauses]
        return written

    @staticmethod
    def from_dict(written: Mapping[str, Any]) -> CaseState:
        """Read what `to_dict` wrote. Raises ValueError for another version or step, KeyError for a missing part."""
        if written.get("v") != VERSION:
            raise ValueError(f"the state of a case is written in version {VERSION}, not {written.get('v')!r}")
        for row in written["steps"].values():
            if row[0] not in STATUSES or len(row) > 11:
                raise ValueError(f"not the state of a step: {row!r}"[:200])
        due, stopped, closed, asked = (written.get(name) for name in ("due", "stopped", "closed", "pauses"))
        return CaseState(
            steps=Steps(dict(written["steps"])),
            opened_at=moment(written["opened"]),
            region=written.get("region"),
            status=written["status"],
            outcome=written.get("outcome"),
            pauses=tuple(_pause(each) for each in asked) if asked else (),
            due_at=None if due is None else moment(due),
            stopped_at=None if stopped is None else moment(stopped),
            closed_at=None if closed is None else moment(closed),
            revision=written["revision"],
        )


def _pause(row: list[Any]) -> Pause:
    kind, step, asked, since, note = row
    if kind not in ASKS:
        raise ValueError(f"nothing is asked by “{kind}”")
    return Pause(kind, step, tuple(asked), moment(since), note)
