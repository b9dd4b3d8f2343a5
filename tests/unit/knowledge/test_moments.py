"""All-pairs Pearson: the numbers an analyst would get by hand, whatever the blocks, gaps, order or scale."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.knowledge.insight import moments


def by_hand(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """r and n of each pair over the rows where both are present, one pair at a time."""
    k = values.shape[1]
    r, n = np.full((k, k), np.nan), np.zeros((k, k))
    for i in range(k):
        for j in range(k):
            both = np.isfinite(values[:, i]) & np.isfinite(values[:, j])
            n[i, j] = both.sum()
            x, y = values[both, i], values[both, j]
            if both.sum() > 1 and np.ptp(x) > 0 and np.ptp(y) > 0:
                r[i, j] = np.corrcoef(x, y)[0, 1]
    return r, n


def gappy(rows: int, k: int, share: float, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((rows, k)) @ rng.standard_normal((k, k)) + rng.uniform(-50, 50, k)
    values[rng.random((rows, k)) < share] = np.nan
    return values


@pytest.mark.parametrize("share", [0.0, 0.05, 0.6])
def test_each_pair_is_measured_over_its_own_rows(share: float) -> None:
    values = gappy(20_000, 7, share)
    r, n = by_hand(values)
    summary = moments.of_array(values)
    np.testing.assert_allclose(summary.correlation(), r, atol=1e-11)
    np.testing.assert_array_equal(summary.counts, n)


def test_gaps_in_one_column_only_cost_that_column_rows() -> None:
    values = gappy(9_000, 4, 0.0)
    values[::3, 2] = np.nan
    values[5, 0] = np.inf
    r, n = by_hand(values)
    summary = moments.of_array(values)
    np.testing.assert_allclose(summary.correlation(), r, atol=1e-11)
    np.testing.assert_array_equal(summary.counts, n)


def test_a_huge_mean_beside_a_small_spread_keeps_its_correlation() -> None:
    rng = np.random.default_rng(1)
    x = rng.standard_normal(50_000)
    values = np.column_stack([x + 1e9, 0.5 * x + rng.standard_normal(50_000) - 1e9])
    assert moments.of_array(values).correlation()[0, 1] == pytest.approx(np.corrcoef(values.T)[0, 1], abs=1e-7)


def test_constant_and_empty_columns_have_no_correlation() -> None:
    values = np.column_stack([np.arange(100.0), np.full(100, 0.1), np.full(100, np.nan)])
    r = moments.of_array(values).correlation()
    assert r[0, 0] == 1
    assert np.isnan(r[0, 1:]).all()
    assert np.isnan(r[1:, 1:]).all()


@settings(max_examples=40, deadline=None)
@given(cuts=st.lists(st.integers(1, 499), max_size=5), seed=st.integers(0, 1000), threads=st.integers(1, 3))
def test_parts_add_up_in_any_cut_and_order(cuts: list[int], seed: int, threads: int) -> None:
    values = gappy(500, 5, 0.2, seed)
    whole = moments.of_array(values)
    edges = [0, *sorted(set(cuts)), 500]
    parts = [moments.of_array(values[a:b], threads=threads) for a, b in itertools.pairwise(edges)]
    total = parts[-1]
    for part in reversed(parts[:-1]):
        total = total + part
    np.testing.assert_array_equal(total.counts, whole.counts)
    np.testing.assert_allclose(total.correlation(), whole.correlation(), atol=1e-9)
    np.testing.assert_allclose(total.covariance(), whole.covariance(), rtol=1e-9, atol=1e-9)


def test_arrow_nulls_integers_and_several_batches() -> None:
    table = pa.table({"a": pa.array([1, 2, None, 4, 5, 7]), "b": pa.array([2.0, 4.1, 6.0, None, 10.0, 13.5])})
    summary = moments.of_batches(table.to_batches(max_chunksize=2), ["a", "b"])
    assert summary.counts[0, 1] == 4
    assert summary.correlation()[0, 1] == pytest.approx(np.corrcoef([1, 2, 5, 7], [2, 4.1, 10, 13.5])[0, 1])


def test_no_rows_is_an_answer_and_no_columns_is_refused() -> None:
    assert np.isnan(moments.of_batches([], ["a"]).correlation()).all()
    with pytest.raises(ValueError, match="column"):
        moments.of_batches([], [])
    with pytest.raises(ValueError, match="same columns"):
        moments.of_array(np.ones((2, 1)), ["a"]) + moments.of_array(np.ones((2, 1)), ["b"])
