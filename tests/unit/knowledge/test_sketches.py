"""Searching a lake without joining it: the answers an exact join would give."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from commonweal.knowledge.insight import aligned, sketches
from commonweal.knowledge.insight.sketches import Column


def lake(columns: int = 60, keys: int = 4000, seed: int = 0) -> list[Column]:
    """Columns over overlapping parts of one domain; the first three follow one hidden quantity."""
    rng = np.random.default_rng(seed)
    hashes = np.sort(rng.integers(1, 2**63, keys, dtype=np.uint64))
    hidden = rng.standard_normal(keys)
    made = []
    for i in range(columns):
        some = np.flatnonzero(rng.random(keys) < rng.uniform(0.2, 1))
        noise = rng.standard_normal(len(some))
        values = hidden[some] * (1 - 0.1 * i) + 0.3 * noise if i < 3 else noise
        made.append(Column(f"d{i}.c", hashes[some], values * 10.0**i if i < 9 else values + 1e6, f"d{i}"))
    return made


def by_hand(left: Column, right: Column) -> tuple[float, int]:
    _, a, b = np.intersect1d(left.hashes, right.hashes, return_indices=True)
    return float(np.corrcoef(left.values[a], right.values[b])[0, 1]), len(a)


@pytest.mark.parametrize("size", [None, 512])
def test_the_columns_that_go_with_mine_come_first_and_are_exact(size: int | None) -> None:
    columns = lake()
    hits = sketches.build(columns, size).query(columns[0], 5)
    assert {hit.name for hit in hits[:2]} == {"d1.c", "d2.c"}
    for hit in hits:
        r, n = by_hand(columns[0], next(c for c in columns if c.name == hit.name))
        assert hit.n == n
        assert hit.value == pytest.approx(r, abs=1e-5)
        assert hit.low < hit.value < hit.high
    assert hits[0].p < 1e-12
    strengths = [hit.certain_strength for hit in hits]
    assert strengths == sorted(strengths, reverse=True)


def test_small_overlaps_do_not_win() -> None:
    columns = lake(8)
    jitter = np.resize([0.4, -0.4], 31)
    tiny = Column("tiny.c", columns[0].hashes[:31], columns[0].values[:31] + jitter, "tiny")
    index = sketches.build([*columns, tiny])
    hits = index.query(columns[0], 3)
    by_name = {hit.name: hit for hit in hits}
    assert by_name["tiny.c"].value > by_name["d1.c"].value
    assert hits[0].name == "d1.c"
    assert "tiny.c" not in {hit.name for hit in index.query(columns[0], 20, least=32)}


def test_a_dataset_does_not_answer_for_itself() -> None:
    columns = lake(6)
    twin = Column("d0.twin", columns[0].hashes, columns[0].values * 2, "d0")
    index = sketches.build([*columns, twin])
    assert "d0.twin" not in {hit.name for hit in index.query(columns[0], 10)}
    assert index.query(columns[0], 10, without_own_group=False)[0].name == "d0.twin"


@pytest.mark.parametrize("size", [None, 1024])
def test_all_pairs_agree_with_one_pair_at_a_time(size: int | None) -> None:
    columns = lake(80, 1500)
    index = sketches.build(columns, size)
    r, n = index.all_pairs()
    for i, j in [(0, 1), (0, 2), (5, 70), (33, 34)]:
        exact, joint = by_hand(index.matrix.order[i], index.matrix.order[j])
        if size is None:
            assert n[i, j] == joint
            assert r[i, j] == pytest.approx(exact, abs=1e-4)
        else:
            assert r[i, j] == pytest.approx(exact, abs=4 / float(n[i, j]) ** 0.5)


def test_a_column_put_again_replaces_the_old_one_and_a_dataset_can_go() -> None:
    columns = lake(5)
    index = sketches.build(columns)
    index.put(Column("d1.c", columns[1].hashes, np.random.default_rng(9).standard_normal(len(columns[1].hashes)), "d1"))
    assert index.query(columns[0], 1)[0].name == "d2.c"
    index.remove("d2")
    assert "d2.c" not in {hit.name for hit in index.query(columns[0], 10)}


def test_constant_absent_and_repeated_values() -> None:
    hashes = np.array([5, 5, 7, 9, 0, 11], dtype=np.uint64)
    column = Column.of("x", hashes, np.array([1.0, 3.0, 4.0, np.nan, 9.0, np.inf]))
    assert column.hashes.tolist() == [5, 7]
    assert column.values.tolist() == [2.0, 4.0]
    assert not Column.of("flat", np.arange(1, 50, dtype=np.uint64), np.ones(49)).usable
    assert sketches.build([]).query(lake(1)[0]) == []
    assert sketches.build([]).all_pairs()[0].shape == (0, 0)


def test_keys_written_three_ways_are_one_key() -> None:
    one = sketches.hash_keys([["01001", "Norway ", None], [2000, 1999.0, 1]])
    other = sketches.hash_keys([[1001, "ｎorway", "x"], ["2000.0", "1999", 1]])
    assert one[:2].tolist() == other[:2].tolist()
    assert one[2] == 0
    secret = sketches.hash_keys([["01001"], [2000]], b"another purpose")
    assert secret[0] != one[0]


@pytest.mark.parametrize(("tile", "dense"), [(16, 2), (7, 30), (16, 10_000), (256, 32)])
def test_all_pairs_are_the_same_however_columns_are_cut(tile: int, dense: int, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = lake(50, 900, seed=4)
    monkeypatch.setattr(aligned, "TILE", tile)
    monkeypatch.setattr(aligned, "DENSE_FROM", dense)
    index = sketches.build(columns)
    r, n = index.all_pairs()
    assert np.array_equal(n, n.T)
    assert np.allclose(r, r.T, equal_nan=True)
    for i in range(0, 50, 7):
        for j in range(i + 1, 50, 5):
            exact, joint = by_hand(index.matrix.order[i], index.matrix.order[j])
            assert n[i, j] == joint
            assert r[i, j] == pytest.approx(exact, abs=1e-4)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_ranking_is_brute_forces_by_the_near_end_of_the_interval(seed: int) -> None:
    columns = lake(40, 600, seed)
    asked = columns[0]
    strength = {}
    for other in columns[1:]:
        r, n = by_hand(asked, other)
        if n >= sketches.LEAST_JOINT:
            strength[other.name] = float(np.tanh(max(0.0, np.arctanh(abs(r)) - 1.959964 / np.sqrt(n - 3))))
    best = [name for name in sorted(strength, key=lambda name: -strength[name]) if strength[name] > 0][:10]
    assert [hit.name for hit in sketches.build(columns).query(asked, 10)] == best


def test_a_column_that_hardly_varies_beside_its_largest_value_is_still_compared() -> None:
    """The whole world's total among its countries: single precision would call the countries flat."""
    draw = np.random.default_rng(6)
    hashes = np.arange(1, 402, dtype=np.uint64)
    small = draw.normal(size=400)
    total = Column("a.total", hashes, np.append(small, 1e6), "a")
    other = Column("b.part", hashes[:400], small + 0.1 * draw.normal(size=400), "b")
    (hit,) = sketches.build([total, other]).query(total, 5)
    assert hit.value == pytest.approx(by_hand(total, other)[0], abs=1e-4)


def test_the_probability_is_students() -> None:
    for r, n in [(0.3, 40), (-0.9, 15), (0.01, 5000), (0.999, 100)]:
        t = abs(r) * np.sqrt((n - 2) / (1 - r * r))
        assert sketches.hit("x", "d", r, n).p == pytest.approx(2 * stats.t.sf(t, n - 2), rel=1e-9)
