"""What was measured, as arrays: one entry for each pair of columns."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from commonweal.knowledge.insight.measures.plan import Floats

Places = npt.NDArray[np.intp]
FEWEST = 12
"""Rows two columns must share: ten degrees of freedom beside the two that a correlation uses."""


@dataclass(frozen=True)
class Found:
    """One statistic of many pairs. `left` and `right` are places in `Plan.names`; `n` counts rows; `extra` holds
    further figures by name, such as the statistic before a correction. `strength` is value and limits on the scale of a
    correlation where the statistic has another (mutual information)."""

    statistic: str
    left: Places
    right: Places
    value: Floats
    low: Floats
    high: Floats
    n: Floats
    p: Floats
    extra: dict[str, Floats] = field(default_factory=dict)
    strength: tuple[Floats, Floats, Floats] | None = None

    def __len__(self) -> int:
        return len(self.value)

    @property
    def certain(self) -> Floats:
        """The strength one can count on: the end of the interval nearer to nothing, 0 where the interval holds 0."""
        _, low, high = self.strength or (self.value, self.low, self.high)
        return np.where((low <= 0) & (high >= 0), 0.0, np.minimum(np.abs(low), np.abs(high)))

    def where(self, keep: npt.NDArray[np.bool_] | Places) -> Found:
        """Some of the pairs."""
        strength = tuple(s[keep] for s in self.strength) if self.strength else None
        return Found(
            self.statistic, self.left[keep], self.right[keep], self.value[keep], self.low[keep], self.high[keep],
            self.n[keep], self.p[keep], {k: v[keep] for k, v in self.extra.items()}, strength,  # type: ignore[arg-type]
        )  # fmt: skip

    def with_(self, other: Found) -> Found:
        """These pairs and those of the same statistic. Raises ValueError for another statistic."""
        if self.statistic != other.statistic:
            raise ValueError(f"{other.statistic} cannot be put with {self.statistic}")
        both = np.concatenate
        extra = {k: both([v, other.extra[k]]) for k, v in self.extra.items()}
        strength = None
        if self.strength is not None and other.strength is not None:
            a, b = self.strength, other.strength
            strength = (both([a[0], b[0]]), both([a[1], b[1]]), both([a[2], b[2]]))
        return Found(
            self.statistic, both([self.left, other.left]), both([self.right, other.right]),
            both([self.value, other.value]), both([self.low, other.low]), both([self.high, other.high]),
            both([self.n, other.n]), both([self.p, other.p]), extra, strength,
        )  # fmt: skip


def of_lists(statistic: str, rows: list[tuple[float, ...]], extra: tuple[str, ...] = ()) -> Found:
    """From rows of left, right, value, low, high, n, p and the extra figures."""
    told = np.array(rows, dtype=float).reshape(len(rows), 7 + len(extra))
    left, right, value, low, high, n, p = told[:, :7].T
    return Found(
        statistic, left.astype(np.intp), right.astype(np.intp), value, low, high, n, p,
        {name: told[:, 7 + i] for i, name in enumerate(extra)},
    )  # fmt: skip
