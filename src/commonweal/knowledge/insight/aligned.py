"""Columns of one key domain lined up by their keys' hashes, so that many comparisons are a few products. Pure.

A row for each kept key in order of its hash, a column for each column. One column against all others is products with
the rows of its own keys; all against all are products of tiles of columns, dense where keys are common and sparse where
few columns have them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from commonweal.knowledge.insight.sketches import Column

Hashes = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

DENSE_FROM = 32
"""Columns at one key from which a dense product beats a sparse one."""
TILE = 256
"""Columns multiplied at once with as many others, so that what is made of a product stays in the cache."""


@dataclass(frozen=True)
class Whole:
    """All keys and standardised values of all columns end to end, for exact answers beyond the sketches."""

    keys: Hashes
    ids: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    values: Floats


@dataclass(frozen=True)
class Aligned:
    """Sketches as one sparse matrix of values less their column's mean, over its spread. `whole` is None where every
    key of every column is in the matrix."""

    order: list[Column]
    names: npt.NDArray[np.str_]
    groups: npt.NDArray[np.str_]
    keys: Hashes
    values: sparse.csr_array
    whole: Whole | None

    @classmethod
    def of(cls, order: list[Column], size: int) -> Aligned:
        """Line up the first `size` keys of each column."""
        scaled = [standard(column.values) for column in order]
        keys, where = _ranked([column.hashes[:size] for column in order])
        place = np.repeat(np.arange(len(order), dtype=np.int32), [min(size, len(c.hashes)) for c in order])
        data = _joined([each[:size] for each in scaled], np.float64)
        rows = sparse.coo_array((data, (where, place)), shape=(len(keys), len(order))).tocsr()
        whole = None
        if any(len(column.hashes) > size for column in order):
            every, ids = _ranked([column.hashes for column in order])
            starts = np.cumsum([0, *(len(column.hashes) for column in order)])
            whole = Whole(every, ids, starts, _joined(scaled, np.float64))
        names, groups = (np.array([getattr(c, what) for c in order], dtype=str) for what in ("name", "group"))
        return cls(order, names, groups, keys, rows, whole)

    @property
    def nbytes(self) -> tuple[int, int]:
        """Bytes of the matrix, and of what is held beside it to verify with."""
        beside: list[npt.NDArray] = (
            [self.whole.keys, self.whole.ids, self.whole.values] if self.whole is not None else []
        )
        kept: list[npt.NDArray] = [self.keys, self.values.data, self.values.indices, self.values.indptr]
        return sum(part.nbytes for part in kept), sum(part.nbytes for part in beside)

    def against(self, column: Column) -> tuple[Floats, Floats]:
        """Shared keys n and r of `column` with every column, from the sketches."""
        at, found = find(self.keys, column.hashes)
        x = standard(column.values)[found]
        rows = self.values[at]
        powers = np.column_stack([np.ones_like(x), x, x * x])
        n, sx, sxx = (_like(rows, np.ones_like(rows.data)).T @ powers).T
        sy, sxy = (rows.T @ powers[:, :2]).T
        syy = _like(rows, rows.data * rows.data).T @ powers[:, 0]
        return n, pearson(n, sx, sy, sxx, syy, sxy)

    def verified(self, column: Column, candidates: npt.NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Shared keys n and exact r with each candidate, over every shared key. Needs `whole`."""
        held = self.whole
        if held is None:
            raise ValueError("the matrix holds every key already")
        at, found = find(held.keys, column.hashes)
        mine = np.full(len(held.keys), np.nan)
        mine[at] = standard(column.values)[found]
        sums = np.zeros((6, len(candidates)))
        for k, candidate in enumerate(candidates):
            begin, end = held.starts[candidate], held.starts[candidate + 1]
            x, y = mine[held.ids[begin:end]], held.values[begin:end]
            shared = x == x
            x, y = x[shared], y[shared]
            sums[:, k] = len(x), x.sum(), y.sum(), x @ x, y @ y, x @ y
        return sums[0], pearson(*sums)

    def all_pairs(self, least: int) -> tuple[Singles, Singles]:
        """r and n of every pair in single precision; NaN for fewer than `least` keys.

        Only tiles on and above the diagonal are multiplied, by as many threads as there are processors, and of two
        tiles only the keys that both have.
        """
        k = len(self.order)
        r, n = np.full((k, k), np.nan, np.float32), np.zeros((k, k), np.float32)
        if k == 0:
            return r, n
        lengths = np.diff(self.values.indptr)
        order = _alike(self.values, lengths >= DENSE_FROM)
        tiles = [order[start : start + TILE] for start in range(0, k, TILE)]
        dense = [_Tile.of(self.values[lengths >= DENSE_FROM], tile) for tile in tiles]
        few = [_Few.of(self.values[(lengths > 1) & (lengths < DENSE_FROM)], tile) for tile in tiles]

        def fill(pair: tuple[int, int]) -> None:
            i, j = pair
            sums = dense[i].with_other(dense[j])
            few[i].add(few[j], sums)
            told = pearson(*sums).astype(np.float32, copy=False)
            told[sums[0] < least] = np.nan
            for array, values in ((r, told), (n, sums[0])):
                array[np.ix_(tiles[i], tiles[j])] = values
                array[np.ix_(tiles[j], tiles[i])] = values.T

        pairs = [(i, j) for i in range(len(tiles)) for j in range(i, len(tiles))]
        with threadpool_limits(1, "blas"), ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            list(pool.map(fill, pairs))  # a thread for each pair of tiles beats many threads inside one product
        return r, n


