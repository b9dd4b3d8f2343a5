"""What of an exploration may leave: the rules of `insight.disclosure` that explore asks."""

from __future__ import annotations

from commonweal.knowledge.insight.disclosure import (
    ALLOWED,
    FEWEST_DF,
    FEWEST_ENTITIES,
    FEWEST_IN_BIN,
    FEWEST_PEOPLE,
    SAME,
    Verdict,
    correlation,
    figure,
    points,
    purposes,
    rounded_n,
)

__all__ = [
    "ALLOWED",
    "FEWEST_DF",
    "FEWEST_ENTITIES",
    "FEWEST_IN_BIN",
    "FEWEST_PEOPLE",
    "SAME",
    "Verdict",
    "correlation",
    "figure",
    "points",
    "purposes",
    "rounded_n",
]
