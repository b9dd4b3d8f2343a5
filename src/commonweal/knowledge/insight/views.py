"""What the cockpit gets to see: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from commonweal.register.models import Text

Cell = Text | str | float | int | None


@dataclass(frozen=True, slots=True)
class Side:
    """One column of a finding and the dataset it comes from, as they were when it was measured."""

    dataset: str
    dataset_name: Text
    column: str
    name: Text
    unit: str | None
    publisher: str
    publisher_name: Text
    snapshot: int | None
    licence: str | None
    attribution: str | None
    collected: datetime | None


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A line of the list of findings."""

    ref: str
    kind: str
    kind_label: Text
    sentence: Text
    effect: float
    low: float
    high: float
    n: int
    entities: int
    p_adjusted: float
    left: Side
    right: Side
    state: str
    state_label: Text


@dataclass(frozen=True, slots=True)
class Measure:
    """One way of looking at the pair."""

    name: Text
    value: float
    low: float
    high: float
    n: int
    note: Text


@dataclass(frozen=True, slots=True)
class Figures:
    """A correlation-like value with its 95 % interval, the rows and places behind it."""

    value: float
    low: float
    high: float
    n: int
    entities: int


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One turn in a finding's history. `by` is an official's name, empty for what a scan found."""

    what: str
    label: Text
    at: datetime
    by: str
    organisation: Text | None
    figures: Figures | None
    note: str


@dataclass(frozen=True, slots=True)
class LaterView:
    """What rows after `since` say: `verdict` is confirmed, refuted, undecided or none; no figures where too few."""

    verdict: str
    label: Text
    since: date
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """A task from a finding: who is to do what by when, what was done, and the pair before and after."""

    ref: str
    finding: str
    sentence: Text
    organisation: str
    organisation_name: Text
    task: str
    due: date
    overdue: bool
    status: str
    status_label: Text
    by: str
    at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None
    before: Figures | None
    after: Figures | None
    may_answer: bool


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding's page."""

    row: FindingRow
    caution: Text
    method: Text
    measures: tuple[Measure, ...]
    explanations: tuple[Text, ...]
    columns: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    chart: dict[str, str]
    folded: tuple[FindingRow, ...]
    later: LaterView | None
    turns: tuple[TurnRow, ...]
    assignments: tuple[AssignmentRow, ...]
    may_assign: bool
    scan_ref: str
    scanned: datetime
    pairs: int


@dataclass(frozen=True, slots=True)
class ScanRow:
    """One search of the lake."""

    ref: str
    finished: datetime
    pairs: int
    withheld: int
    tests: int
    news: int


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month of a tile; None where fewer than ten cases stand behind it."""

    period: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the cockpit's five figures. Shares are percent; `previous` is the month before."""

    key: str
    label: Text
    value: float | None
    unit: Literal["cases", "days", "share"]
    previous: float | None
    trend: tuple[TrendPoint, ...]
    better: Literal["up", "down", "none"]
    n: int


@dataclass(frozen=True, slots=True)
class RegionBar:
    """A region's median working days to a decision over the last twelve months; None under ten cases."""

    region: str
    name: Text
    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The cockpit's first page."""

    as_of: date | None
    tiles: tuple[Tile, ...]
    regions: tuple[RegionBar, ...]
    note: Text