Sums = tuple[Singles, Singles, Singles, Singles, Singles, Singles]
"""n, Σx, Σy, Σx², Σy², Σxy of every pair of two tiles."""


@dataclass(frozen=True)
class _Tile:
    """Some columns over the common keys: presence, values and squares side by side (dense), and which keys it has."""

    width: int
    has: npt.NDArray[np.bool_]
    side: Singles

    @classmethod
    def of(cls, rows: sparse.csr_array, columns: npt.NDArray[np.intp]) -> _Tile:
        mine = rows[:, columns]
        values = mine.toarray().astype(np.float32)
        present = _like(mine, np.ones_like(mine.data)).toarray().astype(np.float32)
        side = np.hstack([present, values, values * values])
        return cls(len(columns), np.diff(mine.indptr) > 0, side)

    def with_other(self, other: _Tile) -> Sums:
        both = self.has & other.has
        a, b = (tile.side if both.all() else tile.side[both] for tile in (self, other))
        w, v = self.width, other.width
        upon = a.T @ b[:, :v]
        back = a[:, :w].T @ b[:, v:]
        return upon[:w], upon[w : 2 * w], back[:, :v], upon[2 * w :], back[:, v:], a[:, w : 2 * w].T @ b[:, v : 2 * v]


@dataclass(frozen=True)
class _Few:
    """The same columns over the keys that few columns have, sparse."""

    present: sparse.csc_array
    values: sparse.csc_array
    squares: sparse.csc_array

    @classmethod
    def of(cls, rows: sparse.csr_array, columns: npt.NDArray[np.intp]) -> _Few:
        mine = rows[:, columns].astype(np.float32)
        return cls(_like(mine, np.ones_like(mine.data)), mine, _like(mine, mine.data**2))

    def add(self, other: _Few, sums: Sums) -> None:
        sides = (
            (self.present, other.present), (self.values, other.present), (self.present, other.values),
            (self.squares, other.present), (self.present, other.squares), (self.values, other.values),
        )  # fmt: skip
        for total, (left, right) in zip(sums, sides, strict=True):
            product = (left.T @ right).tocoo()
            total[product.row, product.col] += product.data


def _alike(rows: sparse.csr_array, common: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Columns in an order that puts those over the same keys beside each other: by their first common key, their last,
    and how many they have."""
    held = rows[common].tocsc()
    counts = np.diff(held.indptr)
    first = np.zeros(rows.shape[1], np.int64)
    some = counts > 0
    first[some] = held.indices[held.indptr[:-1][some]]
    return np.lexsort((first, counts > 0, np.log2(counts + 1).astype(int)))


def pearson(n, sx, sy, sxx, syy, sxy):
    """Pearson's r from sums, NaN where a spread is nothing but rounding; arrays of one shape."""
    n = np.asarray(n)
    flat = 1e-6 if n.dtype == np.float32 else 1e-12
    with np.errstate(invalid="ignore", divide="ignore"):
        vx, vy = sxx - sx * sx / n, syy - sy * sy / n
        r = (sxy - sx * sy / n) / np.sqrt(vx * vy)
        none = (vx <= flat * sxx) | (vy <= flat * syy) | (n < 3)
    np.clip(r, -1, 1, out=r)
    r[none] = np.nan
    return r


def standard(values: Floats) -> Floats:
    """Values less their mean over their spread; r does not change."""
    return (values - values.mean()) / (values.std() or 1.0)


def find(keys: Hashes, wanted: Hashes) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Where the wanted hashes stand among sorted `keys`, and which of them are there."""
    if len(keys) == 0:
        return np.empty(0, np.intp), np.zeros(len(wanted), bool)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found = keys[at] == wanted
    return at[found], found


def _joined(parts: Sequence[npt.NDArray], dtype: type) -> npt.NDArray:
    """All parts end to end; an empty array of `dtype` where there are none."""
    return np.concatenate(parts) if parts else np.empty(0, dtype)


def _ranked(hashes: Sequence[Hashes]) -> tuple[Hashes, npt.NDArray[np.int32]]:
    """The distinct hashes of all columns in order, and each hash's place among them."""
    distinct, places = np.unique(_joined(hashes, np.uint64), return_inverse=True)
    return distinct, places.astype(np.int32)


def _like(rows: sparse.csr_array, data: npt.NDArray) -> sparse.csr_array:
    """A matrix of the same structure with other values."""
    return sparse.csr_array((data, rows.indices, rows.indptr), shape=rows.shape)
