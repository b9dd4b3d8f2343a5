"""All pairs of numeric columns in one pass: streaming, mergeable, flat in rows, each pair over its own rows.

For columns x, y and the rows where both are present, five sums decide Pearson's r: how many, the sums of x and of y,
of their squares, and of their product. Each is one entry of a product of matrices over a block of rows, where V
holds the values with absent ones set to zero and M is one where a value is present:

    counts = M·Mᵀ    sums = V·Mᵀ    squares = V²·Mᵀ    products = V·Vᵀ

Values are shifted by a provisional mean first, because the textbook sums cancel catastrophically when a mean is large
beside its spread (Chan, Golub & LeVeque, "Algorithms for computing the sample variance", The American
Statistician 37(3), 1983). Summaries over different shifts are brought to one shift exactly, so parts may be added in
any order: threads, files, machines.

Two threads that each run a single-threaded product on a block that stays in the cache overlap one block's copying with
another's arithmetic; measured faster than one product that uses both cores (benchmarks/correlate_pearson.py).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from threadpoolctl import threadpool_limits

Floats = npt.NDArray[np.float64]

BLOCK_ROWS = 8192
"""Rows per product: at a hundred columns a block is 6.5 MB, which two cores keep in their shared cache."""
SHIFT_ROWS = 1024
"""Rows that settle the provisional mean; any value near the data does."""


@dataclass(frozen=True)
class Moments:
    """Sums over the rows where both columns of a pair are present; every matrix is k × k.

    `sums[i, j]` and `squares[i, j]` are of column i over the rows where j is present too. Values are measured from
    `shift[i]`.
    """

    columns: tuple[str, ...]
    shift: Floats
    counts: Floats
    sums: Floats
    squares: Floats
    products: Floats

    def __add__(self, other: Moments) -> Moments:
        """The summary of both parts' rows together. Raises ValueError when the columns differ."""
        if self.columns != other.columns:
            raise ValueError("only summaries of the same columns can be added")
        # The shift of the part that has more of a column: one that has none of it knows no shift near its values.
        shift = np.where(np.diag(self.counts) >= np.diag(other.counts), self.shift, other.shift)
        one, two = self.reshifted(shift), other.reshifted(shift)
        return Moments(
            self.columns,
            shift,
            one.counts + two.counts,
            one.sums + two.sums,
            one.squares + two.squares,
            one.products + two.products,
        )

    def reshifted(self, shift: Floats) -> Moments:
        """The same summary measured from another shift: Σ(x−b) = Σ(x−a) + n(a−b), and so on."""
        by = (self.shift - shift)[:, None]
        if not by.any():
            return self
        sums = self.sums + self.counts * by
        squares = self.squares + 2 * by * self.sums + self.counts * by * by
        products = self.products + by.T * self.sums + by * self.sums.T + self.counts * by * by.T
        return Moments(self.columns, shift, self.counts, sums, squares, products)

    def covariance(self) -> Floats:
        """Sample covariance of each pair over its own rows (n−1); NaN under two rows."""
        with np.errstate(invalid="ignore", divide="ignore"):
            centred = self.products - self.sums * self.sums.T / self.counts
            return np.where(self.counts > 1, centred / (self.counts - 1), np.nan)

    def correlation(self) -> Floats:
        """Pearson's r of each pair over its own rows; NaN under two rows or where either column is constant there.

        A spread no larger than rounding leaves behind counts as constant.
        """
        with np.errstate(invalid="ignore", divide="ignore"):
            spread = self.squares - self.sums**2 / self.counts
            constant = spread <= 64 * np.finfo(float).eps * self.squares
            product = self.products - self.sums * self.sums.T / self.counts
            r = product / np.sqrt(spread * spread.T)
            r = np.where((self.counts > 1) & ~constant & ~constant.T, np.clip(r, -1, 1), np.nan)
        diagonal = np.einsum("ii->i", r)
        diagonal[~np.isnan(diagonal)] = 1.0
        return r


