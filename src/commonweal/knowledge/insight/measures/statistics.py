"""From sums to statistics: every pair of columns, each statistic with its interval and its test."""

from __future__ import annotations

import itertools
from collections.abc import Collection

import numpy as np

from commonweal.knowledge.insight import tails
from commonweal.knowledge.insight.measures import intervals, ranking
from commonweal.knowledge.insight.measures.coding import sizes
from commonweal.knowledge.insight.measures.found import FEWEST, Found, Places, of_lists
from commonweal.knowledge.insight.measures.plan import Floats
from commonweal.knowledge.insight.measures.summary import Summary

NATURAL = ("pearson", "correlation_ratio", "cramers_v")
"""The statistic that fits a pair's types: two numbers, a category and a number, two categories."""
STATISTICS = (*NATURAL, "spearman", "mutual_information", "xi")


def finish(summary: Summary, statistics: Collection[str] = NATURAL) -> list[Found]:
    """The statistics of every pair that shares FEWEST rows, but xi, which is for chosen pairs (see `ranking.xi`)."""
    makers = {
        "pearson": pearson,
        "correlation_ratio": correlation_ratio,
        "cramers_v": cramers_v,
        "spearman": ranking.spearman,
        "mutual_information": mutual_information,
    }
    return [makers[name](summary) for name in STATISTICS if name in statistics and name in makers]


def evidence(summary: Summary, left: Places | int, right: Places | int, total: Floats) -> tuple[Floats, Floats]:
    """Rows of pairs, and how many equal rows they are worth: (Σw)²/Σw² (Kish 1965)."""
    if summary.present is None or summary.squared is None:
        return total, total
    with np.errstate(invalid="ignore", divide="ignore"):
        worth = np.nan_to_num(total**2 / summary.squared[left, right])
    return summary.present[left, right], worth


def pearson(summary: Summary) -> Found:
    """Pearson's r of every pair of numbers, pairwise; interval by Fisher's z, test by Student's t."""
    k = len(summary.plan.numbers)
    left, right = np.triu_indices(k, 1)
    r = summary.numbers.correlation()[left, right]
    n, worth = evidence(summary, left, right, summary.numbers.counts[left, right])
    keep = np.isfinite(r) & (n >= FEWEST) & (worth > 4)
    left, right, r, n, worth = left[keep], right[keep], r[keep], n[keep], worth[keep]
    low, high, p = intervals.pearson(r, worth)
    return Found("pearson", left, right, r, low, high, n, p)


def correlation_ratio(summary: Summary) -> Found:
    """η of every category and number: the root of the share of the number's spread that lies between categories.

    Interval: limits of noncentral F (Smithson 2003); test: F. `corrected` is the root of ε² (Kelley 1935), which takes
    off what chance alone gives; `groups` counts the categories with rows.
    """
    plan = summary.plan
    k = len(plan.numbers)
    told: list[tuple[Floats, Places, Places, Floats, Floats, Floats]] = []
    for c, groups in enumerate(summary.groups):
        counts, sums = groups.counts, groups.sums
        total = counts.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            own = np.where(counts > 0, sums**2 / counts, 0.0).sum(axis=0)
            mean = sums.sum(axis=0) ** 2 / total
        spread, between = groups.squares - mean, own - mean
        some = (counts > 0).sum(axis=0).astype(float)
        places = np.arange(k)
        n, worth = evidence(summary, np.full(k, k + c), places, total)
        keep = (n >= FEWEST) & (some > 1) & (worth - some > 1) & (spread > 64 * np.finfo(float).eps * groups.squares)
        share = np.clip(between[keep] / spread[keep], 0.0, 1.0)
        told.append((share, np.full(int(keep.sum()), k + c), places[keep], n[keep], worth[keep], some[keep]))
    if not told:
        return of_lists("correlation_ratio", [])
    share, left, right, n, worth, some = (np.concatenate(each) for each in zip(*told, strict=True))
    return _ratio(share, left.astype(np.intp), right.astype(np.intp), n, worth, some)


def _ratio(share: Floats, left: Places, right: Places, n: Floats, worth: Floats, groups: Floats) -> Found:
    d1, d2 = groups - 1, worth - groups
    f = (share / d1) / np.maximum((1 - share) / d2, 1e-300)
    low, high = (np.sqrt(c / (c + worth)) for c in intervals.noncentral_f(f, d1, d2))
    value = np.sqrt(share)
    corrected = np.sqrt(np.maximum(0.0, 1 - (1 - share) * (worth - 1) / d2))
    return Found(
        "correlation_ratio", left, right, value, np.minimum(low, value), np.maximum(high, value), n,
        tails.fisher(f, d1, d2), {"corrected": corrected, "groups": groups},
    )  # fmt: skip


