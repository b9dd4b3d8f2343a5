"""Limits and tests for arrays of statistics at once; every formula names its source. 95 % throughout."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from commonweal.knowledge.insight import tails
from commonweal.knowledge.insight.estimates import CONFIDENCE
from commonweal.knowledge.insight.measures.plan import Floats

REACH = float(special.ndtri(0.5 + CONFIDENCE / 2))
EDGE = 1 - 1e-15


def fisher(r: Floats, error: Floats) -> tuple[Floats, Floats]:
    """Limits of a correlation from the standard error of atanh(r) (Fisher 1921)."""
    z = np.arctanh(np.clip(r, -EDGE, EDGE))
    return np.tanh(z - REACH * error), np.tanh(z + REACH * error)


def pearson(r: Floats, n: Floats, lost: float = 0) -> tuple[Floats, Floats, Floats]:
    """Low, high and two-sided p (Student's t) of Pearson's r over n rows worth of evidence; `lost` degrees of freedom
    were used up by what is held constant (Fisher 1924)."""
    df = np.maximum(n - lost - 2, 1)
    low, high = fisher(r, 1 / np.sqrt(np.maximum(df - 1, 1)))
    with np.errstate(divide="ignore"):
        score = np.abs(r) * np.sqrt(df / np.maximum(1 - r * r, 1e-300))
    return low, high, 2 * tails.student(score, df)


def spearman(r: Floats, n: Floats) -> tuple[Floats, Floats, Floats]:
    """As `pearson` for ranks: standard error √((1 + r²/2)/(n − 3)) (Bonett & Wright, Psychometrika 65, 2000)."""
    low, high = fisher(r, np.sqrt((1 + r * r / 2) / np.maximum(n - 3, 1)))
    return low, high, pearson(r, n)[2]


def _crossing(score: Callable[[Floats], Floats], wanted: float, start: Floats) -> Floats:
    """The parameter at which a falling score meets `wanted`; 0 where it starts below."""
    low, high = np.zeros_like(start), start.copy()
    for _ in range(200):
        short = score(high) > wanted
        if not short.any():
            break
        high = np.where(short, high * 2 + 1, high)
    for _ in range(48):
        middle = (low + high) / 2
        above = score(middle) > wanted
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where(score(np.zeros_like(start)) > wanted, (low + high) / 2, 0.0)


def noncentral_chi2(x: Floats, df: Floats) -> tuple[Floats, Floats]:
    """Limits of the noncentrality behind an observed χ² (inversion: Steiger & Fouladi 1997; the distribution by the
    cube root of Abdel-Aty, Biometrika 41, 1954)."""

    def score(centre: Floats) -> Floats:
        g, h = df + centre, df + 2 * centre
        spread = 2 / 9 * (h / g) / g
        return (np.cbrt(x / g) - (1 - spread)) / np.sqrt(spread)

    return _crossing(score, REACH, x + 10), _crossing(score, -REACH, x + 10)


def noncentral_f(f: Floats, d1: Floats, d2: Floats) -> tuple[Floats, Floats]:
    """The same behind an observed F (Severo & Zelen, Biometrika 47, 1960)."""

    def score(centre: Floats) -> Floats:
        g, h = d1 + centre, d1 + 2 * centre
        spread = 2 / 9 * (h / g) / g
        root = np.cbrt(d1 * f / g)
        other = 2 / (9 * d2)
        return (root * (1 - other) - (1 - spread)) / np.sqrt(spread + other * root * root)

    return _crossing(score, REACH, d1 * f + 10), _crossing(score, -REACH, d1 * f + 10)
