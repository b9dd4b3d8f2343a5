"""A dataset seen by its keys: where, when, and the columns worth comparing. Pure.

Two datasets can be joined when they speak of the same kind of place. The finer is brought to the grain of the
coarser: months to years, counties to cities. Figures that count (`integer`) are summed over places, all others are
averaged; over time everything is averaged, so that a year with fewer months is not a smaller year.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from commonweal.knowledge.insight import disclosure
from commonweal.knowledge.insight.estimates import Codes, Numbers
from commonweal.register.models import DataElement, Dataset, Region

Grain = Literal["day", "month", "quarter", "year"]
GRAINS: tuple[Grain, ...] = ("day", "month", "quarter", "year")
NUMERIC = ("integer", "decimal", "money", "boolean")
HIDDEN = ("personal", "sensitive")
"""Elements of these sensitivities are never compared."""

WEIGHT_ELEMENT = "performance.cases_closed"
"""Rows of the office's own record count as many cases; averages over such rows are weighted by them."""
FEWEST = disclosure.FEWEST_IN_A_CELL
"""Rows of people, businesses or cases that must stand behind an averaged figure."""


@dataclass(frozen=True)
class Measure:
    """One comparable column: numbers with NaN for absent, or codes of categories with -1."""

    name: str
    element: DataElement
    values: Numbers
    counts: bool = False
    categories: tuple[str, ...] = ()

    @property
    def is_category(self) -> bool:
        """Whether the values are codes of `categories`."""
        return bool(self.categories)


@dataclass(frozen=True)
class Frame:
    """Rows of a dataset at one grain. `place` holds small codes into `places`; `time` counts periods of `grain`."""

    dataset: Dataset
    domain: str | None
    places: tuple[str, ...]
    place: Codes | None
    grain: Grain | None
    time: Codes | None
    weight: Numbers | None
    measures: tuple[Measure, ...]
    per_row: int = FEWEST
    """How many people or cases a row stands for at least: 1 for microdata."""

    @cached_property
    def unique(self) -> bool:
        """Whether each place and period stands in one row."""
        return len(np.unique(self.keys())) == len(self)

    def __len__(self) -> int:
        for held in (self.place, self.time):
            if held is not None:
                return len(held)
        return 0

    def keys(self) -> Codes:
        """One number per row for its place and period."""
        key = np.zeros(len(self), dtype=np.int64)
        if self.time is not None:
            key = self.time.astype(np.int64)
        if self.place is not None:
            key = key * (len(self.places) + 1) + self.place
        return key


def frame(
    table: pa.Table, dataset: Dataset, elements: Mapping[str, DataElement], regions: Mapping[str, Region]
) -> Frame | None:
    """See a stored table by its keys; None when it says neither where nor when."""
    bound = {c.name: elements[c.element] for c in dataset.columns if c.element in elements}
    domain, places, place = _places(table, dataset, bound, regions)
    grain, time = _times(table, dataset, bound)
    if place is None and time is None:
        return None
    keep = np.ones(len(table), dtype=bool)
    for held in (place, time):
        if held is not None:
            keep &= held >= 0
    measures, weight = [], None
    for name, element in bound.items():
        if name in (dataset.region, dataset.period) or element.sensitivity in HIDDEN:
            continue
        values = _numbers(table.column(name), element)
        if values is not None and element.id == WEIGHT_ELEMENT:
            weight = np.nan_to_num(values[keep])
        if name in dataset.keys:
            continue
        if values is not None:
            measures.append(Measure(name, element, values[keep], element.type == "integer"))
        elif element.type == "code":
            codes, categories = _categories(table.column(name))
            measures.append(Measure(name, element, codes[keep].astype(float), False, categories))
    micro = dataset.grain in ("person", "business", "case")
    return Frame(
        dataset, domain, places, place[keep] if place is not None else None, grain,
        time[keep] if time is not None else None, weight, tuple(measures), 1 if micro or weight is not None else FEWEST,
    )  # fmt: skip


def _places(
    table: pa.Table, dataset: Dataset, bound: Mapping[str, DataElement], regions: Mapping[str, Region]
) -> tuple[str | None, tuple[str, ...], Codes | None]:
    element = bound.get(dataset.region or "")
    if dataset.region is None or element is None:
        return None, (), None
    codes, places = _categories(table.column(dataset.region))
    if element.type == "region":
        levels = {regions[p].level for p in places if p in regions}
        return f"regions:{'/'.join(sorted(levels))}", places, codes
    return f"list:{element.codelist or element.id}", places, codes


def _categories(column: pa.ChunkedArray) -> tuple[Codes, tuple[str, ...]]:
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = array.cast(pa.string()).dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, tuple(encoded.dictionary.to_pylist())


def _numbers(column: pa.ChunkedArray, element: DataElement) -> Numbers | None:
    if element.type not in NUMERIC:
        return None
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_boolean(array.type):
        array = array.cast(pa.int8())
    return pc.fill_null(array.cast(pa.float64()), np.nan).to_numpy(zero_copy_only=False).astype(float)


def _days_or_months(days: Codes, column: pa.Array) -> tuple[Grain, Codes]:
    """Dates that are all the first of a month say the month."""
    if len(column) > column.null_count and pc.all(pc.equal(pc.day(column), 1)).as_py():
        return "month", np.where(days >= 0, _months(days), -1)
    return "day", days


