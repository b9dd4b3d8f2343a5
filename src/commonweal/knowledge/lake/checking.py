"""Holding rows to the declared standard: cast, check, and set aside what does not fit. Pure and vectorised."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from commonweal.knowledge.lake.casting import Cast, Mask, cast, coded, mask, matches, tidy, typed
from commonweal.knowledge.lake.contract import BoundColumn, Contract
from commonweal.knowledge.lake.faults import Faults

THREADS = 8
ROW = "__row"
"""Name of the column that carries each row's number in its source through reshaping."""


@dataclass(frozen=True)
class Conformed:
    """Rows that fit, the faults of those that do not, and what the scores are made of."""

    good: pa.Table
    rows: pa.Array
    faults: pa.Table
    read: int
    spelt: int
    repeated: int
    without: int = 0
    """Published rows that are none of the dataset's, by its declaration."""


def conform(raw: pa.Table, contract: Contract, *, unique: bool = True, faults: Faults | None = None) -> Conformed:
    """Check text rows (`raw`, with a `__row` column) against the contract.

    A row with any fault is set aside whole, since half a row misleads; each of its faults is listed. With
    `unique`, later rows with a key already seen are set aside too.
    """
    found = faults or Faults()
    numbers = raw.column(ROW).combine_chunks()
    bad = np.zeros(len(raw), dtype=bool)
    with ThreadPoolExecutor(min(THREADS, os.cpu_count() or 1)) as pool:  # Arrow works outside the interpreter's lock
        judged = list(pool.map(lambda column: _judged(raw.column(column.name), column), contract.columns))
    for column, each in zip(contract.columns, judged, strict=True):
        for where, reason in each.wrong:
            found.add(numbers, column.name, each.text, where, reason)
            bad |= where
    good, rows = pa.table([each.values for each in judged], schema=contract.schema), numbers
    if bad.any():
        good, rows = _without(good, bad), numbers.filter(pa.array(~bad))
    repeated, spelt = 0, sum(each.spelt for each in judged)
    if unique:
        good, rows, repeated = _first_of_each(good, rows, contract, found)
    return Conformed(good, rows, found.table(), len(raw), spelt, repeated)


def _without(table: pa.Table, bad: Mask) -> pa.Table:
    """The rows that are not bad. Where few are, the stretches between them stay where they are in memory."""
    at = np.flatnonzero(bad)
    if len(at) > len(table) // 1000:
        return table.filter(pa.array(~bad))
    starts, ends = np.append(0, at + 1), np.append(at, len(table))
    return pa.concat_tables([table.slice(a, b - a) for a, b in zip(starts, ends, strict=True) if b > a])


@dataclass(frozen=True)
class _Judged:
    """One column: as it stood, as it is read, where it is wrong and why."""

    text: pa.Array
    values: pa.Array
    wrong: list[tuple[Mask, str]]
    spelt: int


def _judged(published: pa.ChunkedArray, column: BoundColumn) -> _Judged:
    text, read = _read(published, column)
    wrong = [(where, why) for where, why in (*read.wrong, *limits(text, read.values, column)) if where.any()]
    if column.required and read.values.null_count:
        empty = mask(pc.is_null(read.values)) & ~_any(read.wrong, len(text))
        wrong.append((empty, "required"))
    return _Judged(text, read.values, wrong, read.spelt)


def _read(published: pa.ChunkedArray, column: BoundColumn) -> tuple[pa.Array, Cast]:
    """A column as it stands, and as the element's type; what has the type already is not written out as text first."""
    known = typed(array := published.combine_chunks(), column)
    if known is not None:
        return array, known
    text = coded(published) if column.codes is not None else tidy(published)
    return text, cast(text, column)


def check_values(table: pa.Table, rows: pa.Array, contract: Contract, found: Faults) -> tuple[pa.Table, pa.Array, int]:
    """After rows were put together (aggregated): limits and unique keys hold for the result too."""
    bad = np.zeros(len(table), dtype=bool)
    for column in contract.columns:
        values = table.column(column.name).combine_chunks()
        for where, reason in limits(values.cast(pa.string()), values, column):
            found.add(rows, column.name, values.cast(pa.string()), where, reason)
            bad |= where
    keep = pa.array(~bad)
    return _first_of_each(table.filter(keep), rows.filter(keep), contract, found)


def _any(wrong: list[tuple[Mask, str]], length: int) -> Mask:
    return np.logical_or.reduce([w for w, _ in wrong]) if wrong else np.zeros(length, dtype=bool)


def limits(text: pa.Array, values: pa.Array, column: BoundColumn) -> list[tuple[Mask, str]]:
    """Where values that could be read lie outside what the element allows, and the reason for each."""
    element = column.element
    wrong: list[tuple[Mask, str]] = []
    if element.pattern and pa.types.is_string(column.type) and column.codes is None:
        wrong.append((mask(pc.is_valid(text)) & ~matches(text, element.pattern), f"pattern:{element.pattern}"))
    if element.max_length and pa.types.is_string(column.type):
        long = pc.greater(pc.utf8_length(values), element.max_length)
        wrong.append((mask(long), f"too-long:{element.max_length}"))
    if element.min is not None and not pa.types.is_string(column.type):
        wrong.append((mask(pc.less(values, _bound(element.min, column.type))), f"too-small:{element.min}"))
    if element.max is not None and not pa.types.is_string(column.type):
        wrong.append((mask(pc.greater(values, _bound(element.max, column.type))), f"too-large:{element.max}"))
    return wrong


def _bound(limit: Decimal | date, kind: pa.DataType) -> pa.Scalar:
    if pa.types.is_date(kind):
        return pa.scalar(limit, kind)
    if pa.types.is_decimal(kind):
        return pa.scalar(limit, pa.decimal128(20, 2))
    return pa.scalar(float(limit), pa.float64())  # type: ignore[arg-type]


def ascending(column: pa.ChunkedArray, *, strictly: bool = False) -> bool:
    """Whether no value is less than the one before (`strictly`: nor equal to it); null counts as disorder."""
    if column.null_count or len(column) < 2:
        return not column.null_count
    return bool(pc.all((pc.less if strictly else pc.less_equal)(column[:-1], column[1:])).as_py())


def _first_of_each(
    table: pa.Table, rows: pa.Array, contract: Contract, found: Faults
) -> tuple[pa.Table, pa.Array, int]:
    """Keep the first row of each key; the others are named with the row that came before them."""
    keys = list(contract.dataset.keys)
    if len(keys) == 1 and ascending(table.column(keys[0]), strictly=True):
        return table, rows, 0
    numbered = table.select(keys).append_column(ROW, rows)
    first = numbered.group_by(keys).aggregate([(ROW, "min")])
    if len(first) == len(table):
        return table, rows, 0
    order = pa.array(np.arange(len(table)))
    joined = numbered.append_column("__at", order).join(first, keys).sort_by("__at")
    earliest = joined.column(f"{ROW}_min").to_numpy()
    own = rows.to_numpy(zero_copy_only=False)
    again = own != earliest
    shown = [table.column(k).cast(pa.string()).to_pylist() for k in keys]
    found.add_rows(
        [
            (int(own[i]), ", ".join(keys), " · ".join(str(s[i]) for s in shown), f"duplicate:{int(earliest[i])}")
            for i in np.flatnonzero(again)
        ]
    )
    keep = pa.array(~again)
    return table.filter(keep), rows.filter(keep), int(again.sum())
