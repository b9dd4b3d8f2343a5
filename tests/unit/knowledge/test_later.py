"""What later rows may say: the same direction confirms, a sure shortfall refutes, too little says nothing."""

from __future__ import annotations

import pytest

from commonweal.knowledge.insight.estimates import Estimate
from commonweal.knowledge.insight.later import judge


def estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(value, low, high, 100, 100.0, 98.0, 0.01)


@pytest.mark.parametrize(
    ("effect", "floor", "now", "verdict"),
    [
        (0.7, 0.5, estimate(0.6, 0.4, 0.75), "confirmed"),
        (-0.7, 0.5, estimate(-0.3, -0.5, -0.05), "confirmed"),
        (0.7, 0.5, estimate(-0.6, -0.8, -0.3), "refuted"),
        (-0.7, 0.5, estimate(0.05, -0.1, 0.2), "refuted"),
        (0.7, 0.5, estimate(0.1, -0.1, 0.3), "refuted"),
        (0.7, 0.5, estimate(0.4, -0.2, 0.8), "undecided"),
        (0.7, 0.5, None, "none"),
    ],
)
def test_a_verdict_needs_rows_enough_to_give_it(
    effect: float, floor: float, now: Estimate | None, verdict: str
) -> None:
    assert judge(effect, floor, now) == verdict
