"""A uniform sample of rows that can be added up: the rows of the smallest priorities of all parts together.

The n smallest of all are among the n smallest of each part (Beyer et al., SIGMOD 2007), so parts may be added in any
order. A priority mixes a row's place in its part with the part's first rows, so that the same parts always give the
same sample. While no more rows than the limit were seen, the sample is the whole table.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from commonweal.knowledge.insight.measures.plan import Floats

Priorities = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Sample:
    """Rows held: `values` is columns × rows, NaN for absent; `seen` counts all rows there were."""

    limit: int
    seen: int
    priorities: Priorities
    values: Floats

    @property
    def whole(self) -> bool:
        """Whether no row is missing."""
        return self.seen == self.values.shape[1]

    def __add__(self, other: Sample) -> Sample:
        """The sample of both parts' rows. Raises ValueError when limits or columns differ."""
        if self.limit != other.limit or len(self.values) != len(other.values):
            raise ValueError("only samples of the same columns and limit can be added")
        return _cut(
            self.limit,
            self.seen + other.seen,
            np.concatenate([self.priorities, other.priorities]),
            np.concatenate([self.values, other.values], axis=1),
        )


def _cut(limit: int, seen: int, priorities: Priorities, values: Floats) -> Sample:
    if len(priorities) > limit:
        keep = np.sort(np.argpartition(priorities, limit - 1)[:limit])
        priorities, values = priorities[keep], values[:, keep]
    return Sample(limit, seen, priorities, values)


class Keeper:
    """Collects a sample block by block, holding at most twice its limit."""

    def __init__(self, columns: int, limit: int) -> None:
        self.columns, self.limit = columns, limit
        self.seen = 0
        self.salt: int | None = None
        self.border = np.uint64(2**64 - 1)
        self.held: list[tuple[Priorities, Floats]] = []

    def update(self, values: Floats) -> None:
        """Add a block, columns × rows. It is copied as far as it is kept."""
        rows = values.shape[1]
        if self.salt is None and rows:
            self.salt = zlib.crc32(np.ascontiguousarray(values[:, :64]).tobytes())
        priorities = mixed(np.arange(self.seen, self.seen + rows, dtype=np.uint64), self.salt or 0)
        self.seen += rows
        keep = np.flatnonzero(priorities <= self.border)
        self.held.append((priorities[keep], values[:, keep] if len(keep) < rows else values.copy()))
        if sum(len(p) for p, _ in self.held) > 2 * self.limit:
            self._shrink()

    def _shrink(self) -> None:
        told = self.sample()
        self.held = [(told.priorities, told.values)]
        if len(told.priorities) == self.limit:
            self.border = told.priorities.max()

    def sample(self) -> Sample:
        """What was collected."""
        if not self.held:
            return Sample(self.limit, 0, np.zeros(0, np.uint64), np.zeros((self.columns, 0)))
        return _cut(
            self.limit,
            self.seen,
            np.concatenate([p for p, _ in self.held]),
            np.concatenate([v for _, v in self.held], axis=1),
        )


def mixed(places: Priorities, salt: int) -> Priorities:
    """Numbers that look random (the finaliser of SplitMix64; Steele, Lea & Flood, OOPSLA 2014)."""
    with np.errstate(over="ignore"):
        z = (places + np.uint64(salt) * np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xD1342543DE82EF95)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))
