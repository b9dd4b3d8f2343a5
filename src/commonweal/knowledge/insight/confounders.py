"""What else could explain a pair: every other column of the same places, tried one at a time. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from commonweal.knowledge.insight import estimates
from commonweal.knowledge.insight.engine import scaled
from commonweal.knowledge.insight.estimates import Numbers
from commonweal.knowledge.insight.frames import Frame, Measure, over_time, put_together

COVERAGE = 0.9
COPY = 0.95
FEWEST = 12


@dataclass(frozen=True)
class Tried:
    """The third column that changes a correlation most when it is taken into account, and how many were tried."""

    measure: Measure
    before: float
    after: float
    count: int


def by_place(frames: Iterable[Frame]) -> dict[str, list[tuple[Measure, dict[str, float]]]]:
    """For each kind of place, each column's mean per place."""
    means: dict[str, list[tuple[Measure, dict[str, float]]]] = {}
    for source in frames:
        if source.domain is None or source.place is None:
            continue
        alone = put_together(over_time(source, None))
        for measure in alone.measures:
            rows = zip(alone.place if alone.place is not None else (), measure.values, strict=True)
            held = {alone.places[place]: float(value) for place, value in rows if np.isfinite(value)}
            if len(held) >= 10:
                means.setdefault(source.domain, []).append((measure, held))
    return means


def try_all(
    x: Numbers,
    y: Numbers,
    places: tuple[str, ...],
    sides: tuple[Measure, Measure],
    others: list[tuple[Measure, Mapping[str, float]]],
) -> Tried | None:
    """Partial correlation of two columns of place means given each other column; the one that leaves least of r."""
    worst: Tried | None = None
    count = 0
    known = {k for m in sides for k in (m.element.id, m.element.concept) if k}
    for measure, held in others:
        if measure.element.id in known or measure.element.concept in known:
            continue
        z = np.array([held.get(p, np.nan) for p in places])
        here = np.isfinite(z)
        if here.mean() < COVERAGE or here.sum() < FEWEST + 1:
            continue
        found = partial(x[here], y[here], scaled(z[here]))
        if found is None:
            continue
        count += 1
        before, after = found
        if worst is None or _left(before, after) < _left(worst.before, worst.after):
            worst = Tried(measure, before, after, count)
    return None if worst is None else Tried(worst.measure, worst.before, worst.after, count)


def _left(before: float, after: float) -> float:
    """How much of r is left, on its own side of nothing."""
    return after * np.sign(before)


def partial(x: Numbers, y: Numbers, z: Numbers) -> tuple[float, float] | None:
    """r of x and y, and r given z; None where z varies with one of them as a copy would, or does not vary."""
    zx, zy, zz = (estimates.standardise(v) for v in (x, y, z))
    if zx is None or zy is None or zz is None:
        return None
    xy, xz, yz = float(np.mean(zx * zy)), float(np.mean(zx * zz)), float(np.mean(zy * zz))
    if max(abs(xz), abs(yz)) >= COPY:
        return None
    return xy, (xy - xz * yz) / float(np.sqrt((1 - xz**2) * (1 - yz**2)))


def meaning(measure: Measure) -> str:
    """What a column is about: its element's concept without the variant after `#`, else the element."""
    concept = measure.element.concept
    return concept.partition("#")[0] if concept else measure.element.id


def families(means: Mapping[str, list[tuple[Measure, dict[str, float]]]]) -> dict[str, str]:
    """Columns whose place means are near-copies of each other (|r| at least 0.95), by the name of one of them."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.get(name, name) != name:
            name = parent[name]
        return name

    for held in means.values():
        for (one, a), (other, b) in itertools.combinations(held, 2):
            shared = sorted(set(a) & set(b))
            left, right = root(meaning(one)), root(meaning(other))
            if left == right or len(shared) < FEWEST:
                continue
            x, y = (scaled(np.array([side[place] for place in shared])) for side in (a, b))
            zx, zy = estimates.standardise(x), estimates.standardise(y)
            if zx is not None and zy is not None and abs(float(np.mean(zx * zy))) >= COPY:
                parent[max(left, right)] = min(left, right)
    return {name: root(name) for held in means.values() for m, _ in held for name in [meaning(m)]}
