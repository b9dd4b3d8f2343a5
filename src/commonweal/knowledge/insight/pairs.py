"""One pair of columns on its way through a scan. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from commonweal.knowledge.insight.confounders import Tried
from commonweal.knowledge.insight.engine import Association
from commonweal.knowledge.insight.estimates import Codes, Estimate, Numbers
from commonweal.knowledge.insight.frames import Measure
from commonweal.knowledge.insight.joining import Joined
from commonweal.knowledge.insight.kinds import Kind


@dataclass(frozen=True)
class Pair:
    """One pair that was measured, before and after judging."""

    joined: Joined
    left: Measure
    right: Measure
    measured: Association
    adjusted: Mapping[str, float] = field(default_factory=dict)
    kind: Kind = "none"
    view: str = ""
    score: float = 0.0
    reasons: tuple[tuple[str, Mapping[str, object]], ...] = ()
    folded_into: tuple[str, ...] | None = None
    given_size: Tried | None = None
    """Of two totals of places: what the places' population, held constant, leaves of them."""

    @property
    def key(self) -> tuple[str, ...]:
        """Names both columns, whichever came first."""
        sides = sorted(
            (side.dataset.id, measure.name)
            for side, measure in ((self.joined.left, self.left), (self.joined.right, self.right))
        )
        return tuple(part for side in sides for part in side)

    @property
    def estimate(self) -> Estimate:
        """The view that carries the pair's kind."""
        return self.measured.views[self.view]

    def rows(self) -> tuple[Numbers, Numbers, Codes | None, Codes | None, tuple[str, ...]]:
        """Complete rows: x, y, small codes of place and period, and the places those codes name."""
        x, y = self.left.values[self.joined.left_rows], self.right.values[self.joined.right_rows]
        here = np.isfinite(x) & np.isfinite(y)
        place, names = None, tuple[str, ...]()
        if self.joined.place is not None:
            kept, place = np.unique(self.joined.place[here], return_inverse=True)
            names = tuple(map(self.joined.places.__getitem__, kept.tolist()))
        time = None
        if self.joined.time is not None:
            time = np.unique(self.joined.time[here], return_inverse=True)[1]
        return x[here], y[here], place, time, names
