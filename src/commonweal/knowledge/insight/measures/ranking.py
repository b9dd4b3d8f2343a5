"""Statistics of ranks: Spearman's over every pair, Chatterjee's xi over chosen ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import special

from commonweal.knowledge.insight.measures import intervals
from commonweal.knowledge.insight.measures.found import FEWEST, Found, of_lists
from commonweal.knowledge.insight.measures.parsing import Mask
from commonweal.knowledge.insight.measures.plan import Codes, Floats
from commonweal.knowledge.insight.measures.summary import Summary

GROUPS = 20
LEAST_A_GROUP = 50


def spearman(summary: Summary) -> Found:
    """Spearman's ρ of every pair of numbers; exact, ranked anew over each pair's rows, where every row is held.

    Else ranks come from the first look: of a column over all its rows, off by about 1/√(rows held) at most.
    Interval: Bonett & Wright (2000).
    """
    left, right = np.triu_indices(len(summary.plan.numbers), 1)
    if summary.sample.whole and summary.plan.hold:
        r, n, worth = _exact(summary)
    elif summary.ranks is not None:
        r, n = summary.ranks.correlation()[left, right], summary.ranks.counts[left, right]
        worth = n
        if summary.present is not None and summary.squared is not None:
            with np.errstate(invalid="ignore", divide="ignore"):
                worth = np.nan_to_num(n**2 / summary.squared[left, right])
            n = summary.present[left, right]
    else:
        return of_lists("spearman", [])
    keep = np.isfinite(r) & (n >= FEWEST) & (worth > 4)
    left, right, r, n, worth = left[keep], right[keep], r[keep], n[keep], worth[keep]
    low, high, p = intervals.spearman(r, worth)
    return Found("spearman", left, right, r, low, high, n, p)


def _exact(summary: Summary) -> tuple[Floats, Floats, Floats]:
    k = len(summary.plan.numbers)
    values = summary.sample.values[:k]
    weights = summary.sample.values[-1] if summary.plan.weight is not None else None
    rows = values.shape[1]
    left, right = np.triu_indices(k, 1)
    whole: Mask = np.asarray(np.isfinite(values).all(axis=1))
    codes = [dense(v) for v in values]
    r = np.full((k, k), np.nan)
    at = np.flatnonzero(whole)
    if len(at):
        ranks = np.stack([midranks(codes[j], weights) for j in at])
        r[np.ix_(at, at)] = _correlations(ranks, weights)
    n = np.full((k, k), float(rows))
    worth = n if weights is None else np.full((k, k), _worth(weights))
    if not whole.all():
        worth = worth.copy()
        for i, j in zip(left, right, strict=True):
            if whole[i] and whole[j]:
                continue
            both = (codes[i] >= 0) & (codes[j] >= 0)
            w = weights[both] if weights is not None else None
            n[i, j] = both.sum()
            worth[i, j] = n[i, j] if w is None else _worth(w)
            if n[i, j] >= FEWEST:
                pair = np.stack([midranks(codes[i][both], w), midranks(codes[j][both], w)])
                r[i, j] = _correlations(pair, w)[0, 1]
    return r[left, right], n[left, right], worth[left, right]


def _worth(weights: Floats) -> float:
    return float(weights.sum() ** 2 / max(np.sum(weights**2), 1e-300))


def dense(values: Floats) -> Codes:
    """Each value's place among the distinct ones, −1 for absent: ranks of any part of them need no sorting then."""
    told = np.full(len(values), -1, np.int64)
    here = np.isfinite(values)
    told[here] = np.unique(values[here], return_inverse=True)[1]
    return told


def midranks(codes: Codes, weights: Floats | None = None) -> Floats:
    """Mid-ranks of dense codes in any subset of rows: ties share the mean of their ranks; weights count as rows."""
    counts = np.bincount(codes, weights)
    middle = np.cumsum(counts) - counts / 2
    told: Floats = middle[codes]
    return told


def _correlations(ranks: Floats, weights: Floats | None) -> Floats:
    w = np.ones(ranks.shape[1]) if weights is None else weights
    centred = ranks - (ranks @ w / w.sum())[:, None]
    heavy = centred * w if weights is not None else centred
    products = heavy @ centred.T
    spread = np.sqrt(np.diag(products))
    with np.errstate(invalid="ignore", divide="ignore"):
        told: Floats = np.clip(products / np.outer(spread, spread), -1, 1)
    return told


