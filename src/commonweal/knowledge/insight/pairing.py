"""All pairs of columns of plain files: joined on keys where given, measured, adjusted, ranked."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from scipy import special, stats

from commonweal.knowledge.insight import categories, estimates, moments
from commonweal.knowledge.insight.engine import Column, adjust, associate
from commonweal.knowledge.insight.estimates import Codes, Estimate, Numbers
from commonweal.knowledge.insight.frames import Measure
from commonweal.knowledge.insight.kinds import SAME, kind_of
from commonweal.knowledge.insight.plain import Plain, PlainTable, periods
from commonweal.knowledge.insight.sketches import hash_keys
from commonweal.register.models import DataElement, Text

Progress = Callable[[str], None]
FEWEST = 12
"""Rows two columns must share: ten degrees of freedom beside the two that a correlation uses."""
LOOKED_AT = 600
"""So many of the strongest pairs are looked at again with their keys: by place, within places, over time."""
MOST_CELLS = 150_000_000


@dataclass(frozen=True)
class Row:
    """One pair as it is reported. `kind` and `within` are known where keys say where and when."""

    left: str
    right: str
    statistic: str
    value: float
    low: float
    high: float
    n: int
    p: float
    p_adjusted: float = 1.0
    entities: int | None = None
    kind: str | None = None
    within: Estimate | None = None

    @property
    def certain(self) -> float:
        """The strength one can count on: the end of the interval nearer to nothing."""
        return 0.0 if self.low <= 0 <= self.high else min(abs(self.low), abs(self.high))


@dataclass(frozen=True)
class Board:
    """Columns over common rows, and where and when each row is."""

    names: tuple[str, ...]
    columns: tuple[Plain, ...]
    place: Codes | None
    time: Codes | None
    rows: int


def boards(tables: Sequence[PlainTable], keys: Sequence[str]) -> list[Board]:
    """Without keys each file is a board of its own; with keys all files are joined to one."""
    many = len(tables) > 1
    if not keys:
        return [
            Board(
                tuple(f"{t.name}.{c.name}" if many else c.name for c in t.columns), tuple(t.columns), None, None, t.rows
            )
            for t in tables
        ]
    return [_joined(tables, many)]


def _joined(tables: Sequence[PlainTable], many: bool) -> Board:
    hashes = [hash_keys(t.keys) for t in tables]
    every = np.unique(np.concatenate([h[h != 0] for h in hashes])) if hashes else np.zeros(0, np.uint64)
    names, columns = [], []
    for table, own in zip(tables, hashes, strict=True):
        at = np.searchsorted(every, own)
        at[own == 0] = len(every)
        for column in table.columns:
            names.append(f"{table.name}.{column.name}" if many else column.name)
            columns.append(replace(column, values=_at_keys(column, at, len(every))))
    place, time = _where_and_when(tables, hashes, every)
    order = np.lexsort([k for k in (time, place) if k is not None]) if len(every) else np.zeros(0, np.int64)
    ordered = tuple(replace(c, values=c.values[order]) for c in columns)
    return Board(tuple(names), ordered, _ordered(place, order), _ordered(time, order), len(every))


def _ordered(codes: Codes | None, order: Codes) -> Codes | None:
    return None if codes is None else codes[order]


def _at_keys(column: Plain, at: Codes, size: int) -> Numbers:
    """One value for each key: the mean of repeated numbers, the first of repeated categories."""
    keep = np.isfinite(column.values) & (at < size)
    where, values = at[keep], column.values[keep]
    out = np.full(size, np.nan)
    if column.categories:
        out[where[::-1]] = values[::-1]
        return out
    counts = np.bincount(where, minlength=size)
    sums = np.bincount(where, weights=values, minlength=size)
    np.divide(sums, counts, out=out, where=counts > 0)
    return out


def _where_and_when(
    tables: Sequence[PlainTable], hashes: Sequence[np.ndarray], every: np.ndarray
) -> tuple[Codes | None, Codes | None]:
    """Place and period of every joined key: the first key that tells time is the period, the others the place."""
    count = len(tables[0].keys)
    told = [[periods(t.keys[k]) for t in tables] for k in range(count)]
    when = next((k for k in range(count) if all(p is not None for p in told[k])), None)
    place = np.zeros(len(every), dtype=np.uint64)
    time = np.full(len(every), -1, dtype=np.int64)
    for t, (table, own) in enumerate(zip(tables, hashes, strict=True)):
        at, good = np.searchsorted(every, own), own != 0
        others = [table.keys[k] for k in range(count) if k != when]
        if others:
            place[at[good]] = hash_keys(others)[good]
        if when is not None:
            time[at[good]] = told[when][t][good]  # type: ignore[index]
    places = np.unique(place, return_inverse=True)[1].astype(np.int64) if count > (when is not None) else None
    return places, (time if when is not None else None)


def measure(board: Board, say: Progress) -> list[Row]:
    """Every pair of a board's columns that shares enough rows; p not yet adjusted."""
    numeric = [i for i, c in enumerate(board.columns) if not c.categories]
    named = [i for i, c in enumerate(board.columns) if c.categories]
    rows = _numeric(board, numeric, say)
    for i, j in itertools.product(named, numeric):
        rows += _mixed(board, i, j)
    for i, j in itertools.combinations(named, 2):
        rows += _named(board, i, j)
    return rows


