"""Many questions at once: how sure a single answer may be when thousands were asked. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special

Method = Literal["bh", "by"]
LISTED = 0.2
"""A scan too large to hold all its p-values may leave out those above this; see `adjust_array`."""


def adjust(p_values: Sequence[float], method: Method = "bh") -> list[float]:
    """Adjusted p-values that control the share of false findings over the whole scan.

    `bh`: Benjamini and Hochberg (1995), for independent or positively dependent tests. `by`: Benjamini and
    Yekutieli (2001), for any dependence, larger by the factor 1 + 1/2 + … + 1/m. Order is kept. Raises ValueError
    for a value outside 0 to 1.
    """
    return adjust_array(np.asarray(p_values, dtype=float), method=method).tolist()


def adjust_array(
    p: npt.NDArray[np.float64], *, tests: int | None = None, method: Method = "bh"
) -> npt.NDArray[np.float64]:
    """As `adjust`, for an array. `tests` is the number of tests when only those with p up to LISTED are in `p`.

    What is left out cannot lower an adjusted value under LISTED, because p·m/rank is at least p: values under it are
    exact, others may be too large, never too small. Raises ValueError for values outside 0 to 1 or too few tests.
    """
    m = p.size if tests is None else tests
    if p.size == 0:
        return np.zeros(0)
    if not np.all((p >= 0) & (p <= 1)):
        raise ValueError("p-values lie between 0 and 1")
    if m < p.size:
        raise ValueError("there cannot be fewer tests than p-values")
    factor = _harmonic(m) if method == "by" else 1.0
    order = np.argsort(p, kind="stable")
    ranked = p[order] * m * factor / np.arange(1, p.size + 1)
    settled = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    adjusted = np.empty(p.size)
    adjusted[order] = settled
    return adjusted


def _harmonic(m: int) -> float:
    """1 + 1/2 + … + 1/m, by the digamma function (DLMF 5.4.14): a scan may have made fifty million tests."""
    return float(special.digamma(m + 1) + np.euler_gamma)
