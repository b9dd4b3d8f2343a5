"""How strongly two columns of numbers go together, and how surely: estimates with intervals. Pure NumPy and SciPy.

Correlations are compared on Fisher's z scale (R. A. Fisher, 1921): atanh(r) is near normal with a standard error of
1/sqrt(n - 3) for independent rows. Rows of a panel are not independent: the years of one region resemble each other.
There the standard error comes from the influence function of r summed within regions (a cluster-robust sandwich) and
the interval from Student's t with (regions - 1) degrees of freedom, and it is never smaller than the simple one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from commonweal.knowledge.insight import tails

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A correlation-like value with its interval, the rows it rests on, the number of independent rows those are
    worth, the degrees of freedom, and the probability of such a value if nothing went together."""

    value: float
    low: float
    high: float
    n: int
    effective: float
    df: float
    p: float

    @property
    def floor(self) -> float:
        """The end of the interval nearer to nothing: 0 when the interval holds 0."""
        return 0.0 if self.low <= 0 <= self.high else min(abs(self.low), abs(self.high))

    def as_dict(self) -> dict[str, float]:
        """JSON form."""
        return {k: getattr(self, k) for k in ("value", "low", "high", "n", "effective", "df", "p")}

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> Estimate:
        """The estimate `as_dict` told."""
        return cls(**told)


def standardise(values: Numbers) -> Numbers | None:
    """Mean 0, variance 1; None for a column that does not vary (beyond rounding)."""
    centred = values - values.mean()
    scale = np.sqrt(np.mean(centred**2))
    if not np.isfinite(scale) or scale <= 1e-12 * max(1.0, float(np.max(np.abs(values), initial=0.0))):
        return None
    return centred / scale


def correlation(x: Numbers, y: Numbers, *, clusters: Codes | None = None, lost: int = 0) -> Estimate | None:
    """Pearson's r of two complete columns with its interval; None when a column does not vary.

    `clusters` are small codes of the entity each row belongs to; `lost` counts the degrees of freedom used up before
    (group means removed). Needs at least two degrees of freedom, else None.
    """
    n = len(x)
    df = n - lost - 2
    zx, zy = standardise(x), standardise(y)
    if df < 2 or zx is None or zy is None:
        return None
    r = float(np.clip(np.mean(zx * zy), -1.0, 1.0))
    simple = 1.0 / np.sqrt(max(df - 1, 1))
    if clusters is None:
        return interval(r, simple, n, df, None)
    return interval(r, max(simple, clustered_error(zx, zy, r, clusters)), n, df, int(clusters.max()))


def clustered_error(zx: Numbers, zy: Numbers, r: float, clusters: Codes) -> float:
    """Standard error of atanh(r) when rows of one cluster depend on each other in any way.

    The influence of a row on r is zx·zy - r(zx² + zy²)/2; summed within clusters and squared it gives the variance,
    with the usual factor G/(G - 1) for few clusters.
    """
    influence = zx * zy - 0.5 * r * (zx**2 + zy**2)
    sums = np.bincount(clusters, weights=influence)
    groups = max(len(sums), 2)
    variance = groups / (groups - 1) * float(np.sum(sums**2)) / len(zx) ** 2
    return float(np.sqrt(variance)) / max(1e-12, 1.0 - r * r)


def interval(r: float, error: float, n: int, df: float, groups: int | None) -> Estimate:
    """Estimate from r and the standard error of atanh(r); t with `groups` degrees of freedom where given."""
    z = np.arctanh(np.clip(r, -0.999999999, 0.999999999))
    reach = tails.student_at(0.5 + CONFIDENCE / 2, groups) if groups else special.ndtri(0.5 + CONFIDENCE / 2)
    score = abs(z) / error
    p = 2 * (tails.student(score, groups) if groups else special.ndtr(-score))
    low, high = np.tanh(z - reach * error), np.tanh(z + reach * error)
    return Estimate(r, float(low), float(high), n, min(float(n), 3 + 1 / error**2), float(df), float(p))


def spearman(x: Numbers, y: Numbers, *, clusters: Codes | None = None) -> Estimate | None:
    """Correlation of ranks, ties sharing their mean rank: blind to scale and to single extreme values."""
    return correlation(tails.midranks(x), tails.midranks(y), clusters=clusters)


def serial(x: Numbers, y: Numbers) -> Estimate | None:
    """Correlation of two time series in order, worth fewer rows the more each resembles its own past.

    Effective n after Bartlett (1946): n / (1 + 2·Σ ρx(k)·ρy(k)), over lags up to n/4 while both are positive.
    """
    simple = correlation(x, y)
    if simple is None:
        return None
    n = len(x)
    total = 0.0
    for lag in range(1, max(2, n // 4)):
        joint = _own(x, lag) * _own(y, lag)
        if joint <= 0:
            break
        total += (1 - lag / n) * joint
    effective = max(4.5, n / (1 + 2 * total))
    return interval(simple.value, 1 / np.sqrt(effective - 3), n, simple.df, max(2, round(effective) - 2))


def _own(x: Numbers, lag: int) -> float:
    centred = x - x.mean()
    return float(np.sum(centred[lag:] * centred[:-lag]) / max(np.sum(centred**2), 1e-300))


def without_effects(values: Numbers, region: Codes, period: Codes, rounds: int = 200) -> Numbers:
    """What is left of a column when every region's own level and every period's own level are taken out.

    The two-way within transformation, for panels with gaps by alternating projections until it settles.
    """
    left = values - values.mean()
    counts = np.maximum(np.bincount(region), 1), np.maximum(np.bincount(period), 1)
    scale = float(np.max(np.abs(left), initial=0.0)) or 1.0
    for _ in range(rounds):
        by_region = np.bincount(region, weights=left) / counts[0]
        left = left - by_region[region]
        by_period = np.bincount(period, weights=left) / counts[1]
        left = left - by_period[period]
        if np.max(np.abs(by_region), initial=0.0) < 1e-10 * scale:
            break
    if float(np.std(left)) < 1e-9 * scale:
        return np.zeros_like(left)
    return left


def steps(values: Numbers, region: Codes, period: Codes) -> tuple[Numbers, Codes, Codes]:
    """Changes from each region's previous period, with the region and the period changed to.

    Rows must be sorted by region, then period. A change over several periods is divided by their number.
    """
    same = region[1:] == region[:-1]
    gap = np.maximum(period[1:] - period[:-1], 1)
    return ((values[1:] - values[:-1]) / gap)[same], region[1:][same], period[1:][same]


def fragility(x: Numbers, y: Numbers) -> float:
    """The most that r moves when any single row is left out."""
    n = len(x)
    if n < 4:
        return 1.0
    cx, cy = x - x.mean(), y - y.mean()
    factor = n / (n - 1)
    sxx, syy = np.sum(cx**2) - factor * cx**2, np.sum(cy**2) - factor * cy**2
    sxy = np.sum(cx * cy) - factor * cx * cy
    with np.errstate(invalid="ignore", divide="ignore"):
        without = sxy / np.sqrt(sxx * syy)
        r = np.sum(cx * cy) / np.sqrt(np.sum(cx**2) * np.sum(cy**2))
    moved = np.abs(without - r)
    return float(np.max(moved[np.isfinite(moved)], initial=0.0))
