"""Adding up summaries of parts: always the same pairs in the same order, whoever finished first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from commonweal.knowledge.insight.engines.ports import Summary

S = TypeVar("S", bound=Summary)

FAN = 8
"""Summaries one machine adds up at a time: bounds what any machine holds, whatever the number of parts."""


def merged(summaries: Iterable[S]) -> S:
    """Their sum, added pairwise as in a tournament: rounding grows with the logarithm of their number (Higham,
    "The accuracy of floating point summation", SIAM J. Sci. Comput. 14, 1993). Raises ValueError when there is none.
    """
    row = list(summaries)
    if not row:
        raise ValueError("there is nothing to add up")
    while len(row) > 1:
        pairs = [row[i] + row[i + 1] for i in range(0, len(row) - 1, 2)]
        row = pairs + row[len(row) - len(row) % 2 :]
    return row[0]
