"""Two columns over their common rows. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from commonweal.knowledge.insight.estimates import Codes, Numbers
from commonweal.knowledge.insight.frames import Frame, Grain, Measure
from commonweal.knowledge.insight.joining import Joined

T = TypeVar("T")


@dataclass(frozen=True)
class Together:
    """Complete rows of two columns, sorted by place and period.

    `place` and `time` are small codes into `places` and `periods` (None where the rows have none).
    """

    x: Numbers
    y: Numbers
    left: Measure
    right: Measure
    place: Codes | None
    time: Codes | None
    places: tuple[str, ...]
    periods: tuple[int, ...]
    grain: Grain | None
    micro: bool = False

    @property
    def panel(self) -> bool:
        """Whether places were seen several times, so that what lies within them can be told."""
        return self.place is not None and self.time is not None and len(self.x) >= 3 * max(1, len(self.places))

    @property
    def entities(self) -> int:
        """Distinct places, or periods where the rows name no place."""
        return len(self.places) if self.place is not None else len(self.periods)


def measure(frame: Frame, column: str) -> Measure | None:
    """The column of a frame by its name."""
    return next((m for m in frame.measures if m.name == column), None)


def of_joined(joined: Joined, left: str, right: str) -> Together | None:
    """Two columns of a join; None where one is a category, which no join can bring to a common grain."""
    one, other = measure(joined.left, left), measure(joined.right, right)
    if one is None or other is None:
        return None
    return _complete(
        one.values[joined.left_rows], other.values[joined.right_rows], one, other, joined.place, joined.time,
        joined.places, joined.periods, joined.grain,
    )  # fmt: skip


def of_frame(frame: Frame, left: str, right: str) -> Together | None:
    """Two columns of one dataset row by row, as categories need it."""
    one, other = measure(frame, left), measure(frame, right)
    if one is None or other is None:
        return None
    x, y = (np.where(m.values < 0, np.nan, m.values) if m.is_category else m.values for m in (one, other))
    periods: tuple[int, ...] = ()
    time = None
    if frame.time is not None:
        kept, codes = np.unique(frame.time, return_inverse=True)
        periods, time = tuple(int(k) for k in kept), codes.astype(np.int64)
    return _complete(x, y, one, other, frame.place, time, frame.places, periods, frame.grain, frame.per_row == 1)


def _complete(
    x: Numbers, y: Numbers, one: Measure, other: Measure, place: Codes | None, time: Codes | None,
    places: tuple[str, ...], periods: tuple[int, ...], grain: Grain | None, micro: bool = False,
) -> Together:  # fmt: skip
    here = np.isfinite(x) & np.isfinite(y)
    where, kept_places = _small(place, here, places)
    when, kept_periods = _small(time, here, periods)
    return Together(x[here], y[here], one, other, where, when, kept_places, kept_periods, grain, micro)


def _small(codes: Codes | None, here: np.ndarray, names: tuple[T, ...]) -> tuple[Codes | None, tuple[T, ...]]:
    if codes is None:
        return None, ()
    kept, small = np.unique(codes[here], return_inverse=True)
    return small.astype(np.int64), tuple(names[int(i)] for i in kept)
