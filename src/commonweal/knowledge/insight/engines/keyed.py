"""Key sketches as a summary: what each key's values add up to, so that an index can be built from parts of a table.

The n smallest of all hashes are among the n smallest of each part that holds them, so a summary of limited size keeps
whole sums for exactly the keys it keeps: cutting early changes nothing (Beyer et al., "On synopses for distinct-value
estimation under multiset operations", SIGMOD 2007).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from commonweal.knowledge.insight import sketches
from commonweal.knowledge.insight.moments import _floats


@dataclass(frozen=True)
class Keyed:
    """For each column its keys' hashes in ascending order, and the sum and number of finite values under each."""

    names: tuple[str, ...]
    size: int | None
    hashes: tuple[sketches.Hashes, ...]
    sums: tuple[sketches.Floats, ...]
    counts: tuple[sketches.Floats, ...]

    def __add__(self, other: Keyed) -> Keyed:
        """Both parts' rows together. Raises ValueError when columns or size differ."""
        if (self.names, self.size) != (other.names, other.size):
            raise ValueError("only sketches of the same columns and size can be added")
        held = [
            _added(
                np.concatenate([self.hashes[j], other.hashes[j]]),
                np.concatenate([self.sums[j], other.sums[j]]),
                np.concatenate([self.counts[j], other.counts[j]]),
                self.size,
            )
            for j in range(len(self.names))
        ]
        return Keyed(self.names, self.size, *_turned(held))

    def columns(self, group: str) -> list[sketches.Column]:
        """The columns as an index takes them, named `group.column`; repeated keys are averaged."""
        return [
            sketches.Column(f"{group}.{name}", hashes, sums / np.maximum(counts, 1), group)
            for name, hashes, sums, counts in zip(self.names, self.hashes, self.sums, self.counts, strict=True)
        ]


def of_batches(
    batches: Iterable[pa.RecordBatch],
    keys: Sequence[str],
    columns: Sequence[str],
    *,
    secret: bytes = b"",
    size: int | None = None,
) -> Keyed:
    """Summarise numeric `columns` by the key columns; `size` keeps the keys of the smallest hashes, None all.

    Rows without a whole key or a finite value fall out. Raises KeyError for a column that is not there.
    """
    names = tuple(columns)
    total = Keyed(names, size, *_turned([(np.empty(0, np.uint64), np.empty(0), np.empty(0))] * len(names)))
    for batch in batches:
        hashes = sketches.hash_keys([batch.column(key).to_pylist() for key in keys], secret)
        held = []
        for name in names:
            values = _floats(batch.column(name))
            keep = (hashes != 0) & np.isfinite(values)
            held.append(_added(hashes[keep], values[keep], np.ones(int(keep.sum())), size))
        total = total + Keyed(names, size, *_turned(held))
    return total


def _added(
    hashes: sketches.Hashes, sums: sketches.Floats, counts: sketches.Floats, size: int | None
) -> tuple[sketches.Hashes, sketches.Floats, sketches.Floats]:
    unique, place = np.unique(hashes, return_inverse=True)
    total, number = (
        np.bincount(place, weights, minlength=len(unique)).astype(np.float64) for weights in (sums, counts)
    )
    return unique[:size], total[:size], number[:size]


def _turned(held: list[tuple]) -> tuple[tuple, tuple, tuple]:
    first, second, third = zip(*held, strict=True) if held else ((), (), ())
    return tuple(first), tuple(second), tuple(third)
