"""A table brought to the grain it is compared at: one row for each key. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from commonweal.knowledge.insight import sketches
from commonweal.knowledge.insight.estimates import Numbers
from commonweal.knowledge.insight.folder import periods
from commonweal.knowledge.insight.frames import Grain
from commonweal.knowledge.insight.plain import Plain, PlainTable

How = Literal["mean", "sum", "min", "max", "count"]
HOWS: tuple[How, ...] = ("mean", "sum", "min", "max", "count")
Grains = tuple[Grain | None, ...]
"""One for each key column; None for a key that is no period."""
ROWS = "rows of a key"
"""The name under which the number of rows that share a key is compared."""
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Together:
    """A table with one row for each key, the keys' hashes in ascending order, and whether keys had to be put together.

    `rows` of the file became as many as there are hashes.
    """

    table: PlainTable
    hashes: sketches.Hashes
    grains: Grains
    repeated: bool = False
    left_over: int = 0
    """Rows without a whole key."""
    how: dict[str, str] = field(default_factory=dict)
    """How each column's values were put together where keys repeat."""

    def numbers(self) -> list[sketches.Column]:
        """The columns of numbers, named `table.column`, as an index takes them."""
        made = []
        for column in self.table.columns:
            if not column.categories:
                keep = np.isfinite(column.values)
                name = f"{self.table.name}.{column.name}"
                made.append(sketches.Column(name, self.hashes[keep], column.values[keep], self.table.name))
        return made


def grains_of(table: PlainTable) -> Grains:
    """The grain of each key column."""
    return tuple(periods.grain_of(values) for values in table.keys)


def common(one: Grains, other: Grains) -> Grains:
    """What two tables can both be brought to."""
    return tuple(periods.coarser(a, b) for a, b in zip(one, other, strict=True))


def together(table: PlainTable, grains: Grains, how: How = "mean") -> Together:
    """The table at these grains: keys that become one are put together, numbers by `how`, categories by the mode.

    Where keys repeat in the file itself, how many rows share a key is a column too.
    """
    keys = [_at(values, grain) for values, grain in zip(table.keys, grains, strict=True)]
    hashes = sketches.hash_keys(keys)
    own = sketches.hash_keys(table.keys) if any(grains) else hashes
    here = np.flatnonzero(hashes)
    unique, first, place, counts = np.unique(hashes[here], return_index=True, return_inverse=True, return_counts=True)
    repeated = len(unique) < len(here)
    told: dict[str, str] = {}
    columns = []
    for column in table.columns:
        values = column.values[here]
        if repeated:
            told[column.name] = "mode" if column.categories else how
            values = _mode(values, place, len(unique)) if column.categories else _one(values, place, len(unique), how)
        else:
            values = values[first]
        columns.append(replace(column, values=values))
    if repeated and len(np.unique(own[here])) < len(here) and np.ptp(counts) > 0 and how != "count":
        columns.append(Plain(ROWS, counts.astype(float)))
        told[ROWS] = "count"
    rows = here[first]
    kept = [[values[row] for row in rows] for values in keys]
    made = PlainTable(table.name, len(unique), columns, kept, table.problems, table.left_out)
    return Together(made, unique, grains, repeated, len(hashes) - len(here), told)


def _at(values: list[str | None], grain: Grain | None) -> list[str | None]:
    if grain is None:
        return values
    known = {value: periods.at(value, grain) for value in set(values)}
    return [known[value] for value in values]


def _one(values: Numbers, place: Places, size: int, how: How) -> Numbers:
    """One number for each key from those that are there; NaN where none is (count: 0)."""
    keep = np.isfinite(values)
    at, kept = place[keep], values[keep]
    counts = np.bincount(at, minlength=size).astype(float)
    if how == "count":
        return counts
    if how in ("min", "max"):
        out = np.full(size, np.nan)
        (np.fmin if how == "min" else np.fmax).at(out, at, kept)
        return out
    sums = np.bincount(at, weights=kept, minlength=size)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(counts > 0, sums / counts if how == "mean" else sums, np.nan)


def _mode(codes: Numbers, place: Places, size: int) -> Numbers:
    """The most frequent category of each key, of equals the first; NaN where none is."""
    keep = np.isfinite(codes)
    out = np.full(size, np.nan)
    if not keep.any():
        return out
    width = int(codes[keep].max()) + 1
    pairs, counts = np.unique(place[keep] * width + codes[keep].astype(np.int64), return_counts=True)
    order = np.lexsort((-pairs, counts))
    out[pairs[order] // width] = pairs[order] % width
    return out


def spoken(names: Sequence[str], grains: Grains) -> str:
    """What was joined on, `Entity, Year (year)`."""
    return ", ".join(f"{name} ({grain})" if grain else name for name, grain in zip(names, grains, strict=True))
