"""What the explore pages, the API and a notebook get to see: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from commonweal.register.models import Text


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column one can look at. `key` is `dataset.column`; `kind` is `number` or `category`."""

    key: str
    dataset: str
    dataset_name: Text = field(compare=False)
    column: str
    name: Text = field(compare=False)
    unit: str | None
    publisher_name: Text = field(compare=False)
    access: str
    kind: str
    domain: str
    """What its rows are about: `regions`, a code list's name, or empty for one whole over time."""
    timed: bool


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A column that goes with the one asked about. `kind` is one of `insight.kinds.Kind`."""

    column: ColumnRow
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


@dataclass(frozen=True, slots=True)
class SearchView:
    """What goes with a column, surest first."""

    asked: ColumnRow
    rows: tuple[SearchHit, ...]
    compared: int
    withheld: int


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of a matrix. Withheld: `value` is None and `why` says the reason."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    entities: int = 0
    statistic: str = ""
    why: str | None = None


@dataclass(frozen=True, slots=True)
class MatrixView:
    """Every pair of the columns chosen: `cells[row][column]`; the diagonal is None."""

    columns: tuple[ColumnRow, ...]
    cells: tuple[tuple[CellView | None, ...], ...]
    statistic: str
    given: str
    snapshots: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of a scatter: a point (`n` 1, `half` 0), or a bin with the half-width of y's 95 % interval."""

    name: str
    x: float
    y: float
    half: float = 0.0
    n: int = 1


@dataclass(frozen=True, slots=True)
class Scatter:
    """What to draw of two columns. `style`: points, places, bins or none; `relative` axes are differences."""

    style: str
    marks: tuple[Mark, ...]
    relative: bool = False
    logs: tuple[bool, bool] = (False, False)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way of looking at the pair: its name in `sentences.VIEWS`, value and interval."""

    view: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Lag:
    """The second column so many periods after the first; a negative lag is before it."""

    lag: int
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Line:
    """A place's values over time; `points` are (period, x, y) and either may be None."""

    place: str
    name: Text
    points: tuple[tuple[int, float | None, float | None], ...]


@dataclass(frozen=True, slots=True)
class PairView:
    """Two columns from every side. `withheld` says why nothing is shown."""

    left: ColumnRow
    right: ColumnRow
    n: int
    entities: int
    periods: int
    design: str
    grain: str
    kind: str
    kind_label: Text
    strength: str
    main: str
    readings: tuple[Reading, ...]
    scatter: Scatter
    view: str
    views: tuple[str, ...]
    lags: tuple[Lag, ...]
    lines: tuple[Line, ...]
    places: tuple[tuple[str, Text], ...]
    snapshots: Mapping[str, str]
    withheld: str | None = None
    statistic: str = "pearson"
    groups: tuple[tuple[str, float, int], ...] = ()
    """Of a category and a number: each category's mean and rows."""


@dataclass(frozen=True, slots=True)
class PlaceValue:
    """A place's figure on a map or in the ranked list; `group` is its quantile class, 0 the lowest."""

    place: str
    name: Text
    value: float | None
    group: int | None


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """Figures by place, highest first, in classes, with outlines where they are declared."""

    rows: tuple[PlaceValue, ...] = ()
    breaks: tuple[float, ...] = ()
    """Upper bounds of the classes but the last."""
    shapes: Mapping[str, tuple[tuple[tuple[float, float], ...], ...]] = field(default_factory=dict)
    """Rings of (longitude, latitude) by place; empty where no outlines are declared."""
    around: tuple[tuple[tuple[float, float], ...], ...] = ()
    """Rings of the nearest declared region in which all of them lie."""
    attribution: Text | None = None

    @property
    def missing(self) -> int:
        """Places without a figure: not reported, or fewer than ten people or cases."""
        return sum(row.value is None for row in self.rows)


@dataclass(frozen=True, slots=True)
class MapView:
    """A column by place at one period, and over time. `withheld` says why nothing is shown."""

    column: ColumnRow
    period: str
    periods: tuple[str, ...]
    map: PlaceMap
    lines: tuple[Line, ...] = ()
    """Its figures over time in up to thirty places; the second value of a point is None."""
    grain: str = ""
    snapshot: str = ""
    withheld: str | None = None
