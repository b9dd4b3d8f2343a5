"""Association given other columns: what is left when they are held constant, from the same sums.

Frisch and Waugh (Econometrica 1, 1933) and Lovell (JASA 58, 1963): the correlation of what two columns have left after
regression on others follows from their sums of products alone. Categories enter as one column of zeros and ones for
each value; the largest is taken out first, group by group, so that thousands of places cost nothing.
The sums answer exactly where a pair's columns have no gaps; other pairs are measured on the rows held.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from commonweal.knowledge.insight import tails
from commonweal.knowledge.insight.measures import intervals
from commonweal.knowledge.insight.measures.found import FEWEST, Found, of_lists
from commonweal.knowledge.insight.measures.plan import Codes, Floats
from commonweal.knowledge.insight.measures.statistics import pair_tables
from commonweal.knowledge.insight.measures.summary import Summary

NOTHING_LEFT = 1e-10
"""A column of which no more than this share is left is explained by what is given."""


@dataclass(frozen=True)
class _Left:
    """Sums of products of what numbers and the zeros and ones of categories have left; `lost` degrees of freedom."""

    products: Floats
    totals: Floats
    lost: int
    worth: float


def finish(summary: Summary) -> list[Found]:
    """Partial correlations of numbers and partial correlation ratios, given `plan.given`. Two categories are left out:
    their table has no such part that is agreed on."""
    if not summary.plan.given:
        raise ValueError("the plan gives no columns")
    return [_numbers(summary), _ratios(summary)]


def complete(summary: Summary) -> tuple[list[int], list[int]]:
    """Columns to compare without gaps, and with: places in `Plan.names`."""
    plan = summary.plan
    k = len(plan.numbers)
    counts = np.diag(summary.numbers.counts) if k else np.zeros(0)
    everything = _everything(summary)
    whole: list[int] = []
    gappy: list[int] = []
    for i in plan.shown:
        own = counts[i] if i < k else _kinds(summary, i - k).sum()
        (whole if own >= everything * (1 - 1e-12) else gappy).append(i)
    return whole, gappy


def _everything(summary: Summary) -> float:
    """The weight of all rows; a given column is present in each."""
    plan = summary.plan
    k = len(plan.numbers)
    at = plan.names.index(plan.given[0])
    return float(summary.numbers.counts[at, at]) if at < k else float(_kinds(summary, at - k).sum())


def _kinds(summary: Summary, c: int) -> Floats:
    """How much weight each value of a category has."""
    k = len(summary.plan.numbers)
    for i, j, table in pair_tables(summary):
        if i == k + c and summary.plan.names[j] in summary.plan.given:
            return table.sum(axis=1)
        if j == k + c and summary.plan.names[i] in summary.plan.given:
            return table.sum(axis=0)
    if summary.groups and len(summary.groups[c].counts.T):
        return summary.groups[c].counts.max(axis=1)
    return np.zeros(len(summary.plan.kinds[c]))


def _gram(summary: Summary, columns: list[int]) -> tuple[Floats, list[slice]]:
    """Products of all columns with each other, categories as zeros and ones, and where each column stands."""
    plan = summary.plan
    k = len(plan.numbers)
    edges = np.cumsum([0, *(1 if i < k else len(plan.kinds[i - k]) for i in columns)])
    where = [slice(a, b) for a, b in itertools.pairwise(edges.tolist())]
    out = np.zeros((edges[-1], edges[-1]))
    numbers = [(s, i) for s, i in zip(where, columns, strict=True) if i < k]
    named = [(s, i) for s, i in zip(where, columns, strict=True) if i >= k]
    for s, i in numbers:
        for t, j in numbers:
            out[s, t] = summary.numbers.products[i, j]
    for s, i in named:
        out[s, s] = np.diag(_kinds(summary, i - k))
        for t, j in numbers:
            out[s, t] = summary.groups[i - k].sums[:, [j]]
            out[t, s] = out[s, t].T
    at = {i: s for s, i in named}
    for i, j, table in pair_tables(summary):
        if i in at and j in at:
            out[at[i], at[j]], out[at[j], at[i]] = table, table.T
    return out, where


def _left(summary: Summary, columns: list[int]) -> tuple[_Left, list[slice]]:
    plan = summary.plan
    k = len(plan.numbers)
    given = [plan.names.index(name) for name in plan.given]
    named = sorted((i for i in given if i >= k), key=lambda i: -len(plan.kinds[i - k]))
    rest = [i for i in given if i not in named[:1]]
    gram, where = _gram(summary, [*columns, *rest, *named[:1]])
    shown = where[len(columns) - 1].stop if columns else 0
    total = _everything(summary)
    before = np.diag(gram)[:shown].copy()
    if named:
        last = where[-1]
        own = np.diag(gram)[last]
        there = own > 0
        across = gram[: last.start, last][:, there]
        gram, lost = gram[: last.start, : last.start] - (across / own[there]) @ across.T, int(there.sum())
    else:
        sums = np.concatenate([np.atleast_1d(_total(summary, i)) for i in [*columns, *rest]])
        gram, lost = gram - np.outer(sums, sums) / total, 1
    if len(gram) > shown:
        inside = gram[shown:, shown:]
        scale = np.sqrt(np.maximum(np.diag(inside), 1e-300))
        inverse = np.linalg.pinv(inside / np.outer(scale, scale), rcond=1e-9, hermitian=True)
        lost += int(np.linalg.matrix_rank(inside / np.outer(scale, scale), tol=1e-9, hermitian=True))
        across = gram[:shown, shown:] / scale
        gram = gram[:shown, :shown] - across @ inverse @ across.T
    worth = total
    if summary.squared is not None:
        worth = total**2 / float(summary.squared[given[0], given[0]])
    return _Left(gram, before, lost, worth), where


def _total(summary: Summary, i: int) -> Floats:
    k = len(summary.plan.numbers)
    return np.asarray(summary.numbers.sums[i, i]) if i < k else _kinds(summary, i - k)


def _numbers(summary: Summary) -> Found:
    k = len(summary.plan.numbers)
    whole, gappy = complete(summary)
    columns = [i for i in whole if i < k]
    made: list[tuple[float, ...]] = []
    if len(columns) > 1:
        left, _ = _left(summary, columns)
        own = np.diag(left.products).copy()
        own[own <= NOTHING_LEFT * left.totals] = np.nan
        r = np.clip(left.products / np.sqrt(np.outer(own, own)), -1, 1)
        low, high, p = intervals.pearson(r, np.full_like(r, left.worth), left.lost - 1)
        n = summary.rows
        if left.worth - left.lost - 1 >= FEWEST - 2:
            for a, b in zip(*np.triu_indices(len(columns), 1), strict=True):
                if np.isfinite(r[a, b]):
                    made.append((columns[a], columns[b], r[a, b], low[a, b], high[a, b], n, p[a, b]))
    for i in gappy:
        if i < k:
            for j in (*columns, *(g for g in gappy if g < i)):
                told = _on_rows(summary, min(i, j), max(i, j))
                made += [told] if told else []
    return of_lists("pearson", made)


def _ratios(summary: Summary) -> Found:
    """Partial η: the share of what a number has left that the category's left-over zeros and ones explain."""
    k = len(summary.plan.numbers)
    whole, gappy = complete(summary)
    numbers, named = [i for i in whole if i < k], [i for i in whole if i >= k]
    made: list[tuple[float, ...]] = []
    for c in named if numbers else ():
        left, where = _left(summary, [*numbers, c])
        block = left.products[where[len(numbers)], where[len(numbers)]]
        scale = np.sqrt(np.maximum(np.diag(block), 1e-300))
        inside = block / np.outer(scale, scale)
        live = np.diag(block) > NOTHING_LEFT * np.maximum(left.totals[where[len(numbers)]], 1e-300)
        inside, scale = inside[np.ix_(live, live)], scale[live]
        rank = int(np.linalg.matrix_rank(inside, tol=1e-9, hermitian=True)) if len(inside) else 0
        if not rank:
            continue
        inverse = np.linalg.pinv(inside, rcond=1e-9, hermitian=True)
        across = left.products[: len(numbers), where[len(numbers)]][:, live] / scale
        own = np.diag(left.products)[: len(numbers)]
        explained = np.einsum("ij,jk,ik->i", across, inverse, across)
        df = left.worth - left.lost - rank
        for at, j in enumerate(numbers):
            if own[at] > NOTHING_LEFT * left.totals[at] and df >= FEWEST - 2:
                made.append((c, j, *_eta(explained[at] / own[at], summary.rows, left.worth, rank, df)))
    for i in [*named, *(g for g in gappy if g >= k)]:
        for j in [*numbers, *(g for g in gappy if g < k)]:
            if i in gappy or j in gappy:
                told = _on_rows(summary, j, i)
                made += [told] if told else []
    return of_lists("correlation_ratio", made)