def of_batches(batches: Iterable[pa.RecordBatch], columns: Sequence[str], *, threads: int | None = None) -> Moments:
    """Summarise `columns` of a stream of Arrow batches, holding a few blocks in memory whatever the number of rows.

    Nulls, NaN and infinities count as absent. Raises KeyError for a column a batch does not have, and ValueError
    when there are no columns.
    """
    names = tuple(columns)
    if not names:
        raise ValueError("name at least one column")
    source = _slices(batches, names)
    first = next(source, None)
    if first is None:
        return _Accumulator(names, np.zeros(len(names))).summary()
    shift = _provisional_mean(first)
    workers = threads or min(os.cpu_count() or 1, 8)
    lock = threading.Lock()

    def take() -> list[npt.NDArray[np.float64]] | None:
        with lock:
            return next(source, None)

    def work(start: list[npt.NDArray[np.float64]] | None) -> Moments:
        part = _Accumulator(names, shift)
        block = start or take()
        while block is not None:
            part.update(block)
            block = take()
        return part.summary()

    with threadpool_limits(1, "blas"), ThreadPoolExecutor(workers) as pool:
        parts = list(pool.map(work, [first, *[None] * (workers - 1)]))
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def of_array(values: Floats, columns: Sequence[str] | None = None, *, threads: int | None = None) -> Moments:
    """Summarise a rows × columns array of floats, NaN for absent, without copying it. Same result as `of_batches`."""
    names = tuple(columns or (str(i) for i in range(values.shape[1])))
    whole = pa.RecordBatch.from_arrays([pa.array(values[:, j], from_pandas=False) for j in range(len(names))], names)
    return of_batches([whole], names, threads=threads)


class _Accumulator:
    """One thread's sums and its block, reused from block to block."""

    def __init__(self, names: tuple[str, ...], shift: Floats) -> None:
        k = len(names)
        self.names, self.shift = names, shift
        self.block = np.ones((k + 1, BLOCK_ROWS))
        """Row k stays one, so that the product also yields the column sums and the number of rows."""
        self.complete = np.zeros((k + 1, k + 1))
        self.counts, self.sums, self.squares, self.products = (np.zeros((k, k)) for _ in range(4))

    def update(self, arrays: list[npt.NDArray[np.float64]]) -> None:
        """Add one block: an array of equal length for each column."""
        rows, k = len(arrays[0]), len(self.names)
        values = self.block[:, :rows]
        for j, array in enumerate(arrays):
            np.subtract(array, self.shift[j], out=values[j])
        # A sum is finite exactly when every value is, short of overflow, which is treated as absence of an answer.
        gaps = np.flatnonzero(~np.isfinite(values[:k] @ values[k]))
        if len(gaps) == 0:
            self.complete += values @ values.T
        else:
            self._update_with_gaps(values[:k], gaps)

    def _update_with_gaps(self, values: Floats, gaps: npt.NDArray[np.intp]) -> None:
        """As `update`, where columns `gaps` have absent values: only those need products with a mask."""
        k, rows = values.shape
        every = len(gaps) == k
        touched = values if every else values[gaps]
        present = np.isfinite(touched)
        touched[~present] = 0.0
        if not every:
            values[gaps] = touched
        mask = present.astype(np.float64)
        # Counts up to 2²⁴ are exact in single precision, and a block has far fewer rows.
        light = present.astype(np.float32)
        squared = np.multiply(values, values)
        self.products += values @ values.T
        self.sums[:, gaps] += values @ mask.T
        self.squares[:, gaps] += squared @ mask.T
        self.counts[np.ix_(gaps, gaps)] += light @ light.T
        if every:
            return
        whole = np.setdiff1d(np.arange(k), gaps, assume_unique=True)
        self.sums[:, whole] += values.sum(axis=1)[:, None]
        self.squares[:, whole] += squared.sum(axis=1)[:, None]
        own = mask.sum(axis=1)
        self.counts[np.ix_(gaps, whole)] += own[:, None]
        self.counts[np.ix_(whole, gaps)] += own
        self.counts[np.ix_(whole, whole)] += rows

    def summary(self) -> Moments:
        """What was added so far."""
        k = len(self.names)
        gram, total, rows = self.complete[:k, :k], self.complete[:k, k], self.complete[k, k]
        return Moments(
            self.names,
            self.shift,
            self.counts + rows,
            self.sums + total[:, None],
            self.squares + np.diag(gram)[:, None],
            self.products + gram,
        )


def _provisional_mean(arrays: list[npt.NDArray[np.float64]]) -> Floats:
    """The mean of the first present values of each column; zero where there is none."""
    means = np.zeros(len(arrays))
    for j, array in enumerate(arrays):
        head = array[:SHIFT_ROWS]
        head = head[np.isfinite(head)]
        if len(head):
            means[j] = head.mean()
    return means


def _slices(batches: Iterable[pa.RecordBatch], names: tuple[str, ...]) -> Iterator[list[npt.NDArray[np.float64]]]:
    """Each batch's columns as floats, NaN for null, in blocks of at most BLOCK_ROWS rows."""
    for batch in batches:
        arrays = [_floats(batch.column(name)) for name in names]
        for start in range(0, batch.num_rows, BLOCK_ROWS):
            yield [array[start : start + BLOCK_ROWS] for array in arrays]


def _floats(array: pa.Array) -> npt.NDArray[np.float64]:
    """An Arrow column as floats without copying where it already is one without nulls."""
    if not pa.types.is_float64(array.type):
        array = pc.cast(array, pa.float64(), safe=False)
    return array.to_numpy(zero_copy_only=array.null_count == 0)
