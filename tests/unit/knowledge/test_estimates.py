"""Estimates against what is known: other libraries, theory, and how often the interval is right."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from commonweal.knowledge.insight import categories, estimates, tails
from commonweal.knowledge.insight.multiplicity import adjust


def related(n: int, rho: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    x = draw.normal(size=n)
    return x, rho * x + np.sqrt(1 - rho**2) * draw.normal(size=n)


def test_pearson_and_its_interval_are_scipys() -> None:
    x, y = related(60, 0.5, 1)
    ours, theirs = estimates.correlation(x, y), stats.pearsonr(x, y)
    assert ours is not None
    assert ours.value == pytest.approx(theirs.statistic, abs=1e-12)
    low, high = theirs.confidence_interval(0.95)
    assert (ours.low, ours.high) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


def test_spearman_is_scipys_with_ties() -> None:
    x, y = related(80, -0.4, 2)
    x, y = np.round(x), np.round(y)
    ours = estimates.spearman(x, y)
    assert ours is not None
    assert ours.value == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-12)


def test_a_large_mean_does_not_drown_the_figure() -> None:
    x, y = related(500, 0.6, 3)
    plain, moved = estimates.correlation(x, y), estimates.correlation(x + 1e9, y - 1e9)
    assert plain is not None
    assert moved is not None
    assert moved.value == pytest.approx(plain.value, abs=1e-6)


def test_a_column_that_does_not_vary_goes_with_nothing() -> None:
    assert estimates.correlation(np.full(50, 0.1), np.arange(50.0)) is None


def test_years_of_one_region_do_not_count_as_independent() -> None:
    """Two unrelated things that differ lastingly between regions: few clusters must not look like many rows."""
    wrong = naive = 0
    for seed in range(300):
        draw = np.random.default_rng(seed)
        region = np.repeat(np.arange(20), 15)
        x = draw.normal(size=20)[region] + 0.3 * draw.normal(size=300)
        y = draw.normal(size=20)[region] + 0.3 * draw.normal(size=300)
        guarded, plain = estimates.correlation(x, y, clusters=region), estimates.correlation(x, y)
        assert guarded is not None
        assert plain is not None
        wrong += guarded.p < 0.05
        naive += plain.p < 0.05
    assert wrong / 300 < 0.12
    assert naive / 300 > 0.4


def test_drifting_series_are_not_taken_for_related() -> None:
    wrong = 0
    for seed in range(200):
        draw = np.random.default_rng(seed)
        x, y = np.cumsum(draw.normal(size=60)), np.cumsum(draw.normal(size=60))
        found = estimates.serial(np.diff(x), np.diff(y))
        assert found is not None
        wrong += found.p < 0.05
    assert wrong / 200 < 0.1


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    held = 0
    for seed in range(400):
        found = estimates.correlation(*related(40, 0.5, seed))
        assert found is not None
        held += found.low <= 0.5 <= found.high
    assert 0.92 <= held / 400 <= 0.98


def test_region_and_period_effects_are_taken_out_of_a_panel_with_gaps() -> None:
    draw = np.random.default_rng(5)
    region, period = np.repeat(np.arange(30), 12), np.tile(np.arange(12), 30)
    keep = draw.random(360) > 0.3
    region, period = region[keep], period[keep]
    noise = draw.normal(size=keep.sum())
    left = estimates.without_effects(10 * region + period**2.0 + noise, region, period)
    alone = estimates.without_effects(noise, region, period)
    assert left == pytest.approx(alone, abs=1e-6)


def test_cramers_v_and_the_correlation_ratio() -> None:
    draw = np.random.default_rng(6)
    a = draw.integers(0, 4, 2000)
    b = np.where(draw.random(2000) < 0.5, a, draw.integers(0, 4, 2000))
    found = categories.cramers_v(a, b)
    assert found is not None
    assert found.low < 0.5 < found.high
    none = categories.cramers_v(a, draw.integers(0, 4, 2000))
    assert none is not None
    assert none.value < 0.06
    eta = categories.correlation_ratio(a, a + draw.normal(size=2000))
    assert eta is not None
    f = stats.f_oneway(*[(a + draw.normal(size=2000))[a == k] for k in range(4)])
    assert eta.p < 1e-50 > f.pvalue
    assert eta.low <= eta.value <= eta.high


def test_the_interval_of_a_correlation_ratio_holds_the_truth_as_often_as_it_says() -> None:
    held = 0
    for seed in range(300):
        draw = np.random.default_rng(seed)
        codes = draw.integers(0, 5, 400)
        values = 0.5 * (codes - 2) + draw.normal(size=400)
        found = categories.correlation_ratio(codes, values)
        assert found is not None
        held += found.low <= np.sqrt(0.5 / 1.5) <= found.high
    assert held / 300 >= 0.91


def test_a_cell_under_ten_is_never_shown() -> None:
    a = np.repeat([0, 1], 100)
    b = np.concatenate([np.zeros(95), np.ones(5), np.ones(100)]).astype(int)
    assert categories.cramers_v(a, b) is None
    assert categories.correlation_ratio(np.array([0] * 100 + [1] * 9), np.arange(109.0)) is None


def test_adjusted_p_values_are_scipys() -> None:
    p = np.random.default_rng(7).random(50) ** 3
    assert adjust(p.tolist()) == pytest.approx(stats.false_discovery_control(p, method="bh"))
    assert adjust(p.tolist(), "by") == pytest.approx(stats.false_discovery_control(p, method="by"))
    assert adjust([]) == []
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjust([1.2])


def test_tails_are_those_of_scipys_statistics_without_its_import() -> None:
    for value in (0.0, 0.3, 1.7, 4.0, 40.0):
        assert tails.student(value, 7.5) == pytest.approx(stats.t.sf(value, 7.5), rel=1e-12)
        assert tails.fisher(value, 3, 41) == pytest.approx(stats.f.sf(value, 3, 41), rel=1e-12)
        assert tails.chi2(value, 4) == pytest.approx(stats.chi2.sf(value, 4), rel=1e-12)
    assert tails.student_at(0.975, 9) == pytest.approx(stats.t.ppf(0.975, 9), rel=1e-12)
    tied = np.array([3.0, 1.0, 3.0, 2.0, 1.0])
    np.testing.assert_array_equal(tails.midranks(tied), stats.rankdata(tied))
    script = "import sys, commonweal.knowledge.insight.engine; print('scipy.stats' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"
