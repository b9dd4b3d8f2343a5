"""What of an exploration may leave: the rules of `insight.disclosure` that explore asks."""

from __future__ import annotations

import numpy as np

from commonweal.knowledge.insight.disclosure import (
    ALLOWED,
    FEWEST_DF,
    FEWEST_ENTITIES,
    FEWEST_IN_BIN,
    FEWEST_PEOPLE,
    SAME,
    Verdict,
    correlation,
    determines,
    figure,
    points,
    purposes,
    rounded_n,
)
from commonweal.knowledge.insight.explore.together import Together

__all__ = [
    "ALLOWED",
    "FEWEST_DF",
    "FEWEST_ENTITIES",
    "FEWEST_IN_BIN",
    "FEWEST_PEOPLE",
    "SAME",
    "Verdict",
    "correlation",
    "determines",
    "figure",
    "identifies",
    "points",
    "purposes",
    "rounded_n",
    "told_n",
]


def told_n(n: int, pair: Together, *, open: bool) -> int:
    """How many rows a page says stand behind a figure: to five where a row is a person, a business or a case and the
    data are not open, so that two figures taken a day apart do not tell who came between them."""
    return rounded_n(n) if pair.micro and not open else n


def identifies(pair: Together, *, open: bool) -> Verdict:
    """Rows of persons or cases that are not open, of which one column says of each row what the other holds."""
    if open or not pair.micro or len(pair.x) < 2:
        return ALLOWED
    one, other = (np.unique(v, return_inverse=True)[1].astype(np.int64) for v in (pair.x, pair.y))
    named = pair.left.is_category, pair.right.is_category
    if (named[0] and determines(one, other)) or (named[1] and determines(other, one)):
        return Verdict(False, "identifies")
    return ALLOWED
