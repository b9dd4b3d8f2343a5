"""Does one column move before the other? Correlations with one of them shifted by whole periods. Pure."""

from __future__ import annotations

import numpy as np

from commonweal.knowledge.insight import estimates
from commonweal.knowledge.insight.engine import scaled
from commonweal.knowledge.insight.estimates import Codes, Numbers
from commonweal.knowledge.insight.explore import guard
from commonweal.knowledge.insight.explore.together import Together
from commonweal.knowledge.insight.explore.views import Lag

FARTHEST = {"day": 14, "month": 12, "quarter": 8, "year": 6}
"""Periods looked before and after, by grain."""


def lags(pair: Together, *, open: bool = True) -> tuple[Lag, ...]:
    """The second column at t + lag beside the first at t, within places (or of changes, where there is one whole).

    Levels of anything that drifts agree at every lag, so each place's and each period's own level is taken out first.
    Lags that leave too few places, rows or degrees of freedom are left out.
    """
    if pair.time is None or pair.grain is None or len(pair.periods) < 4:
        return ()
    x, y = scaled(pair.x), scaled(pair.y)
    time = np.asarray(pair.periods, dtype=np.int64)[pair.time]
    if pair.panel and pair.place is not None:
        x, y = (estimates.without_effects(v, pair.place, pair.time) for v in (x, y))
        place = pair.place
    elif pair.place is None:
        x, y, time = np.diff(x), np.diff(y), time[1:]
        place = np.zeros(len(x), dtype=np.int64)
    else:
        return ()
    reach = min(FARTHEST[pair.grain], max(1, len(pair.periods) // 3))
    found = (_at(x, y, place, time, lag, pair, open) for lag in range(-reach, reach + 1))
    return tuple(lag for lag in found if lag is not None)


def _at(x: Numbers, y: Numbers, place: Codes, time: Codes, lag: int, pair: Together, open: bool) -> Lag | None:
    width = int(time.max() - time.min()) + 1 + 2 * abs(lag)
    key = place * width + (time - time.min())
    _, here, there = np.intersect1d(key + lag, key, return_indices=True)
    if len(here) < 12:
        return None
    single = pair.place is None
    where = np.unique(place[here], return_inverse=True)[1].astype(np.int64)
    entities = len(here) if single else int(where.max()) + 1
    lost = 0 if single else entities + len(np.unique(time[here])) - 1
    verdict = guard.figure(n=len(here), entities=entities, df=len(here) - lost - 2, micro=pair.micro, open=open)
    if not verdict.allowed:
        return None
    told = (
        estimates.serial(x[here], y[there])
        if single
        else estimates.correlation(x[here], y[there], clusters=where, lost=lost)
    )
    if told is None:
        return None
    return Lag(
        lag, round(told.value, 2), round(told.low, 2), round(told.high, 2), guard.told_n(told.n, pair, open=open)
    )
