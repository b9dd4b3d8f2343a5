"""Many questions at once: how sure a single answer may be when thousands were asked. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np


def adjust(p_values: Sequence[float], method: Literal["bh", "by"] = "bh") -> list[float]:
    """Adjusted p-values that control the share of false findings over the whole scan.

    `bh`: Benjamini and Hochberg (1995), for independent or positively dependent tests. `by`: Benjamini and
    Yekutieli (2001), for any dependence, larger by the factor 1 + 1/2 + … + 1/m. Order is kept. Raises ValueError
    for a value outside 0 to 1.
    """
    p = np.asarray(p_values, dtype=float)
    if p.size == 0:
        return []
    if not np.all((p >= 0) & (p <= 1)):
        raise ValueError("p-values lie between 0 and 1")
    m = p.size
    factor = float(np.sum(1 / np.arange(1, m + 1))) if method == "by" else 1.0
    order = np.argsort(p)
    ranked = p[order] * m * factor / np.arange(1, m + 1)
    settled = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    adjusted = np.empty(m)
    adjusted[order] = settled
    return adjusted.tolist()
