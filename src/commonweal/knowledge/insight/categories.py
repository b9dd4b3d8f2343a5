"""Association with and between columns of categories. Pure NumPy and SciPy."""

from __future__ import annotations

import numpy as np
from scipy import special

from commonweal.knowledge.insight import disclosure, tails
from commonweal.knowledge.insight.disclosure import FEWEST_IN_A_CELL
from commonweal.knowledge.insight.estimates import CONFIDENCE, Codes, Estimate, Numbers


def coarsen(codes: Codes) -> Codes:
    """Put categories with fewer than ten rows together as one; small codes from 0."""
    _, compact, counts = np.unique(codes, return_inverse=True, return_counts=True)
    rare = counts < FEWEST_IN_A_CELL
    renamed = np.where(rare, -1, np.arange(len(counts)))
    return np.unique(renamed[compact], return_inverse=True)[1].astype(np.int64)


def correlation_ratio(codes: Codes, values: Numbers) -> Estimate | None:
    """Share of a number's spread that lies between categories, as a root (eta), less what chance alone would give.

    Point: epsilon-squared (Kelley 1935). Interval: Fisher's z. None when a category holds under ten rows even
    after coarsening, or nothing varies.
    """
    codes = coarsen(codes)
    counts = np.bincount(codes)
    k, n = len(counts), len(values)
    if k < 2 or counts.min() < FEWEST_IN_A_CELL or n - k < 2:
        return None
    means = np.bincount(codes, weights=values) / counts
    between = float(np.sum(counts * (means - values.mean()) ** 2))
    within = float(np.sum((values - means[codes]) ** 2))
    if between + within <= 0:
        return None
    d1, d2 = k - 1, n - k
    f = (between / d1) / max(within / d2, 1e-300)
    share = max(0.0, 1 - (1 - between / (between + within)) * (n - 1) / d2)

    p = float(tails.fisher(f, d1, d2))
    return _estimate(float(np.sqrt(share)), n, float(d2), p)


def cramers_v(left: Codes, right: Codes) -> Estimate | None:
    """Cramér's V corrected for bias (Bergsma 2013), from the contingency table; interval by Fisher's z.

    None when the table has a cell under ten rows after coarsening: φ and the margins together reveal a cell.
    """
    shown = disclosure.table(contingency(coarsen(left), coarsen(right)).astype(np.int64))
    if shown is None:
        return None
    table = shown.astype(float)
    n = int(table.sum())
    r, c = table.shape
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / n
    chi2 = float(np.sum((table - expected) ** 2 / expected))
    df = (r - 1) * (c - 1)
    rows, columns = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    value = float(np.sqrt(max(0.0, chi2 / n - df / (n - 1)) / min(rows - 1, columns - 1)))

    return _estimate(value, n, float(n - r - c), float(tails.chi2(chi2, df)))


def contingency(left: Codes, right: Codes) -> Numbers:
    """Counts of each pair of small codes."""
    columns = int(right.max()) + 1
    counts = np.bincount(left * columns + right, minlength=(int(left.max()) + 1) * columns)
    return counts.reshape(-1, columns).astype(float)


def _estimate(value: float, n: int, df: float, p: float) -> Estimate:
    """Interval on Fisher's z scale, as for a multiple correlation; it reaches 0 where the test does not refuse 0.

    Approximate: exact limits need non-central distributions that overflow for large tables.
    """
    reach = float(special.ndtri(0.5 + CONFIDENCE / 2)) / np.sqrt(max(df - 1, 1.0))
    z = float(np.arctanh(min(value, 1 - 1e-12)))
    low = 0.0 if p > 1 - CONFIDENCE else float(np.tanh(max(0.0, z - reach)))
    return Estimate(value, low, max(value, float(np.tanh(z + reach))), n, float(n), df, p)
