"""What goes with one column, over every dataset that shares its keys. Pure: what is joined is handed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from commonweal.knowledge.insight.estimates import Estimate
from commonweal.knowledge.insight.explore import guard
from commonweal.knowledge.insight.explore import pair as pairs
from commonweal.knowledge.insight.explore.coefficients import coefficient
from commonweal.knowledge.insight.explore.strength import strength
from commonweal.knowledge.insight.explore.together import Together
from commonweal.knowledge.insight.explore.views import ColumnRow, SearchHit
from commonweal.knowledge.insight.multiplicity import adjust_array

Bring = Callable[[ColumnRow, ColumnRow], Together | None]


def search(
    asked: ColumnRow, others: Sequence[ColumnRow], bring: Bring, *, compared: int = 0
) -> tuple[list[SearchHit], int]:
    """Every column that goes with the one asked about, surest first, and how many were withheld.

    The coefficient ranked is of the columns as published; `kind` says what the pair may be called once trends and
    lasting differences are told apart. p-values are adjusted over the whole search (Benjamini–Hochberg), which is of
    `compared` columns where `others` are only the best of them.
    """
    found: list[tuple[ColumnRow, Together, Estimate, str, str]] = []
    withheld = 0
    for other in others:
        together = bring(asked, other)
        if together is None or len(together.x) == 0:
            continue
        open = asked.access == other.access == "open"
        told = coefficient(together, "pearson", "", open=open)
        if told.estimate is None:
            withheld += 1
            continue
        named = pairs.measured(together, open=open)
        told_n = guard.told_n(told.estimate.n, together, open=open)
        found.append((other, together, replace(told.estimate, n=told_n), told.statistic, named.kind))
    p = np.clip([f[2].p for f in found], 0.0, 1.0)
    adjusted = adjust_array(np.asarray(p, float), tests=max(compared, len(found)))
    hits = [_hit(*each, float(q)) for each, q in zip(found, adjusted, strict=True)]
    return sorted(hits, key=lambda h: (-_sure(h), -abs(h.value), h.column.key)), withheld


def _hit(other: ColumnRow, together: Together, e: Estimate, statistic: str, kind: str, q: float) -> SearchHit:
    value, low, high = (round(v, 2) for v in (e.value, e.low, e.high))
    grain = together.grain or ""
    word = strength(e.value, e.low, e.high)
    return SearchHit(other, statistic, value, low, high, e.n, together.entities, q, grain, kind, word)


def _sure(hit: SearchHit) -> float:
    return 0.0 if hit.low <= 0 <= hit.high else min(abs(hit.low), abs(hit.high))
