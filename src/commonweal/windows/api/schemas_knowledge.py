"""What the API says about datasets and findings."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import BeforeValidator

from commonweal.windows.api.schemas_cases import Said, _said


class DatasetRowOut(Schema):
    """A dataset in the catalogue."""

    id: str
    name: Said
    description: Said | None
    publisher: str
    publisher_name: Said
    access: str
    rhythm: str
    rows: int | None
    collected: datetime | None
    status: str | None
    quality: float | None = Field(description="Between 0 and 1: the mean of the scores.")


class DatasetPage(Schema):
    """Some datasets and the cursor of the next page."""

    rows: list[DatasetRowOut]
    next: str | None


class ColumnOut(Schema):
    """A column and the element of the unified data standard it is bound to."""

    name: str
    element: str
    label: Said
    type: str
    unit: str | None
    required: bool
    key: bool
    codelist: str | None


class ScoreOut(Schema):
    """One measure of quality, between 0 and 1."""

    key: str
    label: Said
    value: float


class DatasetOut(Schema):
    """A dataset in full."""

    row: DatasetRowOut
    columns: list[ColumnOut]
    keys: list[str]
    region: str | None
    period: str | None
    licence: str | None
    attribution: str | None
    source: Said
    legal: list[str]
    quality: list[ScoreOut]
    snapshots: list[int]


class PreviewOut(Schema):
    """The first rows, as text."""

    columns: list[str]
    rows: list[list[str]]


class SideOut(Schema):
    """One column of a finding and where it comes from."""

    dataset: str
    dataset_name: Said
    column: str
    name: Said
    unit: str | None
    publisher: str
    publisher_name: Said
    snapshot: int | None
    licence: str | None
    attribution: str | None
    collected: datetime | None


class FindingRowOut(Schema):
    """A finding in a list: an association, not cause."""

    ref: str
    kind: str
    kind_label: Said
    sentence: Said
    effect: float | None
    low: float | None
    high: float | None
    n: int
    entities: int
    p_adjusted: float | None
    left: SideOut
    right: SideOut
    state: str
    state_label: Said


class FindingPage(Schema):
    """Some findings and the cursor of the next page."""

    rows: list[FindingRowOut]
    next: str | None


class MeasureOut(Schema):
    """One measure of how sure a finding is."""

    name: Said
    value: float | int | str | None
    low: float | None
    high: float | None
    n: int | None
    note: Said


def _cells(rows: Any) -> Any:
    return [[_said(cell) for cell in row] for row in rows]


class FindingOut(Schema):
    """A finding with all that belongs to it."""

    row: FindingRowOut
    caution: Said
    method: Said
    measures: list[MeasureOut]
    explanations: list[Said]
    columns: list[Said]
    rows: Annotated[list[list[str | float | int | None]], BeforeValidator(_cells)]
    folded: list[FindingRowOut] = Field(description="What says the same otherwise.")
    scan_ref: str
    scanned: datetime
    pairs: int