def _numeric(board: Board, which: list[int], say: Progress) -> list[Row]:
    if len(which) < 2 or board.rows == 0:
        return []
    say(f"{len(which) * (len(which) - 1) // 2} pairs of numbers over {board.rows} rows")
    batch = pa.RecordBatch.from_arrays([pa.array(board.columns[i].values) for i in which], [str(i) for i in which])
    summary = moments.of_batches([batch], [str(i) for i in which])
    return pearson_rows(summary, [board.names[i] for i in which])


def pearson_rows(summary: moments.Moments, names: Sequence[str]) -> list[Row]:
    """Rows for every pair of a summary: Fisher's interval and Student's t."""
    left, right = np.triu_indices(len(names), 1)
    r, n = summary.correlation()[left, right], summary.counts[left, right]
    shown = np.isfinite(r) & (n >= FEWEST)
    left, right, r, n = left[shown], right[shown], r[shown], n[shown]
    z = np.arctanh(np.clip(r, -1 + 1e-15, 1 - 1e-15))
    reach = special.ndtri(0.975) / np.sqrt(n - 3)
    low, high = np.tanh(z - reach), np.tanh(z + reach)
    with np.errstate(divide="ignore"):
        p = 2 * stats.t.sf(np.abs(r) * np.sqrt((n - 2) / np.maximum(1 - r * r, 1e-300)), n - 2)
    kinds = np.where(np.abs(r) >= SAME, "same-measure", "")
    told = zip(left, right, r, low, high, n, p, kinds, strict=True)
    return [
        Row(names[i], names[j], "pearson", float(v), float(a), float(b), int(m), float(q), kind=str(k) or None)
        for i, j, v, a, b, m, q, k in told
    ]


def _both(board: Board, i: int, j: int) -> tuple[Numbers, Numbers]:
    x, y = board.columns[i].values, board.columns[j].values
    here = np.isfinite(x) & np.isfinite(y)
    return x[here], y[here]


def _mixed(board: Board, i: int, j: int) -> list[Row]:
    codes, values = _both(board, i, j)
    found = categories.correlation_ratio(codes.astype(np.int64), values) if len(values) >= FEWEST else None
    return _told(board, i, j, "correlation_ratio", found)


def _named(board: Board, i: int, j: int) -> list[Row]:
    a, b = _both(board, i, j)
    found = categories.cramers_v(a.astype(np.int64), b.astype(np.int64)) if len(a) >= FEWEST else None
    return _told(board, i, j, "cramers_v", found)


def _told(board: Board, i: int, j: int, statistic: str, found: Estimate | None) -> list[Row]:
    if found is None:
        return []
    return [Row(board.names[i], board.names[j], statistic, found.value, found.low, found.high, found.n, found.p)]


def ranked(rows: Sequence[Row]) -> list[Row]:
    """Adjusted over the whole scan and sorted by the strength one can count on."""
    adjusted = adjust([min(1.0, r.p) for r in rows])
    done = [replace(r, p_adjusted=q) for r, q in zip(rows, adjusted, strict=True)]
    return sorted(done, key=lambda r: (-r.certain, -abs(r.value), r.left, r.right))


def looked_at_again(board: Board, rows: Sequence[Row]) -> list[Row]:
    """The strongest numeric pairs with their keys: rows of one place counted as depending on each other."""
    if board.place is None and board.time is None:
        return list(rows)
    at = {name: i for i, name in enumerate(board.names)}
    order = sorted(range(len(rows)), key=lambda k: -rows[k].certain)
    chosen = [k for k in order if rows[k].statistic == "pearson"][:LOOKED_AT]
    out = list(rows)
    for k in chosen:
        out[k] = again(board, rows[k], at[rows[k].left], at[rows[k].right])
    return out


def element_for(name: str) -> DataElement:
    """A stand-in element for an undeclared column, so that the engine can name the pair."""
    return DataElement.model_construct(id=name, name=Text({"en": name}), type="decimal", unit=None, concept=None)


def again(board: Board, row: Row, i: int, j: int) -> Row:
    x, y = board.columns[i].values, board.columns[j].values
    sides = [Column(v, Measure(n, element_for(n), v)) for n, v in ((row.left, x), (row.right, y))]
    found = associate(sides[0], sides[1], board.place, board.time)
    if found.withheld:
        return replace(row, kind=f"withheld: {found.withheld}", entities=found.entities, low=-1.0, high=1.0, p=1.0)
    here = np.isfinite(x) & np.isfinite(y)
    level = None
    if board.place is not None and found.design == "panel":
        small = np.unique(board.place[here], return_inverse=True)[1].astype(np.int64)
        level = estimates.correlation(x[here], y[here], clusters=small)
    kind, _ = kind_of(
        found, {v: found.views[v].p for v in found.tested}, sides[0].measure.element, sides[1].measure.element
    )
    known = replace(row, kind=kind, entities=found.entities, within=found.views.get("within"))
    if level is None:
        return known
    return replace(known, low=level.low, high=level.high, p=level.p)
