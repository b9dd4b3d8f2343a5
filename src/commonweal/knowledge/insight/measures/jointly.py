"""Columns of codes counted several at a time: two small categories are one category of both, and what is told of each
alone, of the two together and of either beside a third is read off the sums of their cells.

Two columns of a dozen kinds each make a column of a hundred and fifty; a table of two such pairs gives four tables for
one count, and sums of numbers within such cells give those of both categories for one product.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from commonweal.knowledge.insight.measures.plan import Codes, Floats

MOST = 180
"""Cells of columns taken together: two of that many have a table that stays in the processor's cache."""


@dataclass(frozen=True)
class Joint:
    """Some columns as one. `sizes` count their codes, the last standing for absent."""

    columns: tuple[int, ...]
    sizes: tuple[int, ...]

    @property
    def cells(self) -> int:
        """How many codes they have together."""
        return math.prod(self.sizes)

    def codes(self, codes: Codes) -> Codes:
        """Each row's code, from the codes (columns × rows) of all columns."""
        told = codes[self.columns[0]]
        for column, size in zip(self.columns[1:], self.sizes[1:], strict=True):
            told = told * size + codes[column]
        return told

    def axis(self, column: int) -> int:
        """Where a column stands among those taken together."""
        return self.columns.index(column)


def together(kinds: Sequence[int]) -> list[Joint]:
    """Columns of so many kinds each (absence not counted), neighbours put together while they stay within MOST."""
    made: list[Joint] = []
    for column, size in enumerate(kinds):
        last = made[-1] if made else None
        if last is not None and last.cells * (size + 1) <= MOST:
            made[-1] = Joint((*last.columns, column), (*last.sizes, size + 1))
        else:
            made.append(Joint((column,), (size + 1,)))
    return made


def counts(own: Codes, cells: int, weights: Floats | None) -> Floats:
    """Rows (or the sum of their weights) of each code."""
    return np.bincount(own, weights, minlength=cells).astype(float)


def sums(own: Codes, cells: int, values: Floats) -> Floats:
    """Sums of some numbers (rows × numbers) within each code, as cells × numbers: one sparse product."""
    rows = len(own)
    marks = sparse.csc_matrix((np.ones(rows), own.astype(np.int32), np.arange(rows + 1, dtype=np.int32)), (cells, rows))
    told: Floats = marks @ values
    return told


def table(held: Floats, one: Joint, other: Joint, left: int, right: int) -> Floats:
    """The table of two columns, absence dropped, read off the counts of their joints (of one, where both are in it)."""
    if one == other:
        sizes, at = one.sizes, (one.axis(left), one.axis(right))
    else:
        sizes, at = (*one.sizes, *other.sizes), (one.axis(left), len(one.sizes) + other.axis(right))
    rest = tuple(i for i in range(len(sizes)) if i not in at)
    told: Floats = held.reshape(sizes).sum(axis=rest)
    return told[:-1, :-1]


def alone(held: Floats, joint: Joint, column: int) -> Floats:
    """Sums within one column's codes, absence dropped, read off sums (cells × numbers) of its joint."""
    at = joint.axis(column)
    rest = tuple(i for i in range(len(joint.sizes)) if i != at)
    told: Floats = held.reshape(*joint.sizes, -1).sum(axis=rest)
    return told[:-1]
