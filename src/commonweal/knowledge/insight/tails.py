"""Tails of the distributions tests are judged by, from `scipy.special`: the same figures as `scipy.stats`, whose import
alone takes longer than most pages may. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

Numbers = npt.NDArray[np.float64]


def student(score: Any, df: Any) -> Any:
    """P(T > score) of Student's t with `df` degrees of freedom (DLMF 8.17)."""
    return special.stdtr(df, -np.asarray(score, dtype=float))


def student_at(share: float, df: Any) -> Any:
    """The value below which a share of Student's t lies."""
    return special.stdtrit(df, share)


def fisher(ratio: Any, above: Any, below: Any) -> Any:
    """P(F > ratio) with `above` and `below` degrees of freedom."""
    return special.fdtrc(above, below, ratio)


def chi2(value: Any, df: Any) -> Any:
    """P(χ² > value) with `df` degrees of freedom."""
    return special.chdtrc(df, value)


def midranks(values: Numbers) -> Numbers:
    """Ranks from 1, those of ties shared (as `scipy.stats.rankdata` gives them)."""
    _, codes, counts = np.unique(values, return_inverse=True, return_counts=True)
    told: Numbers = (np.cumsum(counts) - (counts - 1) / 2)[codes]
    return told
