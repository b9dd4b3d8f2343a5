"""What the API says about columns and what goes with them."""

from __future__ import annotations

from ninja import Field, Schema

from commonweal.windows.api.schemas_cases import Said


class AnalysisColumnOut(Schema):
    """A column one can look at."""

    key: str = Field(description="`dataset.column`.")
    dataset: str
    dataset_name: Said
    column: str
    name: Said
    unit: str | None
    publisher_name: Said
    access: str
    kind: str = Field(description="`number` or `category`.")


class AnalysisColumnPage(Schema):
    """Some columns and the cursor of the next page."""

    rows: list[AnalysisColumnOut]
    next: str | None


class HitOut(Schema):
    """A column that goes with the one asked about: an association, not cause."""

    column: AnalysisColumnOut
    statistic: str
    value: float
    low: float
    high: float
    n: int
    entities: int
    p_adjusted: float
    grain: str
    kind: str
    strength: str


class SearchPage(Schema):
    """What goes with a column, surest first, and the cursor of the next page."""

    asked: AnalysisColumnOut
    compared: int
    withheld: int
    rows: list[HitOut]
    next: str | None


class CellOut(Schema):
    """One cell; `value` is absent where `why` says the reason."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    entities: int
    statistic: str
    why: str | None


class MatrixOut(Schema):
    """Every pair of some columns; the diagonal is empty."""

    columns: list[AnalysisColumnOut]
    cells: list[list[CellOut | None]]
    statistic: str
    given: str
    snapshots: dict[str, str]


class ReadingOut(Schema):
    """One way of looking at a pair."""

    view: str
    value: float
    low: float
    high: float
    n: int


class LagOut(Schema):
    """The second column so many periods after the first."""

    lag: int
    value: float
    low: float
    high: float
    n: int


class PairOut(Schema):
    """Two columns from every side: an association, not cause."""

    left: AnalysisColumnOut
    right: AnalysisColumnOut
    n: int
    entities: int
    periods: int
    design: str
    grain: str
    kind: str
    strength: str
    statistic: str
    readings: list[ReadingOut]
    lags: list[LagOut]
    snapshots: dict[str, str]
    withheld: str | None
