"""Every pair of some columns. Pure: what is joined is handed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from commonweal.knowledge.insight.explore import guard
from commonweal.knowledge.insight.explore.coefficients import Given, Statistic, coefficient
from commonweal.knowledge.insight.explore.together import Together
from commonweal.knowledge.insight.explore.views import CellView, ColumnRow

MOST = 30
"""Columns of one matrix; more cannot be read."""

Cells = tuple[tuple[CellView | None, ...], ...]
Bring = Callable[[ColumnRow, ColumnRow], Together | None]


def cells(columns: Sequence[ColumnRow], bring: Bring, statistic: Statistic, given: Given) -> Cells:
    """The matrix of some columns; `bring` puts two of them over common rows, or says None.

    Symmetric, but for the correlation ratio of two numbers: there the row's groups explain the column's spread.
    """
    made: dict[tuple[int, int], CellView] = {}
    for i, one in enumerate(columns):
        for j, other in enumerate(columns):
            if i == j or (j < i and statistic != "correlation_ratio"):
                continue
            made[i, j] = _cell(bring(one, other), one, other, statistic, given)
    span = range(len(columns))
    return tuple(tuple(None if i == j else made.get((i, j)) or made[j, i] for j in span) for i in span)


def _cell(pair: Together | None, one: ColumnRow, other: ColumnRow, statistic: Statistic, given: Given) -> CellView:
    if pair is None:
        return CellView(None, why="no-common-keys")
    open = one.access == other.access == "open"
    found = coefficient(pair, statistic, given, open=open)
    n, entities = guard.told_n(len(pair.x), pair, open=open), pair.entities
    if found.estimate is None:
        return CellView(None, n=n, entities=entities, statistic=found.statistic, why=found.why)
    told = found.estimate
    return CellView(round(told.value, 2), round(told.low, 2), round(told.high, 2), n, entities, found.statistic)
