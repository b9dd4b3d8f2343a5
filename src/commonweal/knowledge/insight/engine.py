"""Whether two columns of different datasets go together: every view of one pair, and what it may be called. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from commonweal.knowledge.insight import disclosure, estimates
from commonweal.knowledge.insight.disclosure import FEWEST_DF
from commonweal.knowledge.insight.estimates import Codes, Estimate, Numbers
from commonweal.knowledge.insight.frames import Measure
from commonweal.knowledge.insight.multiplicity import adjust

__all__ = ["Association", "Column", "adjust", "associate", "scaled"]

Design = Literal["panel", "places", "series"]
PANEL_PERIODS = 3
"""A panel needs this many periods on average in a place; below it places are compared by their means."""


@dataclass(frozen=True)
class Column:
    """One side of a pair at the joined rows."""

    values: Numbers
    measure: Measure


@dataclass(frozen=True)
class Association:
    """What was measured about a pair. `withheld` says why nothing may be shown; then `views` is empty.

    Views: `level` (all rows as they are), `between` (means of places), `follow` (a place beside itself in other
    periods), `within` (the same with each period's common movement removed), `changes`, `trend` (means of periods),
    `ranks`.
    `tested` names the views whose p-values enter the scan's adjustment.
    """

    design: Design
    n: int
    entities: int
    periods: int
    views: dict[str, Estimate] = field(default_factory=dict)
    tested: tuple[str, ...] = ()
    withheld: str | None = None
    fragility: float = 0.0
    logs: tuple[bool, bool] = (False, False)
    agreement: float = 1.0
    """Median relative difference of the two columns: near 0 they are the same figures."""
    linear: float = 0.0
    """Pearson's r of the plain figures, whatever scale the views use."""
    always_less: bool = False
    """One column never exceeds the other: a part beside its whole."""


def associate(left: Column, right: Column, place: Codes | None, time: Codes | None) -> Association:
    """Measure how two columns go together over shared rows (sorted by place, then time).

    Rows where either is absent are left out. Columns spread over several powers of ten are taken as logarithms.
    """
    present = np.isfinite(left.values) & np.isfinite(right.values)
    x, y = left.values[present], right.values[present]
    where, when = _small(place, present), _small(time, present)
    shape = _design(where, when, len(x))
    if shape.withheld:
        return shape
    log_x, log_y = scaled(x), scaled(y)
    if _same_unit(left, right) and (log_x is x) != (log_y is y) and min(x.min(), y.min()) > 0:
        log_x, log_y = np.log(x), np.log(y)
    measured = replace(
        shape,
        logs=(log_x is not x, log_y is not y),
        agreement=_agreement(x, y),
        linear=plain.value if (plain := estimates.correlation(x, y)) else 0.0,
        always_less=_always_less(x, y),
    )
    if shape.design == "panel":
        return _panel(measured, log_x, log_y, where, when)
    if shape.design == "places":
        return _places(measured, log_x, log_y, where)
    return _series(measured, log_x, log_y)


def _same_unit(left: Column, right: Column) -> bool:
    """Two columns of one unit are looked at on one scale."""
    unit = left.measure.element.unit
    return unit is not None and unit == right.measure.element.unit


def _small(codes: Codes | None, present: np.ndarray) -> Codes:
    if codes is None:
        return np.zeros(int(present.sum()), dtype=np.int64)
    return np.unique(codes[present], return_inverse=True)[1].astype(np.int64)


def _design(where: Codes, when: Codes, n: int) -> Association:
    """Which comparison the rows allow, and the disclosure rule: ten entities and ten degrees of freedom, always."""
    places, periods = _count(where), _count(when)
    if places > 1 and n / places >= PANEL_PERIODS and periods >= PANEL_PERIODS:
        design, entities, df = "panel", places, n - places - periods + 1 - 2
    elif places > 1:
        design, entities, df = "places", places, places - 2
    else:
        design, entities, df = "series", periods if places else 0, periods - 2
    why = disclosure.figure(n=n, entities=entities, df=df).why
    return Association(design, n, entities, periods, withheld=why)  # type: ignore[arg-type]


def _count(codes: Codes) -> int:
    return int(codes.max()) + 1 if len(codes) else 0


def scaled(values: Numbers) -> Numbers:
    """The logarithm of a positive column that spans a factor of 100 and is skewed; else the column itself."""
    low, high = float(values.min(initial=np.inf)), float(values.max(initial=-np.inf))
    if low <= 0 or high / low < 100:
        return values
    logged = np.log(values)
    return logged if abs(skew(logged)) < abs(skew(values)) else values


def skew(values: Numbers) -> float:
    """The third standardised moment; 0 for a column that does not vary."""
    z = estimates.standardise(values)
    return 0.0 if z is None else float(np.mean(z**3))


def _agreement(x: Numbers, y: Numbers) -> float:
    size = np.maximum(np.abs(x), np.abs(y))
    return float(np.median(np.where(size > 0, np.abs(x - y) / np.where(size > 0, size, 1), 0.0)))


def _always_less(x: Numbers, y: Numbers) -> bool:
    return bool(np.all(x >= 0) and np.all(y >= 0) and (np.all(x <= y) or np.all(y <= x)))


def _filled(
    shape: Association, views: dict[str, Estimate | None], tested: tuple[str, ...], fragility: float
) -> Association:
    held = {name: view for name, view in views.items() if view is not None}
    kept = tuple(name for name in tested if name in held)
    if not kept:
        return replace(shape, withheld="does-not-vary")
    return replace(shape, views=held, tested=kept, fragility=fragility)


def _panel(shape: Association, x: Numbers, y: Numbers, where: Codes, when: Codes) -> Association:
    size = np.bincount(where)
    lost = len(size) + _count(when) - 1
    wx, wy = estimates.without_effects(x, where, when), estimates.without_effects(y, where, when)
    px, py = estimates.without_effects(x, when, when), estimates.without_effects(y, when, when)
    mx, my = np.bincount(where, weights=px) / size, np.bincount(where, weights=py) / size
    times = np.bincount(when)
    tx, ty = np.bincount(when, weights=x) / times, np.bincount(when, weights=y) / times
    dx, dp, _ = estimates.steps(x, where, when)
    dy, _, _ = estimates.steps(y, where, when)
    changed = np.unique(dp, return_inverse=True)[1].astype(np.int64)
    views = {
        "level": estimates.correlation(x, y, clusters=where),
        "within": estimates.correlation(wx, wy, clusters=where, lost=lost),
        "between": estimates.correlation(mx, my) if len(size) - 2 >= FEWEST_DF else None,
        "follow": estimates.correlation(_own_level_out(x, where), _own_level_out(y, where), clusters=where),
        "changes": estimates.correlation(dx, dy, clusters=changed) if len(dx) > 12 else None,
        "trend": estimates.serial(tx, ty) if len(times) >= 5 else None,
        "ranks": estimates.spearman(x, y, clusters=where),
    }
    return _filled(shape, views, ("within", "between"), estimates.fragility(wx, wy))


def _own_level_out(values: Numbers, where: Codes) -> Numbers:
    """What is left when every place's mean is taken out, the common trend still in."""
    return values - (np.bincount(where, weights=values) / np.bincount(where))[where]


def _places(shape: Association, x: Numbers, y: Numbers, where: Codes) -> Association:
    size = np.bincount(where)
    mx, my = np.bincount(where, weights=x) / size, np.bincount(where, weights=y) / size
    views = {"between": estimates.correlation(mx, my), "ranks": estimates.spearman(mx, my)}
    views["level"] = views["between"]
    return _filled(shape, views, ("between",), estimates.fragility(mx, my))


def _series(shape: Association, x: Numbers, y: Numbers) -> Association:
    """One whole over time. Levels of anything that drifts agree by chance, so the changes are what is tested."""
    dx, dy = np.diff(x), np.diff(y)
    views = {
        "level": estimates.serial(x, y),
        "changes": estimates.serial(dx, dy),
        "ranks": estimates.spearman(dx, dy),
    }
    views["trend"] = views["level"]
    return _filled(shape, views, ("changes",), estimates.fragility(dx, dy))
