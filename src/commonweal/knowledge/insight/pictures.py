"""The figures behind a finding's chart: points where each stands for many, else bins of at least ten rows. Pure."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from commonweal.knowledge.insight import estimates
from commonweal.knowledge.insight.disclosure import FEWEST_IN_BIN as PER_BIN
from commonweal.knowledge.insight.engine import scaled
from commonweal.knowledge.insight.estimates import Codes, Numbers

MOST_POINTS = 60
MOST_BINS = 20


@dataclass(frozen=True)
class Picture:
    """Rows to draw: name ("" for a bin), x, y, half-width of y's 95 % interval (0 for a point), rows behind."""

    style: str
    rows: tuple[tuple[str, float, float, float, int], ...]
    logs: tuple[bool, bool]


def picture(
    x: Numbers, y: Numbers, place: Codes | None, time: Codes | None, names: tuple[str, ...], view: str
) -> Picture:
    """What to draw for a view of complete columns.

    Up to 60 places are points with their names (each figure already stands for ten or more people or cases); more,
    and everything seen within places over time, become bins of at least ten rows, without minima and maxima.
    """
    if view == "within" and place is not None and time is not None:
        wx = estimates.without_effects(scaled(x), place, time)
        wy = estimates.without_effects(scaled(y), place, time)
        return Picture("within", bins(wx, wy), (scaled(x) is not x, scaled(y) is not y))
    if view == "changes" and place is None:
        return Picture("changes", bins(np.diff(x), np.diff(y)), (False, False))
    logs = (scaled(x) is not x, scaled(y) is not y)
    if place is not None and view == "between":
        size = np.bincount(place)
        mx, my = np.bincount(place, weights=x) / size, np.bincount(place, weights=y) / size
        if len(size) <= MOST_POINTS:
            rows = tuple((names[i], float(mx[i]), float(my[i]), 0.0, int(size[i])) for i in np.argsort(mx))
            return Picture("points", rows, logs)
        return Picture("bins", bins(mx, my), logs)
    return Picture("bins", bins(x, y), logs)


def bins(x: Numbers, y: Numbers) -> tuple[tuple[str, float, float, float, int], ...]:
    """Equal shares of the rows in order of x: means, and the 95 % interval of y's mean. Equal x stay together."""
    count = int(min(MOST_BINS, len(x) // PER_BIN))
    if count < 1:
        return ()
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    edges = [0]
    for cut in np.linspace(0, len(x), count + 1)[1:-1].astype(int):
        if x[cut] == x[cut - 1]:
            cut = int(np.searchsorted(x, x[cut], side="right"))
        if cut - edges[-1] >= PER_BIN and len(x) - cut >= PER_BIN:
            edges.append(int(cut))
    edges.append(len(x))
    rows = []
    for start, end in itertools.pairwise(edges):
        part = y[start:end]
        half = 1.96 * float(part.std(ddof=1)) / np.sqrt(len(part)) if len(part) > 1 else 0.0
        rows.append(("", float(x[start:end].mean()), float(part.mean()), float(half), len(part)))
    return tuple(rows)
