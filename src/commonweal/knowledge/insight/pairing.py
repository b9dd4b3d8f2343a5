"""All pairs of columns of plain files: joined on keys where given, measured, adjusted, ranked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from commonweal.knowledge.insight import estimates
from commonweal.knowledge.insight.engine import Column, associate
from commonweal.knowledge.insight.estimates import Codes, Estimate, Numbers
from commonweal.knowledge.insight.frames import Measure
from commonweal.knowledge.insight.kinds import kind_of
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
    """One pair as it is reported. `kind` and `within` are known where keys say where and when; `lag` says by how many
    periods the right column is later; `also` holds the pair's other statistics; `given` what was held constant."""

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
    p_adjusted_by: float = 1.0
    lag: int | None = None
    given: tuple[str, ...] = ()
    also: Mapping[str, float] = field(default_factory=dict)
    strength: tuple[float, float, float] | None = None
    """Value and limits on the scale of a correlation, where the statistic has another."""
    joined_on: str = ""
    """Keys, and the grain of those that tell time, where the pair was joined for this row alone."""
    aggregation: Mapping[str, str] = field(default_factory=dict)
    """How several values of one key became one, by column."""

    @property
    def certain(self) -> float:
        """The strength one can count on: the end of the interval nearer to nothing."""
        _, low, high = self.strength or (self.value, self.low, self.high)
        return 0.0 if low <= 0 <= high else min(abs(low), abs(high))


@dataclass(frozen=True)
class Board:
    """Columns over common rows, and where and when each row is."""

    names: tuple[str, ...]
    columns: tuple[Plain, ...]
    place: Codes | None
    time: Codes | None
    rows: int
    time_key: int | None = None
    """Which of the keys tells time."""


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
    place, time, when = _where_and_when(tables, hashes, every)
    order = np.lexsort([k for k in (time, place) if k is not None]) if len(every) else np.zeros(0, np.int64)
    ordered = tuple(replace(c, values=c.values[order]) for c in columns)
    return Board(tuple(names), ordered, _ordered(place, order), _ordered(time, order), len(every), when)


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
) -> tuple[Codes | None, Codes | None, int | None]:
    """Place and period of every joined key, and which key is the period: the first that tells time, the others the
    place."""
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
    return places, (time if when is not None else None), when


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