def _eta(share: float, n: float, worth: float, d1: int, d2: float) -> tuple[float, ...]:
    share = float(np.clip(share, 0, 1))
    f = np.asarray(share / d1 / max((1 - share) / d2, 1e-300))
    low, high = intervals.noncentral_f(f, np.asarray(float(d1)), np.asarray(float(d2)))
    value = float(np.sqrt(share))
    limits = float(np.sqrt(low / (low + worth))), float(np.sqrt(high / (high + worth)))
    return value, min(limits[0], value), max(limits[1], value), n, float(tails.fisher(f, d1, d2))


def _on_rows(summary: Summary, i: int, j: int) -> tuple[float, ...] | None:
    """One pair with gaps, over the rows held where both are present: exact where every row is held, else a sample."""
    plan = summary.plan
    k = len(plan.numbers)
    held = summary.sample.values
    here = np.isfinite(held[i]) & (np.isfinite(held[j]) if j < k else held[j] < len(plan.kinds[j - k]))
    n = int(here.sum())
    if n < FEWEST:
        return None
    w = held[-1][here] if plan.weight is not None else np.ones(n)
    given = [plan.names.index(name) for name in plan.given]
    design = [_columns(held[g][here], g < k) for g in given]
    parts = [_columns(held[i][here], True), _columns(held[j][here], j < k)]
    left, rank = residuals(np.column_stack([np.ones((n, 1)), *design]), np.column_stack(parts), w)
    worth = float(w.sum() ** 2 / np.sum(w**2))
    df = worth - rank - 1
    own = np.sqrt(np.sum(left**2, axis=0))
    was = np.sqrt(np.sum((np.sqrt(w)[:, None] * np.column_stack(parts)) ** 2, axis=0))
    if df < FEWEST - 2 or own[0] ** 2 <= NOTHING_LEFT * was[0] ** 2 or not own[1:].any():
        return None
    if j < k:
        r = float(np.clip(left[:, 0] @ left[:, 1] / max(own[0] * own[1], 1e-300), -1, 1))
        if own[1] ** 2 <= NOTHING_LEFT * was[1] ** 2:
            return None
        low, high, p = intervals.pearson(np.array([r]), np.array([worth]), rank - 1)
        return i, j, r, float(low[0]), float(high[0]), n, float(p[0])
    rest, d1 = residuals(left[:, 1:], left[:, :1], np.ones(n))
    share = 1 - float(np.sum(rest**2)) / float(own[0] ** 2)
    return (j, i, *_eta(share, n, worth, d1, worth - rank - d1)) if d1 and worth - rank - d1 > 1 else None


def _columns(values: Floats, number: bool) -> Floats:
    """A held column as columns of a regression: a number centred, a category as zeros and ones, its first left out."""
    if number:
        return (values - values.mean())[:, None]
    codes: Codes = np.unique(values, return_inverse=True)[1]
    return np.eye(int(codes.max()) + 1)[codes][:, 1:]


def residuals(design: Floats, values: Floats, weights: Floats) -> tuple[Floats, int]:
    """What is left of columns after weighted regression on others (scaled by √weight), and the rank of those."""
    root = np.sqrt(weights)[:, None]
    scale = np.maximum(np.sqrt(np.sum((root * design) ** 2, axis=0)), 1e-300)
    basis, sizes, _ = np.linalg.svd(root * design / scale, full_matrices=False)
    keep = sizes > 1e-7 * max(float(sizes.max(initial=0.0)), 1e-300)
    basis = basis[:, keep]
    heavy = root * values
    return heavy - basis @ (basis.T @ heavy), int(keep.sum())
