"""What windows get to see of the lake: frozen values, no rows of the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commonweal.register.models import Text


@dataclass(frozen=True, slots=True)
class DatasetRow:
    """A line of the catalogue. `rows`, `collected`, `status` and `quality` are None before the first collection."""

    id: str
    name: Text
    description: Text | None
    publisher: str
    publisher_name: Text
    access: str
    rhythm: str
    rows: int | None
    collected: datetime | None
    status: str | None
    quality: float | None


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column and the element of the standard it is bound to."""

    name: str
    element: str
    label: Text
    type: str
    unit: str | None
    required: bool
    key: bool
    codelist: str | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class Score:
    """One of the five quality scores, between 0 and 1."""

    key: str
    label: Text
    value: float


@dataclass(frozen=True, slots=True)
class CollectionRow:
    """One run of the collector."""

    started: datetime
    finished: datetime | None
    status: str
    read: int
    rows: int
    quarantined: int
    snapshot: int | None
    quality: float | None
    note: str
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class DatasetView:
    """A dataset's page."""

    row: DatasetRow
    columns: tuple[ColumnView, ...]
    keys: tuple[str, ...]
    region: str | None
    period: str | None
    licence: str | None
    attribution: str | None
    source: Text
    legal: tuple[str, ...]
    quality: tuple[Score, ...]
    collections: tuple[CollectionRow, ...]
    snapshots: tuple[int, ...]
    may_read: bool
    snapshot: int | None = None
    """The snapshot shown: the newest, or what stood at `as_of`."""
    as_of: datetime | None = None
    running: datetime | None = None
    """Since when a collection is under way."""
    source_type: str = ""
    faults: int = 0
    """Rows set aside that this reader may look at."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows, as text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """One fault of one row that was set aside."""

    row: int
    column: str
    value: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Export:
    """A whole dataset on its way out, a piece at a time."""

    content_type: str
    filename: str
    chunks: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """Word to a publisher that a dataset needs mending. `detail` holds the figures of `reason`."""

    dataset: str
    name: Text
    organisation: str
    organisation_name: Text
    reason: str
    detail: Mapping[str, Any]
    score: Text | None
    opened: datetime


@dataclass(frozen=True, slots=True)
class Trend:
    """One score from collection to collection, oldest first."""

    key: str
    label: Text
    points: tuple[tuple[datetime, float], ...]

    @property
    def values(self) -> list[float]:
        """The scores alone."""
        return [value for _, value in self.points]
