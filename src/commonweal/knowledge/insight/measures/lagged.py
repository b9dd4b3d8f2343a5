"""Does one column move before another? Every pair of numbers with one of them shifted by whole periods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from commonweal.knowledge.insight import estimates, moments
from commonweal.knowledge.insight.estimates import Estimate
from commonweal.knowledge.insight.measures.found import FEWEST
from commonweal.knowledge.insight.measures.plan import Codes, Floats


@dataclass(frozen=True)
class Lagged:
    """The lag (in periods, 1 or more) at which `left` goes best with what `right` is that much later."""

    left: int
    right: int
    lag: int
    estimate: Estimate


def prepared(columns: list[Floats], place: Codes | None, time: Codes) -> tuple[list[Floats], Codes, Codes]:
    """Columns as they are compared: levels of anything that drifts agree at every lag, so each place's and each
    period's own level is taken out; of one series alone, changes from period to period are compared."""
    if place is not None and len(np.unique(place)) > 1:
        return [_within(v, place, time) for v in columns], place, time
    nowhere = np.zeros(len(time), np.int64)
    order = np.argsort(time, kind="stable")
    gap = np.diff(time[order]) == 1
    changes = [np.where(gap, np.diff(v[order]), np.nan) for v in columns]
    return changes, nowhere[1:], time[order][1:]


def _within(values: Floats, place: Codes, time: Codes) -> Floats:
    here = np.isfinite(values)
    out = np.full(len(values), np.nan)
    if here.sum() < FEWEST:
        return out
    where, when = (np.unique(c[here], return_inverse=True)[1].astype(np.int64) for c in (place, time))
    out[here] = estimates.without_effects(values[here], where, when)
    return out


def strongest(
    columns: list[Floats], place: Codes | None, time: Codes, most: int, *, kept: int = 600
) -> tuple[list[Lagged], int]:
    """For each ordered pair the lag from 1 to `most` with the largest |r|, and how many pairs were tried.

    `place` and `time` are codes of each row (time in whole periods; negative: unknown); a row of a place and period
    should not repeat. The `kept` strongest pairs are returned, with errors that count rows of one place as depending
    on each other (or by Bartlett's effective length for one series) and p multiplied by the number of lags tried
    (Bonferroni), because the best of them was chosen.
    """
    known = time >= 0
    place = place[known] if place is not None else None
    values, where, when = prepared([c[known] for c in columns], place, time[known])
    if not len(when) or len(columns) < 2:
        return [], 0
    width = int(when.max() - when.min()) + 1 + most
    key = where * width + (when - when.min())
    best: dict[tuple[int, int], tuple[float, int]] = {}
    lags = range(1, most + 1)
    for lag in lags:
        _, later, earlier = np.intersect1d(key, key + lag, return_indices=True)
        if len(later) >= FEWEST:
            _note(best, values, earlier, later, lag)
    chosen = sorted(best.items(), key=lambda item: (-abs(item[1][0]), item[0]))[:kept]
    told = [_measured(values, where, key, pair, lag, len(lags)) for pair, (_, lag) in chosen]
    return [each for each in told if each is not None], len(best)


def _note(
    best: dict[tuple[int, int], tuple[float, int]], values: list[Floats], now: Codes, later: Codes, lag: int
) -> None:
    k = len(values)
    names = [str(i) for i in range(2 * k)]
    both = np.column_stack([*(v[now] for v in values), *(v[later] for v in values)])
    summary = moments.of_array(both, names)
    r, n = summary.correlation()[:k, k:], summary.counts[:k, k:]
    for i, j in zip(*np.nonzero(np.isfinite(r) & (n >= FEWEST)), strict=True):
        if i != j and abs(r[i, j]) > abs(best.get((int(i), int(j)), (0.0, 0))[0]):
            best[(int(i), int(j))] = (float(r[i, j]), lag)


def _measured(
    values: list[Floats], where: Codes, key: Codes, pair: tuple[int, int], lag: int, tried: int
) -> Lagged | None:
    _, later, now = np.intersect1d(key, key + lag, return_indices=True)
    x, y, place = values[pair[0]][now], values[pair[1]][later], where[later]
    here = np.isfinite(x) & np.isfinite(y)
    x, y = x[here], y[here]
    small = np.unique(place[here], return_inverse=True)[1].astype(np.int64)
    alone = int(small.max(initial=0)) == 0
    told = estimates.serial(x, y) if alone else estimates.correlation(x, y, clusters=small, lost=int(small.max()) + 1)
    if told is None:
        return None
    p = min(1.0, told.p * tried)
    worse = Estimate(told.value, told.low, told.high, told.n, told.effective, told.df, p)
    return Lagged(pair[0], pair[1], lag, worse)
