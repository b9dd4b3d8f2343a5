"""Figures published with noise: exact draws, one person hidden, and still of use."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from commonweal.knowledge.insight.noise import HALF, SENSITIVITY, Limits, discrete_laplace, on_grid, published

WIDE = Limits(-4, 4)


def test_the_noise_is_discrete_laplace() -> None:
    """P(z) = (1 − p) / (1 + p) · p^|z| with p = exp(−1/scale)."""
    chance = random.Random(5)
    scale = Fraction(5, 2)
    drawn = Counter(discrete_laplace(scale, chance.randrange) for _ in range(40_000))
    p = np.exp(-1 / float(scale))
    for z in range(-6, 7):
        expected = (1 - p) / (1 + p) * p ** abs(z)
        assert drawn[z] / 40_000 == pytest.approx(expected, abs=4 * np.sqrt(expected / 40_000))


def test_no_row_moves_a_sum_by_more_than_the_noise_allows_for() -> None:
    """Attack: a value far beyond its limits would show through noise that was made for ordinary ones."""
    for value in (-1e300, -4.0, 0.3, 4.0, 1e300):
        (u,) = on_grid(np.array([value]), WIDE)
        assert abs(u) <= HALF
        moved = (1, abs(u), abs(u), u * u, u * u, u * u)
        assert all(m <= most for m, most in zip(moved, SENSITIVITY, strict=True))


def test_much_data_is_told_nearly_as_it_is_and_little_is_not_told_at_all() -> None:
    draw = np.random.default_rng(2)
    x = draw.normal(size=5_000)
    y = 0.6 * x + 0.8 * draw.normal(size=5_000)
    chance = random.Random(1)
    told = published(x, y, WIDE, WIDE, Fraction(1), chance.randrange)
    assert told.value is not None
    assert told.value == pytest.approx(np.corrcoef(x, y)[0, 1], abs=0.05)
    assert told.low < 0.6 < told.high
    assert told.n == pytest.approx(5_000, abs=100)
    few = [published(x[:12], y[:12], WIDE, WIDE, Fraction(1, 10), chance.randrange) for _ in range(20)]
    assert sum(each.value is None or each.high - each.low > 1 for each in few) > 15


def test_the_interval_holds_what_it_promises() -> None:
    draw = np.random.default_rng(3)
    chance = random.Random(2)
    held = 0
    for _ in range(100):
        x = draw.normal(size=400)
        y = 0.5 * x + np.sqrt(0.75) * draw.normal(size=400)
        told = published(x, y, WIDE, WIDE, Fraction(1), chance.randrange)
        held += told.value is None or told.low <= 0.5 <= told.high
    assert held >= 90


@pytest.mark.parametrize(("limits", "epsilon"), [(Limits(1, 1), Fraction(1)), (WIDE, Fraction(0))])
def test_limits_and_budgets_that_are_none_are_refused(limits: Limits, epsilon: Fraction) -> None:
    with pytest.raises(ValueError, match="budget"):
        published(np.ones(5), np.ones(5), limits, WIDE, epsilon)