def xi(summary: Summary, pairs: Iterable[tuple[int, int]]) -> Found:
    """Chatterjee's ξ of chosen pairs of numbers (JASA 116, 2021): how far the left column decides the right, 0 to 1.

    `reverse` is ξ the other way round. Over the rows held, which `n` counts. Ties in the left column are broken by
    the rows' order. Interval: the spread of ξ over GROUPS disjoint parts of the rows, or the error under independence
    where those would be under LEAST_A_GROUP rows; test: normal, variance 2/5n or that of ties (Theorem 2.1 and 2.2).
    """
    values = summary.sample.values
    made: list[tuple[float, ...]] = []
    codes: dict[int, Codes] = {}
    known: dict[int, _Column] = {}
    for i, j in pairs:
        for k in (i, j):
            if k not in codes:
                codes[k] = dense(values[k])
                if len(codes[k]) and codes[k].min() >= 0:
                    known[k] = _column(codes[k])
        if i in known and j in known:
            x, y = known[i], known[j]
        else:
            both = (codes[i] >= 0) & (codes[j] >= 0)
            x, y = (_column(np.unique(codes[k][both], return_inverse=True)[1]) for k in (i, j))
        n = len(x.whole.order)
        if n < FEWEST or x.whole.bottom <= 0 or y.whole.bottom <= 0:
            continue
        value, error = chatterjee(x.whole, y.whole), y.whole.error
        told = [chatterjee(a, b) for a, b in zip(x.parts, y.parts, strict=True)]
        spread = float(np.std(told, ddof=1) / np.sqrt(GROUPS)) if told else error
        p = float(special.ndtr(-value / error))
        low = 0.0 if p > 0.05 else max(0.0, value - intervals.REACH * spread)
        high = min(1.0, value + intervals.REACH * spread)
        made.append((i, j, value, low, max(high, value), n, p, chatterjee(y.whole, x.whole)))
    return of_lists("xi", made, ("reverse",))


@dataclass(frozen=True)
class _Ranked:
    """What ξ needs of a column, worked out once for all its pairs: its rows in order, for each row how many are no
    larger, the sum that ξ is divided by, and the standard error if nothing went together."""

    order: Codes
    upto: Floats
    bottom: float
    error: float


@dataclass(frozen=True)
class _Column:
    """A column's ranks over all rows, and over GROUPS disjoint parts of them (Politis & Romano, Annals of Statistics
    22, 1994); no parts where those would be small."""

    whole: _Ranked
    parts: tuple[_Ranked, ...]


def _column(codes: Codes) -> _Column:
    whole = _ranked(codes)
    if len(codes) < GROUPS * LEAST_A_GROUP:
        return _Column(whole, ())
    parts = (np.unique(codes[part::GROUPS], return_inverse=True)[1] for part in range(GROUPS))
    return _Column(whole, tuple(_ranked(part) for part in parts))


def _ranked(codes: Codes) -> _Ranked:
    n = len(codes)
    counts = np.bincount(codes)
    upto = np.cumsum(counts)
    r = upto[codes].astype(float)
    above = n - r + counts[codes]
    bottom = float(np.sum(above * (n - above)))
    error = 1.0
    if bottom > 0:
        error = float(np.sqrt((0.4 if len(counts) == n else _tied(np.sort(r), bottom, n)) / n))
    return _Ranked(np.argsort(codes, kind="stable"), r, bottom, error)


def chatterjee(x: _Ranked, y: _Ranked) -> float:
    """ξ: how far x decides y, over the same rows."""
    if y.bottom <= 0:
        return 0.0
    return 1 - len(x.order) * float(np.abs(np.diff(y.upto[x.order])).sum()) / (2 * y.bottom)


def _tied(u: Floats, bottom: float, n: int) -> float:
    """Variance of √n·ξ under independence with ties (Chatterjee 2021, below Theorem 2.2)."""
    place = np.arange(1, n + 1)
    v = np.cumsum(u)
    a = np.sum((2 * n - 2 * place + 1) * u**2) / n**4
    b = np.sum((v + (n - place) * u) ** 2) / n**5
    c = np.sum((2 * n - 2 * place + 1) * u) / n**3
    d = bottom / n**3
    return float(max((a - 2 * b + c * c) / d**2, 1e-12))
