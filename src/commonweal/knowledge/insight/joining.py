"""Bringing two frames to common keys. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from commonweal.knowledge.insight.estimates import Codes
from commonweal.knowledge.insight.frames import GRAINS, Frame, Grain, over_time, put_together, to_level
from commonweal.register.models import Region

LEVELS = ("county", "city", "province")
"""From fine to coarse."""
FEWEST_ENTITIES = 12
"""Places two frames must share for a join by place and time to be worth more than one by place alone: ten degrees
of freedom and the two that a correlation uses."""


@dataclass(frozen=True)
class Joined:
    """Rows of two frames with the same place and period. `place` and `time` are small codes; rows are sorted."""

    left: Frame
    right: Frame
    left_rows: Codes
    right_rows: Codes
    place: Codes | None
    time: Codes | None
    places: tuple[str, ...]
    periods: tuple[int, ...]
    grain: Grain | None

    @property
    def domain(self) -> str | None:
        """The kind of place, `list:countries`; None for a join by time alone."""
        return self.left.domain

    def __len__(self) -> int:
        return len(self.left_rows)


def join(left: Frame, right: Frame, regions: Mapping[str, Region]) -> Joined | None:
    """Join on place and period, or on place alone where too few places share a period; None when they share neither.

    A dataset that names no places speaks of one whole; it joins only with another such dataset.
    """
    placed = _same_places(left, right, regions)
    if placed is None:
        return None
    one, other = placed
    grain = _common_grain(one, other)
    if grain is not None:
        both = _meet(over_time(one, grain), over_time(other, grain), grain)
        if one.place is None or len(both.places) >= FEWEST_ENTITIES:
            return both if len(both) else None
    if one.place is None:
        return None
    alone = _meet(over_time(one, None), over_time(other, None), None)
    return alone if len(alone) else None


def _same_places(left: Frame, right: Frame, regions: Mapping[str, Region]) -> tuple[Frame, Frame] | None:
    if left.domain is None or right.domain is None:
        return (left, right) if left.domain == right.domain else None
    if left.domain == right.domain:
        return left, right
    if not (left.domain.startswith("regions:") and right.domain.startswith("regions:")):
        return None
    levels = {level for f in (left, right) for level in (f.domain or "").partition(":")[2].split("/")}
    coarsest = next(level for level in reversed(LEVELS) if level in levels)
    return to_level(left, coarsest, regions), to_level(right, coarsest, regions)


def _common_grain(left: Frame, right: Frame) -> Grain | None:
    if left.grain is None or right.grain is None:
        return None
    return GRAINS[max(GRAINS.index(left.grain), GRAINS.index(right.grain))]


def _meet(left: Frame, right: Frame, grain: Grain | None) -> Joined:
    one, other = put_together(left), put_together(right)
    places = tuple(sorted(set(one.places) & set(other.places))) if one.place is not None else ()
    keys, one_rows, other_rows = np.intersect1d(_key(one, places), _key(other, places), return_indices=True)
    valid = keys >= 0
    one_rows, other_rows = one_rows[valid], other_rows[valid]
    place = _recoded(one, places)[one_rows] if one.place is not None else None
    time = one.time[one_rows] if one.time is not None else None
    order = np.lexsort([c for c in (time, place) if c is not None])
    one_rows, other_rows = one_rows[order], other_rows[order]
    met_places, place_codes = _small(place[order] if place is not None else None)
    periods, time_codes = _small(time[order] if time is not None else None)
    names = tuple(places[i] for i in met_places)
    return Joined(one, other, one_rows, other_rows, place_codes, time_codes, names, tuple(periods), grain)


def _small(values: Codes | None) -> tuple[list[int], Codes | None]:
    if values is None:
        return [], None
    kept, codes = np.unique(values, return_inverse=True)
    return [int(v) for v in kept], codes.astype(np.int64)


def _recoded(source: Frame, places: tuple[str, ...]) -> Codes:
    index = {p: i for i, p in enumerate(places)}
    table = np.array([index.get(p, -1) for p in source.places], dtype=np.int64)
    return table[source.place] if len(table) else np.zeros(0, dtype=np.int64)


def _key(source: Frame, places: tuple[str, ...]) -> Codes:
    """A number shared by rows of the same place and period; unique negative ones for places not shared."""
    time = source.time if source.time is not None else np.zeros(len(source), dtype=np.int64)
    if source.place is None:
        return time
    place = _recoded(source, places)
    key = time * (len(places) + 1) + place
    return np.where(place >= 0, key, -1 - np.arange(len(source)))
