"""One pair from several sides: levels and changes, within and between, before and after, place by place. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from commonweal.knowledge.insight.engine import Association, Column, associate
from commonweal.knowledge.insight.explore import guard
from commonweal.knowledge.insight.explore.coefficients import coefficient
from commonweal.knowledge.insight.explore.together import Together
from commonweal.knowledge.insight.explore.views import Line, Reading
from commonweal.knowledge.insight.kinds import kind_of
from commonweal.register.models import Text

MOST_LINES = 6
ORDER = ("level", "between", "follow", "within", "changes", "trend", "ranks")


@dataclass(frozen=True)
class Measured:
    """What the engine says of a pair, in the order a page shows it."""

    readings: tuple[Reading, ...]
    main: str
    kind: str
    design: str
    withheld: str | None
    statistic: str
    groups: tuple[tuple[str, float, int], ...] = ()


def measured(pair: Together, *, open: bool = True) -> Measured:
    """Every view of a pair with its interval. A pair with a category has one view and the means of its groups."""
    if pair.left.is_category or pair.right.is_category:
        return _categorical(pair, open)
    if pair.micro:
        few = guard.figure(n=len(pair.x), entities=pair.entities, df=len(pair.x) - 2, micro=True, open=open)
        verdict = guard.correlation(pair.x, pair.y, open=open) if few.allowed else few
        if not verdict.allowed:
            return Measured((), "level", "none", "", verdict.why, "pearson")
    found = associate(Column(pair.x, pair.left), Column(pair.y, pair.right), pair.place, pair.time)
    if found.withheld is not None:
        return Measured((), "level", "none", found.design, found.withheld, "pearson")
    kind, main = kind_of(
        found, {view: found.views[view].p for view in found.tested}, pair.left.element, pair.right.element
    )
    return Measured(_readings(found, pair, open), main, kind, found.design, None, "pearson")


def _readings(found: Association, pair: Together, open: bool) -> tuple[Reading, ...]:
    shown = [name for name in ORDER if name in found.views]
    if found.design == "places":
        shown.remove("level")  # the same as between
    if found.design == "series":
        shown.remove("trend")
    told = ((name, found.views[name]) for name in shown)
    return tuple(
        Reading(n, round(e.value, 2), round(e.low, 2), round(e.high, 2), guard.told_n(e.n, pair, open=open))
        for n, e in told
    )


def _categorical(pair: Together, open: bool) -> Measured:
    told = coefficient(pair, "pearson", "", open=open)
    if told.estimate is None:
        return Measured((), "level", "none", "", told.why, told.statistic)
    e = told.estimate
    reading = Reading("level", round(e.value, 2), round(e.low, 2), round(e.high, 2), guard.told_n(e.n, pair, open=open))
    return Measured((reading,), "level", "none", "", None, told.statistic, _groups(pair, open))


def _groups(pair: Together, open: bool) -> tuple[tuple[str, float, int], ...]:
    """Each category's mean and rows, those of under ten rows left out."""
    if pair.left.is_category == pair.right.is_category:
        return ()
    named, values = (pair.left, pair.y) if pair.left.is_category else (pair.right, pair.x)
    codes = (pair.x if pair.left.is_category else pair.y).astype(np.int64)
    count = np.bincount(codes, minlength=len(named.categories))
    total = np.bincount(codes, weights=values, minlength=len(named.categories))
    return tuple(
        (named.categories[i], float(total[i] / count[i]), guard.told_n(int(count[i]), pair, open=open))
        for i in np.argsort(-total / np.maximum(count, 1))
        if count[i] >= guard.FEWEST_IN_BIN
    )


def lines(pair: Together, wanted: Sequence[str], names: Mapping[str, Text]) -> tuple[Line, ...]:
    """Both columns over time for the places wanted, each figure standing for ten or more; at most six.

    Where none is wanted, those with the most periods. One whole without places is one line.
    """
    if pair.time is None or pair.micro or len(pair.periods) < 3:
        return ()
    if pair.place is None:
        return (_line(pair, None, "", Text({"en": ""})),)
    rows = np.bincount(pair.place)
    index = {place: i for i, place in enumerate(pair.places)}
    chosen = [index[p] for p in dict.fromkeys(wanted) if p in index][:MOST_LINES]
    if not chosen:
        chosen = [int(i) for i in np.argsort(-rows, kind="stable")[:3]]
    return tuple(
        _line(pair, i, pair.places[i], names.get(pair.places[i], Text({"en": pair.places[i]}))) for i in chosen
    )


def _line(pair: Together, code: int | None, place: str, name: Text) -> Line:
    here = np.ones(len(pair.x), bool) if code is None or pair.place is None else pair.place == code
    time = pair.time if pair.time is not None else np.zeros(len(pair.x), np.int64)
    rows = zip(time[here], pair.x[here], pair.y[here], strict=True)
    return Line(place, name, tuple((pair.periods[int(t)], float(x), float(y)) for t, x, y in rows))
