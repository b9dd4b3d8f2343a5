"""What to draw of two columns: points of open data, named places, or bins of at least ten rows. Pure."""

from __future__ import annotations

import numpy as np

from commonweal.knowledge.insight import estimates, pictures
from commonweal.knowledge.insight.engine import scaled
from commonweal.knowledge.insight.estimates import Numbers
from commonweal.knowledge.insight.explore import guard
from commonweal.knowledge.insight.explore.together import Together
from commonweal.knowledge.insight.explore.views import Mark, Scatter

MOST_POINTS = 2_500
"""Points a page carries; more are bins, which say the same in less."""
MOST_NAMED = 60
VIEWS = ("level", "between", "within", "changes")


def views(pair: Together) -> tuple[str, ...]:
    """The ways in which these rows can be drawn."""
    if pair.place is None:
        return ("level", "changes")
    if pair.time is None or len(pair.periods) < 2:
        return ("between",)
    return VIEWS if pair.panel else ("level", "between")


def scatter(pair: Together, view: str, *, open: bool) -> Scatter:
    """The marks of one view. What is not open, or counts persons or cases, is bins of ten rows or more."""
    x, y, named = _seen(pair, view)
    relative = view in ("within", "changes")
    logs = (scaled(pair.x) is not pair.x, scaled(pair.y) is not pair.y)
    if len(x) == 0:
        return Scatter("none", (), relative, logs)
    if guard.points(micro=pair.micro, open=open):
        if named and len(x) <= MOST_NAMED:
            return Scatter("places", tuple(Mark(p, float(a), float(b)) for p, a, b in zip(named, x, y, strict=True)),
                           relative, logs)  # fmt: skip
        if len(x) <= MOST_POINTS:
            return Scatter("points", tuple(Mark("", float(a), float(b)) for a, b in zip(x, y, strict=True)),
                           relative, logs)  # fmt: skip
    marks = tuple(
        Mark("", a, b, half, guard.told_n(n, pair, open=open))
        for _, a, b, half, n in pictures.bins(x, y)
        if n >= guard.FEWEST_IN_BIN
    )
    return Scatter("bins" if marks else "none", marks, relative, logs)


def _seen(pair: Together, view: str) -> tuple[Numbers, Numbers, tuple[str, ...]]:
    """x and y as a view sees them; the places' names where each mark is a place."""
    if view == "between" and pair.place is not None:
        size = np.bincount(pair.place)
        x, y = (np.bincount(pair.place, weights=v) / size for v in (pair.x, pair.y))
        return x, y, pair.places
    if view == "within" and pair.place is not None and pair.time is not None:
        left, right = scaled(pair.x), scaled(pair.y)
        return (
            estimates.without_effects(left, pair.place, pair.time),
            estimates.without_effects(right, pair.place, pair.time),
            (),
        )
    if view == "changes" and pair.time is not None:
        if pair.place is None:
            return np.diff(pair.x), np.diff(pair.y), ()
        x, _, _ = estimates.steps(scaled(pair.x), pair.place, pair.time)
        y, _, _ = estimates.steps(scaled(pair.y), pair.place, pair.time)
        return x, y, ()
    return pair.x, pair.y, ()
