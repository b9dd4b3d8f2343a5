"""A correlation that may be published although single people stand behind it: from clipped moments with noise. Pure.

Rule 10 of disclosure. Each row's two figures are clipped to declared limits and put on a grid of whole numbers, so that
adding or taking away one row moves each of six sums by no more than is known beforehand. To each sum discrete Laplace
noise is added, drawn exactly in whole numbers (Canonne, Kamath & Steinke, NeurIPS 2020, algorithms 1 and 2): sums of
floats leak through their last digits (Mironov, CCS 2012). The six together are ε-differentially private (Dwork,
McSherry, Nissim & Smith, TCC 2006); all that is reckoned from them afterwards costs nothing more.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from commonweal.knowledge.insight.estimates import Numbers

HALF = 512
"""Grid steps from the middle of a column's limits to either end."""
SENSITIVITY = (1, HALF, HALF, HALF**2, HALF**2, HALF**2)
"""By how much one row can move n, Σu, Σv, Σu², Σv² and Σuv."""
DRAWS = 2_000
Below = Callable[[int], int]
"""A whole number from 0 to below what is given, each as likely."""


@dataclass(frozen=True)
class Limits:
    """What a column's values are clipped to."""

    low: float
    high: float


@dataclass(frozen=True)
class Noisy:
    """What may be told: rows, r and a 95 % interval that allows for the noise as for the sample; None for r where the
    noise leaves no spread to divide by."""

    n: int
    value: float | None
    low: float = -1.0
    high: float = 1.0


def published(
    x: Numbers, y: Numbers, left: Limits, right: Limits, epsilon: Fraction, below: Below | None = None
) -> Noisy:
    """r of two columns of persons (a row each, no gaps) within a budget of `epsilon`. Raises ValueError for limits or
    a budget that are none.
    """
    if epsilon <= 0 or left.low >= left.high or right.low >= right.high:
        raise ValueError("a budget is above nothing, and limits have a lower and a higher end")
    u, v = on_grid(x, left), on_grid(y, right)
    sums = (len(u), int(u.sum()), int(v.sum()), int(u @ u), int(v @ v), int(u @ v))
    scales = [Fraction(6 * most) / epsilon for most in SENSITIVITY]
    told = [
        value + discrete_laplace(scale, below or secrets.randbelow) for value, scale in zip(sums, scales, strict=True)
    ]
    return _reckoned(told, scales)


def on_grid(values: Numbers, limits: Limits) -> npt.NDArray[np.int64]:
    """Values clipped to their limits, as whole numbers from −HALF to HALF."""
    share = (np.clip(values, limits.low, limits.high) - limits.low) / (limits.high - limits.low)
    return np.rint((2 * share - 1) * HALF).astype(np.int64)


def _correlation(n, su, sv, suu, svv, suv):
    with np.errstate(invalid="ignore", divide="ignore"):
        vu, vv = suu - su * su / n, svv - sv * sv / n
        r = (suv - su * sv / n) / np.sqrt(vu * vv)
    return np.where((n > 3) & (vu > 0) & (vv > 0) & np.isfinite(r), np.clip(r, -1, 1), np.nan)


def _reckoned(told: list[int], scales: list[Fraction]) -> Noisy:
    n = max(0, told[0])
    value = float(_correlation(*(np.array(float(each)) for each in told)))
    if not np.isfinite(value):
        return Noisy(n, None)
    # What else could have been told of the same rows: noise again, and the sample's own error on Fisher's scale.
    draw = np.random.default_rng(told[0] & 0xFFFF)
    again = [each + draw.laplace(scale=float(scale), size=DRAWS) for each, scale in zip(told, scales, strict=True)]
    others = _correlation(*again)
    others = others[np.isfinite(others)]
    error = draw.standard_normal(len(others)) / np.sqrt(max(n - 3, 1))
    around = np.tanh(np.arctanh(np.clip(others, -0.999999, 0.999999)) + error)
    if len(around) < DRAWS / 2:
        return Noisy(n, None)
    low, high = np.quantile(around, (0.025, 0.975))
    return Noisy(n, value, min(float(low), value), max(float(high), value))


def discrete_laplace(scale: Fraction, below: Below) -> int:
    """A whole number z with probability in proportion to exp(−|z| / scale), drawn exactly (algorithm 2)."""
    s, t = scale.denominator, scale.numerator
    while True:
        u = below(t)
        if not _bernoulli_exp(Fraction(u, t), below):
            continue
        v = 0
        while _bernoulli_exp(Fraction(1), below):
            v += 1
        y = (u + t * v) // s
        negative = below(2) == 1
        if not (negative and y == 0):
            return -y if negative else y


def _bernoulli_exp(gamma: Fraction, below: Below) -> bool:
    """True with probability exp(−gamma), gamma from 0 to 1 (algorithm 1)."""
    k = 1
    while below(gamma.denominator * k) < gamma.numerator:
        k += 1
    return k % 2 == 1
