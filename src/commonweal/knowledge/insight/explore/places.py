"""A column by place and period: figures for a map, a ranked list and lines over time. Pure.

Every figure stands for ten people or cases or more (`frames.put_together` leaves out the others); classes are fifths of
the places, so that one very large place does not make all others look alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from commonweal.knowledge.insight.explore.periods import written
from commonweal.knowledge.insight.explore.together import measure
from commonweal.knowledge.insight.explore.views import Line, PlaceValue
from commonweal.knowledge.insight.frames import Frame, put_together
from commonweal.register.models import Region, Text

CLASSES = 5
MOST_LINES = 30
"""Places drawn over time, each in a small chart of its own."""


@dataclass(frozen=True)
class ByPlace:
    """What a page of a column by place tells. `withheld` says why there is nothing."""

    period: str = ""
    periods: tuple[str, ...] = ()
    rows: tuple[PlaceValue, ...] = ()
    breaks: tuple[float, ...] = ()
    lines: tuple[Line, ...] = ()
    grain: str = ""
    withheld: str | None = None


def by_place(
    frame: Frame, column: str, period: str, names: Mapping[str, Text], regions: Mapping[str, Region]
) -> ByPlace:
    """A column's figure in each place at one period, the newest with most places where `period` names none."""
    found = measure(frame, column)
    if found is None or found.is_category:
        return ByPlace(withheld="category")
    if frame.place is None:
        return ByPlace(withheld="no-place")
    held = put_together(replace(frame, measures=(found,)))
    place = held.place if held.place is not None else np.zeros(0, np.int64)
    values = held.measures[0].values
    level = np.isin(place, _one_level(held.places, regions))
    place, values = place[level], values[level]
    time = held.time[level] if held.time is not None else None
    lines = _lines(place, time, values, held.places, names)
    periods, at = _periods(time, values, held.grain, period)
    here = np.ones(len(place), bool) if at is None else np.asarray(time == at)
    told = {held.places[int(p)]: float(v) for p, v in zip(place[here], values[here], strict=True) if np.isfinite(v)}
    every = _every([held.places[int(p)] for p in np.unique(place)], regions)
    rows, breaks = ranked(told, every, names)
    at_rank = {row.place: i for i, row in enumerate(rows)}
    lines = sorted(lines, key=lambda line: at_rank[line.place])[:MOST_LINES]
    shown = written(at, held.grain) if at is not None else ""
    return ByPlace(shown, periods, rows, breaks, tuple(lines), held.grain or "", None if told else "nothing")


def ranked(
    told: Mapping[str, float | None], every: Sequence[str], names: Mapping[str, Text]
) -> tuple[tuple[PlaceValue, ...], tuple[float, ...]]:
    """Every place with its figure and class, the highest first and those without last, and the classes' bounds."""
    breaks = _breaks([v for v in told.values() if v is not None])
    rows = [PlaceValue(p, names.get(p, Text({"en": p})), told.get(p), _group(told.get(p), breaks)) for p in every]
    return tuple(sorted(rows, key=lambda r: (r.value is None, -(r.value or 0.0), r.place))), breaks


def _one_level(places: Sequence[str], regions: Mapping[str, Region]) -> list[int]:
    """Places that lie beside each other: of regions of several levels those of the level with most."""
    levels = Counter(regions[p].level for p in places if p in regions)
    if not levels:
        return list(range(len(places)))
    chosen = levels.most_common(1)[0][0]
    return [i for i, p in enumerate(places) if p in regions and regions[p].level == chosen]


def _every(places: Sequence[str], regions: Mapping[str, Region]) -> list[str]:
    """The places with rows, and regions of their level without any, so that a map shows that they are missing."""
    levels = {regions[p].level for p in places if p in regions}
    return [*places, *(r.id for r in regions.values() if r.level in levels and r.id not in places)]


def _periods(
    time: np.ndarray | None, values: np.ndarray, grain: str | None, wanted: str
) -> tuple[tuple[str, ...], int | None]:
    """The periods with figures, newest first, and the one to show."""
    if time is None:
        return (), None
    numbers, counts = np.unique(time[np.isfinite(values)], return_counts=True)
    if not len(numbers):
        return (), -1
    by_name = {written(int(n), grain): int(n) for n in numbers[::-1]}
    fullest = int(numbers[counts == counts.max()][-1])
    return tuple(by_name), by_name.get(wanted, fullest)


def _breaks(values: Sequence[float]) -> tuple[float, ...]:
    """Upper bounds of all classes but the last: fifths of the places, fewer where values are few or alike."""
    if len(set(values)) < 2:
        return ()
    count = min(CLASSES, len(set(values)))
    edges = np.quantile(values, np.linspace(0, 1, count + 1)[1:-1], method="inverted_cdf")
    return tuple(sorted({float(e) for e in edges if e < max(values)}))


def _group(value: float | None, breaks: Sequence[float]) -> int | None:
    return None if value is None else sum(value > edge for edge in breaks)


def _lines(
    place: np.ndarray, time: np.ndarray | None, values: np.ndarray, places: Sequence[str], names: Mapping[str, Text]
) -> list[Line]:
    if time is None or len(np.unique(time)) < 3:
        return []
    made = []
    for code in np.unique(place):
        here = (place == code) & np.isfinite(values)
        if here.sum() < 2:
            continue
        name = places[int(code)]
        points = tuple((int(t), float(v), None) for t, v in zip(time[here], values[here], strict=True))
        made.append(Line(name, names.get(name, Text({"en": name})), tuple(sorted(points))))
    return made
