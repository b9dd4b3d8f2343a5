"""However a table is cut and in whatever order its parts are added, a summary says the same."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.knowledge.insight import moments
from commonweal.knowledge.insight.engines import keyed, states
from commonweal.knowledge.insight.engines.merging import merged

pytestmark = pytest.mark.hostile

NAMES = ("a", "b", "c")


@st.composite
def cut_tables(draw: st.DrawFn) -> tuple[np.ndarray, list[np.ndarray]]:
    """Three related columns, far from zero or near, with gaps anywhere, whole and cut into parts; some parts empty."""
    rows = draw(st.integers(0, 60))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    base = random.standard_normal((rows, 3)) @ random.standard_normal((3, 3))
    values = base + np.array(draw(st.tuples(*[st.sampled_from([0.0, 1.0, -50.0, 1e4])] * 3)))
    values[random.random(values.shape) < draw(st.sampled_from([0.0, 0.3, 0.9]))] = np.nan
    if draw(st.booleans()) and rows:
        values[0, draw(st.integers(0, 2))] = draw(st.sampled_from([np.inf, -np.inf]))
    cuts = sorted(draw(st.lists(st.integers(0, rows), max_size=6)))
    return values, np.split(values, cuts)


def summary(values: np.ndarray) -> moments.Moments:
    return moments.of_array(np.asfortranarray(values), NAMES, threads=1)


def same(one: moments.Moments, other: moments.Moments, within: float = 1e-9) -> None:
    np.testing.assert_array_equal(one.counts, other.counts)
    for said in ("correlation", "covariance"):
        left, right = getattr(one, said)(), getattr(other, said)()
        enough = one.counts > 3  # with fewer the spread may be nothing but rounding
        np.testing.assert_allclose(left[enough], right[enough], rtol=within, atol=within)


@settings(deadline=None, max_examples=80)
@given(cut_tables())
def test_any_cut_gives_the_moments_of_the_whole(cut):
    whole, pieces = cut
    same(merged([summary(piece) for piece in pieces]), summary(whole))


@settings(deadline=None, max_examples=80)
@given(cut_tables(), cut_tables(), cut_tables())
def test_moments_add_in_any_order_and_grouping(one, two, three):
    """Tables that lie ten thousand spreads apart share one centre when added: (10⁴)² times the rounding of a double is
    lost of whichever is far from it, a few parts in 10⁸."""
    a, b, c = (summary(values) for values, _ in (one, two, three))
    same((a + b) + c, a + (b + c), 1e-6)
    same(a + b, b + a, 1e-6)
    nothing = summary(np.empty((0, 3)))
    same(a + nothing, a)
    same(nothing + a, a)


@settings(deadline=None, max_examples=60)
@given(cut_tables(), st.sampled_from([None, 1, 5]), st.randoms())
def test_sketches_keep_the_same_keys_and_sums_however_cut(cut, size, shuffle):
    whole, pieces = cut
    parts = [sketched(piece, size) for piece in pieces]
    shuffle.shuffle(parts)
    one, other = merged([states.unpack(states.pack(part)) for part in parts]), sketched(whole, size)
    for j in range(2):
        np.testing.assert_array_equal(one.hashes[j], other.hashes[j])
        np.testing.assert_array_equal(one.counts[j], other.counts[j])
        np.testing.assert_allclose(one.sums[j], other.sums[j], rtol=1e-9, atol=1e-9)


def sketched(values: np.ndarray, size: int | None) -> keyed.Keyed:
    """The first column, in whole numbers, is the key."""
    keys = [None if not np.isfinite(value) else round(value) for value in values[:, 0]]
    batch = pa.record_batch({"k": pa.array(keys, pa.int64()), "b": values[:, 1], "c": values[:, 2]})
    return keyed.of_batches([batch], ["k"], ["b", "c"], size=size)
