"""Borders that keep a promise, groups, conflicts, and what reviewers' answers say of the links."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.knowledge.linkage import judging, words, zones

CHANCES = st.lists(st.floats(0, 1), min_size=1, max_size=60)


@given(CHANCES, st.floats(0.6, 0.999))
def test_above_the_border_the_expected_precision_is_what_was_wanted(chances: list[float], wanted: float) -> None:
    probability = np.array(chances)
    border = zones.borders(probability, wanted, 0.05)
    linked = probability[probability >= border.linked]
    if len(linked):
        assert linked.mean() >= wanted - 1e-9
        assert border.review <= border.linked


def test_nothing_is_linked_where_nothing_is_sure() -> None:
    assert zones.borders(np.array([0.6, 0.7]), 0.99, 0.05).linked > 1


def test_a_row_keeps_its_heaviest_pair() -> None:
    stays = zones.best_each([0, 0, 1], [0, 1, 0], np.array([5.0, 9.0, 7.0]))
    assert stays.tolist() == [False, True, True]


def test_groups_and_conflicts() -> None:
    linked = [("a", "x"), ("x", "b"), ("c", "y")]
    assert zones.clusters(linked)["b"] == zones.clusters(linked)["a"] != zones.clusters(linked)["c"]
    assert zones.conflicts(linked, [("a", "b"), ("a", "c")]) == [("a", "b")]
    assert zones.crowded(linked) == {"x": 2}


@given(st.integers(0, 50), st.integers(0, 50))
def test_an_interval_holds_its_share(same: int, more: int) -> None:
    judged = same + more
    low, high = judging.wilson(same, judged)
    assert 0 <= low <= high <= 1
    if judged:
        assert low <= same / judged <= high


def test_a_stratum_known_whole_leaves_no_doubt() -> None:
    layers = [judging.Stratum(10, 10, 9, True, 0.99), judging.Stratum(20, 20, 1, False, 0.1)]
    found = judging.precision(layers)
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((0.9, 0.9, 0.9))
    kept = judging.recall(layers)
    assert kept is not None
    assert kept.value == pytest.approx(0.9)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    chance = np.random.default_rng(5)
    shares, sizes = (0.999, 0.9, 0.3), (4000, 300, 100)
    truth = sum(s * n for s, n in zip(shares[:2], sizes[:2], strict=True)) / sum(sizes[:2])
    hits = 0
    for _ in range(400):
        layers = [
            judging.Stratum(n, 30, int(chance.binomial(30, s)), linked, s)
            for s, n, linked in zip(shares, sizes, (True, True, False), strict=True)
        ]
        found = judging.precision(layers)
        assert found is not None
        hits += found.low <= truth <= found.high
    assert hits / 400 >= 0.9


def test_without_answers_nothing_is_claimed() -> None:
    assert judging.precision([judging.Stratum(10, 0, 0, True, 0.99)]) is None
    assert judging.recall([judging.Stratum(10, 0, 0, True, 0.99)]) is None


@given(st.floats(-300, 300))
def test_every_weight_has_words_in_both_languages(weight: float) -> None:
    assert set(words.weighs(weight)) == {"en", "zh-hans"}


def test_every_degree_has_words() -> None:
    from commonweal.knowledge.linkage.levels import comparison
    from commonweal.register.models import Compared

    for by in words.FACTS:
        for columns in (("a",), ("a", "b")) if by == "name" else (("a",),):
            told = Compared.model_validate({"by": by, "left": columns})
            assert {level.name for level in comparison(0, told).levels} <= set(words.DEGREES)
