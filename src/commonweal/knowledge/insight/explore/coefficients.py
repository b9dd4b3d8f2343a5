"""One coefficient of two columns: by which statistic, and given what. Pure.

`given` takes a place's own level, a period's own level, or both out of both columns first (the within transformation),
so that what is left is not merely that some places have more of everything, or that everything grew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from commonweal.knowledge.insight import categories, estimates, tails
from commonweal.knowledge.insight.engine import scaled
from commonweal.knowledge.insight.estimates import Codes, Estimate, Numbers
from commonweal.knowledge.insight.explore import guard
from commonweal.knowledge.insight.explore.together import Together

Statistic = Literal["pearson", "spearman", "cramers_v", "correlation_ratio"]
STATISTICS: tuple[Statistic, ...] = ("pearson", "spearman", "cramers_v", "correlation_ratio")
Given = Literal["", "place", "time", "both"]
GIVEN: tuple[Given, ...] = ("", "place", "time", "both")
GROUPS = 5
"""Equal shares into which numbers are cut where a statistic compares groups."""


@dataclass(frozen=True)
class Measured:
    """A coefficient, the statistic that was possible for this pair, and why none may be shown."""

    estimate: Estimate | None
    statistic: str
    why: str | None = None


def coefficient(pair: Together, statistic: Statistic, given: Given, *, open: bool = True) -> Measured:
    """Measure a pair of complete columns, judged by the rules of disclosure.

    Two numbers are measured as asked. A category has no order: with a number it is measured by the correlation ratio,
    with another category by Cramér's V, whatever was asked; numbers are cut into fifths where groups are compared.
    """
    used = _possible(pair, statistic)
    if given and _has_no(pair, given):
        return Measured(None, used, "nothing-given")
    if used in ("cramers_v", "correlation_ratio"):
        found, lost = _grouped(pair, used, given), 0
    else:
        found, lost = _numeric(pair, used, given)
    df = len(pair.x) - lost - 2
    verdict = guard.figure(n=len(pair.x), entities=pair.entities, df=df, micro=pair.micro, open=open)
    if verdict.allowed:
        verdict = guard.identifies(pair, open=open)
    if not verdict.allowed:
        return Measured(None, used, verdict.why)
    if used in ("pearson", "spearman") and pair.micro:
        verdict = guard.correlation(pair.x, pair.y, open=open)
        if not verdict.allowed:
            return Measured(None, used, verdict.why)
    return Measured(found, used, None if found is not None else "does-not-vary")


def _possible(pair: Together, wanted: Statistic) -> Statistic:
    named = pair.left.is_category + pair.right.is_category
    if named == 2:
        return "cramers_v"
    return "correlation_ratio" if named == 1 and wanted != "cramers_v" else wanted


def _has_no(pair: Together, given: Given) -> bool:
    """Whether the rows lack what should be given, or have it but once."""
    place = given in ("place", "both") and (pair.place is None or pair.time is None)
    time = given in ("time", "both") and (pair.time is None or pair.place is None)
    return place or time or not pair.panel


def _numeric(pair: Together, statistic: str, given: Given) -> tuple[Estimate | None, int]:
    x, y = scaled(pair.x), scaled(pair.y)
    x, lost = taken_out(x, pair, given)
    y, _ = taken_out(y, pair, given)
    if statistic == "spearman":
        x, y = tails.midranks(x), tails.midranks(y)
    if pair.place is None:
        return (estimates.serial(x, y) if len(x) > 4 else None), lost
    clusters = pair.place if len(pair.places) < len(x) else None
    return estimates.correlation(x, y, clusters=clusters, lost=lost), lost


def taken_out(values: Numbers, pair: Together, given: Given) -> tuple[Numbers, int]:
    """Values with the given levels taken out, and the degrees of freedom that took."""
    if not given or pair.place is None or pair.time is None:
        return values, 0
    if given == "both":
        return estimates.without_effects(values, pair.place, pair.time), len(pair.places) + len(pair.periods) - 1
    codes, count = (pair.place, len(pair.places)) if given == "place" else (pair.time, len(pair.periods))
    return values - (np.bincount(codes, weights=values) / np.bincount(codes))[codes], count


def _grouped(pair: Together, statistic: str, given: Given) -> Estimate | None:
    """Groups of the row's column against the column's values: the left is the row, the right what it explains."""
    if statistic == "cramers_v":
        return categories.cramers_v(_codes(pair, True, given), _codes(pair, False, given))
    if pair.right.is_category:
        return categories.correlation_ratio(_codes(pair, False, given), taken_out(pair.x, pair, given)[0])
    return categories.correlation_ratio(_codes(pair, True, given), taken_out(pair.y, pair, given)[0])


def _codes(pair: Together, left: bool, given: Given) -> Codes:
    values, measure = (pair.x, pair.left) if left else (pair.y, pair.right)
    if measure.is_category:
        return values.astype(np.int64)
    values, _ = taken_out(values, pair, given)
    edges = np.unique(np.quantile(values, np.linspace(0, 1, GROUPS + 1)[1:-1])) if len(values) else np.zeros(0)
    return np.searchsorted(edges, values, side="left").astype(np.int64)