def _months(days: Codes) -> Codes:
    """Months since the year 0 of days since 1970."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12


_MONTH, _QUARTER = re.compile(r"\d{4}-\d{2}"), re.compile(r"\d{4}-Q[1-4]")


def _times(table: pa.Table, dataset: Dataset, bound: Mapping[str, DataElement]) -> tuple[Grain | None, Codes | None]:
    element = bound.get(dataset.period or "")
    if dataset.period is None or element is None:
        return None, None
    column = table.column(dataset.period).combine_chunks()
    if pa.types.is_integer(column.type):
        return "year", pc.fill_null(column, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    if pa.types.is_date(column.type):
        days = pc.fill_null(column.cast(pa.int32()), -1).to_numpy(zero_copy_only=False).astype(np.int64)
        return _days_or_months(days, column)
    codes, names = _categories(table.column(dataset.period))
    if all(_MONTH.fullmatch(n) for n in names):
        numbers = [int(n[:4]) * 12 + int(n[5:]) - 1 for n in names]
        return "month", _looked_up(codes, numbers)
    if all(_QUARTER.fullmatch(n) for n in names):
        return "quarter", _looked_up(codes, [int(n[:4]) * 4 + int(n[6]) - 1 for n in names])
    return None, None


def _looked_up(codes: Codes, numbers: Sequence[int]) -> Codes:
    table = np.append(np.asarray(numbers, dtype=np.int64), -1)
    return table[codes]


def coarser_time(time: Codes, grain: Grain, wanted: Grain) -> Codes:
    """Periods of one grain as periods of a coarser one."""
    if grain == wanted:
        return time
    if grain == "day":
        return coarser_time(_months(time), "month", wanted)
    per = {("month", "quarter"): 3, ("month", "year"): 12, ("quarter", "year"): 4}[(grain, wanted)]
    return time // per


def put_together(source: Frame) -> Frame:
    """One row per place and period: weighted means (sums of counts over places), and the rows behind each."""
    if source.unique and source.weight is None and source.per_row > 1:
        return source
    keys, first, group = np.unique(source.keys(), return_index=True, return_inverse=True)
    size = len(keys)
    weight = source.weight if source.weight is not None else np.ones(len(source))
    measures = []
    for measure in source.measures:
        if measure.is_category:
            continue
        present = ~np.isnan(measure.values)
        heavy = np.where(present, weight, 0.0)
        enough = np.bincount(group, weights=heavy, minlength=size) >= (FEWEST if source.per_row == 1 else 1e-9)
        share = present.astype(float) if measure.counts else heavy
        behind = np.bincount(group, weights=share, minlength=size)
        total = np.bincount(group, weights=np.where(present, measure.values * share, 0.0), minlength=size)
        if _confidential(source, measure):
            enough &= ~disclosure.dominated(group, measure.values, size)
        with np.errstate(invalid="ignore", divide="ignore"):
            values = np.where(enough, total / behind, np.nan)
        measures.append(replace(measure, values=values))
    return replace(
        source,
        place=source.place[first] if source.place is not None else None,
        time=source.time[first] if source.time is not None else None,
        weight=None,
        measures=tuple(measures),
        per_row=FEWEST,
    )


def _confidential(source: Frame, measure: Measure) -> bool:
    """Amounts of money and businesses' figures, row by row and not open: a competitor knows his own part of a sum."""
    amount = measure.element.type == "money" or source.dataset.grain == "business"
    return amount and source.per_row == 1 and source.weight is None and source.dataset.access != "open"


def over_time(source: Frame, wanted: Grain | None) -> Frame:
    """The frame at a coarser period, or with None averaged over all of its time."""
    if source.time is None or source.grain == wanted:
        return source
    time = None if wanted is None else coarser_time(source.time, source.grain or "year", wanted)
    return replace(source, grain=wanted, time=time)


def to_level(source: Frame, level: str, regions: Mapping[str, Region]) -> Frame:
    """Regions replaced by those above them at `level`; counts of one period are summed, rates averaged."""
    if source.place is None:
        return source
    above = [_at_level(p, level, regions) for p in source.places]
    places = tuple(sorted({p for p in above if p is not None}))
    index = {p: i for i, p in enumerate(places)}
    table = np.array([index[p] if p is not None else -1 for p in above], dtype=np.int64)
    place = table[source.place]
    keep = place >= 0
    taken = rows_where(source, keep)
    moved = replace(taken, domain=f"regions:{level}", places=places, place=place[keep])
    if source.weight is not None or source.per_row == 1:
        return moved
    return _sum_counts(moved)


def rows_where(source: Frame, keep: npt.NDArray[np.bool_]) -> Frame:
    """Some of the rows of a frame."""

    def part(held: npt.NDArray | None) -> npt.NDArray | None:
        return None if held is None else held[keep]

    measures = tuple(replace(m, values=m.values[keep]) for m in source.measures)
    return replace(
        source, place=part(source.place), time=part(source.time), weight=part(source.weight), measures=measures
    )


def _sum_counts(source: Frame) -> Frame:
    """Counts become sums over the rows of a key, so that the mean taken later is their sum."""
    _, group, sizes = np.unique(source.keys(), return_inverse=True, return_counts=True)
    measures = tuple(replace(m, values=m.values * sizes[group]) if m.counts else m for m in source.measures)
    return replace(source, measures=measures)


def _at_level(place: str, level: str, regions: Mapping[str, Region]) -> str | None:
    seen: set[str] = set()
    current: str | None = place
    while current is not None and current in regions and current not in seen:
        if regions[current].level == level:
            return current
        seen.add(current)
        current = regions[current].parent
    return None