def cramers_v(summary: Summary) -> Found:
    """Cramér's V of every two categories, corrected for bias (Bergsma, J. Korean Stat. Soc. 42, 2013).

    Interval: limits of noncentral χ² (Smithson 2003); test: χ², with weights scaled by their design effect (Rao & Scott
    1981, first order). `uncorrected` is the V of textbooks.
    """
    k = len(summary.plan.numbers)
    rows: list[tuple[float, ...]] = []
    for i, j, table in pair_tables(summary):
        if i < k:
            continue
        told = _table(summary, i, j, table)
        if told is None:
            continue
        shape, total, n, worth = told
        if min(shape.shape) < 2:
            continue
        r, c = shape.shape
        expected = shape.sum(1, keepdims=True) * shape.sum(0, keepdims=True) / total
        phi2 = float(np.sum((shape - expected) ** 2 / expected)) / total
        rest = max(0.0, phi2 - (r - 1) * (c - 1) / (worth - 1))
        least = min(r - (r - 1) ** 2 / (worth - 1), c - (c - 1) ** 2 / (worth - 1)) - 1
        value = float(np.sqrt(rest / least)) if least > 0 else 0.0
        rows.append((i, j, min(value, 1.0), 0, 1, n, 1, phi2 * worth, (r - 1) * (c - 1), worth * (min(r, c) - 1),
                     np.sqrt(phi2 / (min(r, c) - 1))))  # fmt: skip
    made = of_lists("cramers_v", rows, ("chi2", "df", "scale", "uncorrected"))
    chi2, df, scale = made.extra["chi2"], made.extra["df"], made.extra["scale"]
    low, high = (np.sqrt(np.minimum(c / scale, 1.0)) for c in intervals.noncentral_chi2(chi2, df))
    return Found(
        "cramers_v", made.left, made.right, made.value, np.minimum(low, made.value), np.maximum(high, made.value),
        made.n, tails.chi2(chi2, df), {"uncorrected": made.extra["uncorrected"]},
    )  # fmt: skip


def pair_tables(summary: Summary) -> list[tuple[int, int, Floats]]:
    """Every table with the places of its columns in `Plan.names`."""
    plan = summary.plan
    offset = 0 if plan.edges else len(plan.numbers)
    held = len(sizes(plan)) if plan.edges else len(plan.kinds)
    pairs = itertools.combinations(range(offset, offset + held), 2)
    return [(i, j, table) for (i, j), table in zip(pairs, summary.tables, strict=True)]


def _table(summary: Summary, i: int, j: int, table: Floats) -> tuple[Floats, float, float, float] | None:
    """The table without empty rows and columns, its sum, rows and their worth; None under FEWEST rows."""
    total = float(table.sum())
    n, worth = (float(v) for v in evidence(summary, i, j, np.asarray(total)))
    if n < FEWEST or worth <= 2:
        return None
    return table[np.ix_(table.sum(1) > 0, table.sum(0) > 0)], total, n, worth


def mutual_information(summary: Summary) -> Found:
    """Mutual information in nats, numbers cut into bins of equal share, less Miller's (1955) bias (r−1)(c−1)/2n.

    Interval: normal, variance of the log ratio over n (Roulston, Physica D 125, 1999); test: G. `normalised` divides by
    the smaller entropy (0 to 1). For ranking, √(1 − e^(−2I)) puts it on the scale of a correlation (Linfoot 1957).
    """
    rows: list[tuple[float, ...]] = []
    for i, j, table in pair_tables(summary):
        told = _table(summary, i, j, table)
        if told is None or min(told[0].shape) < 2:
            continue
        shape, total, n, worth = told
        p = shape / total
        left, right = p.sum(1), p.sum(0)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(p > 0, np.log(p / np.outer(left, right)), 0.0)
        plain = float(np.sum(p * ratio))
        df = (len(left) - 1) * (len(right) - 1)
        error = np.sqrt(max(0.0, float(np.sum(p * ratio**2)) - plain**2) / worth)
        entropy = min(float(-np.sum(left * np.log(left))), float(-np.sum(right * np.log(right))))
        value = min(max(0.0, plain - df / (2 * worth)), entropy)
        test = float(tails.chi2(2 * worth * max(plain, 0.0), df))
        low = 0.0 if test > 0.05 else max(0.0, value - intervals.REACH * error)
        high = min(entropy, value + intervals.REACH * error)
        rows.append((i, j, value, low, max(high, value), n, test, value / entropy if entropy > 0 else 0.0, plain))
    made = of_lists("mutual_information", rows, ("normalised", "uncorrected"))
    strength = tuple(np.sqrt(-np.expm1(-2 * v)) for v in (made.value, made.low, made.high))
    return Found(
        made.statistic, made.left, made.right, made.value, made.low, made.high, made.n, made.p, made.extra,
        strength,  # type: ignore[arg-type]
    )  # fmt: skip
