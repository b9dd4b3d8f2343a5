"""Each rule of disclosure, with the attack that it stops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from commonweal.knowledge.insight import disclosure
from commonweal.knowledge.insight.explore import pair as pairs
from commonweal.knowledge.insight.explore.scatters import scatter
from commonweal.knowledge.insight.explore.together import Together
from commonweal.knowledge.insight.frames import Measure
from commonweal.knowledge.insight.pairing import element_for
from commonweal.register.models import Dataset

DRAW = np.random.default_rng(11)


def dataset(name: str, **told: object) -> Dataset:
    given = {"id": name, "subject": None, "purpose": None, "access": "open", **told}
    return Dataset.model_construct(**given)  # type: ignore[arg-type]


def test_many_rows_of_few_entities_are_still_few_entities() -> None:
    """Attack: nine firms reported daily for years look like thousands of rows."""
    assert disclosure.figure(n=9_000, entities=9, df=8_000).why == "too-few-entities"
    assert disclosure.figure(n=12, entities=12, df=9).why == "too-few-degrees-of-freedom"
    assert disclosure.figure(n=29, entities=29, df=27, micro=True, open=False).why == "too-few-rows"
    assert disclosure.figure(n=30, entities=30, df=28, micro=True, open=False).allowed


def test_a_two_by_two_table_with_a_small_cell_is_not_told() -> None:
    """Attack: φ and the margins give the four cells; one of them is three persons."""
    assert disclosure.table(np.array([[3, 47], [60, 90]])) is None


@given(arrays.arrays(np.int64, st.tuples(st.integers(2, 6), st.integers(2, 6)), elements=st.integers(0, 60)))
def test_what_is_left_of_a_table_has_no_small_cell_and_loses_nobody(counts: np.ndarray) -> None:
    left = disclosure.table(counts)
    if left is not None:
        assert left.min() >= disclosure.FEWEST_IN_A_CELL
        assert min(left.shape) >= 2
        assert left.sum() == counts.sum()


def test_a_rare_row_is_put_together_with_another() -> None:
    left = disclosure.table(np.array([[4, 8], [30, 40], [50, 20]]))
    assert left is not None
    assert sorted(left.ravel().tolist()) == [20, 34, 48, 50]


def test_a_total_that_one_or_two_make_is_withheld() -> None:
    """Attack: the second largest firm takes its own figure off the total and knows the largest."""
    rest = [1.0] * 20
    assert disclosure.total(np.array([500.0, 100.0, *rest])).why == "dominated"
    assert disclosure.total(np.array([30.0, 12.0, *rest])).allowed
    assert disclosure.total(np.array([5.0, 4.0])).why == "too-few-entities"
    assert disclosure.total(np.array([1000.0, 250.0, *[0.99] * 100])).why == "dominated", "p-percent: 99 of 1000"


def test_many_sums_are_judged_as_one_by_one() -> None:
    cell = DRAW.integers(0, 40, 600)
    parts = DRAW.lognormal(0, 2, 600)
    parts[::17] = np.nan
    alone = [not disclosure.total(parts[cell == c]).allowed for c in range(40)]
    assert disclosure.dominated(cell, parts, 40).tolist() == alone
    assert 0 < sum(alone) < 40


def test_a_correlation_that_one_entity_makes_is_withheld_unless_open() -> None:
    """Attack: r published with and without one hospital tells that hospital's figures."""
    x, y = DRAW.normal(10, 1, 40), DRAW.normal(10, 1, 40)
    x[0], y[0] = 60, 60
    assert disclosure.correlation(x, y, open=False).why == "leans-on-one"
    assert disclosure.correlation(x, y, open=True).allowed
    x[0], y[0] = 10, 10
    many = np.tile(x, 20), np.tile(y, 20)
    assert disclosure.correlation(*many, open=False).allowed


def test_all_rows_of_one_entity_are_left_out_together() -> None:
    """Attack: an outlier repeated over ten years hides among its own rows when one row is left out at a time."""
    x, y = DRAW.normal(size=300), DRAW.normal(size=300)
    entity = np.repeat(np.arange(30), 10)
    x[entity == 0] += 12
    y[entity == 0] += 12
    assert disclosure.leaning(x, y) < disclosure.leaning(x, y, entity)
    brute = [np.corrcoef(x[entity != e], y[entity != e])[0, 1] for e in range(30)]
    worst = max(abs(r - np.corrcoef(x, y)[0, 1]) for r in brute)
    assert disclosure.leaning(x, y, entity) == pytest.approx(worst)


def test_a_copy_and_an_identifier_are_no_findings() -> None:
    """Attack: a column that names the person in other words, published as a perfect correlation."""
    assert disclosure.copies(-0.99995)
    assert not disclosure.copies(0.9998)
    person = np.arange(50)
    assert disclosure.determines(person, person % 7)
    assert not disclosure.determines(person % 5, person % 7)


def test_an_update_by_a_few_entities_is_held_back() -> None:
    """Attack: yesterday's figure less today's is the one person who moved away."""
    key = b"k" * 32
    names = [f"P{i}" for i in range(40)]
    before = disclosure.marks(names, [b"1"] * 40, key)
    one_left = disclosure.marks(names[:-1], [b"1"] * 39, key)
    nine_new = disclosure.marks(names, [b"2"] * 9 + [b"1"] * 31, key)
    ten_new = disclosure.marks(names, [b"2"] * 10 + [b"1"] * 30, key)
    assert disclosure.changed(before, one_left) == 1
    assert not disclosure.update(before, one_left).allowed
    assert disclosure.update(before, nine_new).why == "too-few-changed"
    assert disclosure.update(before, ten_new).allowed
    assert disclosure.update(before, before).allowed
    assert not set(before) & set(disclosure.marks(names, [b"1"] * 40, b"other")), "useless without the key"


@given(st.integers(0, 10**6))
def test_numbers_of_persons_are_told_to_five(n: int) -> None:
    """Attack: n before and after somebody is filtered out differs by that person."""
    told = disclosure.rounded_n(n)
    assert told % 5 == 0
    assert abs(told - n) <= 2


def test_coefficients_are_told_to_two_decimals() -> None:
    """Attack: a coefficient to sixteen digits is an equation in the last unknown figure."""
    assert disclosure.rounded(0.123456789) == 0.12
    assert str(disclosure.rounded(-0.001)) == "0.0"


def test_pictures_of_what_is_not_open_are_bins_of_ten() -> None:
    """Attack: the richest person is the dot at the edge of the picture."""
    assert not disclosure.points(micro=True, open=True)
    assert not disclosure.points(micro=False, open=False)
    assert disclosure.bins([10, 11])
    assert not disclosure.bins([10, 9])


def test_persons_of_two_purposes_are_not_brought_together() -> None:
    """Attack: tax records beside health records, each collected for its own purpose."""
    tax = dataset("tax", subject="person", access="restricted", purpose="tax")
    health = dataset("health", subject="person", access="restricted", purpose="health")
    study = dataset("study", subject="person", access="shared", purpose="health")
    assert disclosure.purposes(tax, health).why == "other-purpose"
    assert disclosure.purposes(health, study).allowed
    assert disclosure.purposes(tax, dataset("places")).allowed


def people(count: int, left: Measure, x: np.ndarray, y: np.ndarray) -> Together:
    """Rows of persons in twelve places, over no time."""
    place = np.arange(count, dtype=np.int64) % 12
    right = Measure("y", element_for("t.y"), y)
    return Together(x, y, left, right, place, None, tuple(f"p{i}" for i in range(12)), (), None, micro=True)


def test_pages_tell_numbers_of_people_to_five_unless_the_data_are_open() -> None:
    draw = np.random.default_rng(3)
    x = draw.normal(size=203)
    pair = people(203, Measure("x", element_for("t.x"), x), x, x + draw.normal(size=203))
    for open, n in ((True, 203), (False, 205)):
        told = pairs.measured(pair, open=open)
        assert {reading.n for reading in told.readings if reading.view == "level"} <= {n}
        bins = scatter(pair, "level", open=open).marks
        assert all(mark.n % 5 == 0 for mark in bins) is not open
    area = np.arange(203.0) % 4
    named = Measure("area", element_for("t.area"), area, categories=("N", "E", "S", "W"))
    assert {n for _, _, n in pairs.measured(people(203, named, area, x), open=False).groups} == {50}
    assert {n for _, _, n in pairs.measured(people(203, named, area, x), open=True).groups} == {50, 51}


def test_a_column_that_tells_people_apart_is_withheld() -> None:
    draw = np.random.default_rng(3)
    codes = np.arange(120.0) // 1.5 // 1
    number = Measure("number", element_for("t.number"), codes, categories=tuple(f"c{i}" for i in range(80)))
    other = np.sin(codes)
    assert pairs.measured(people(120, number, codes, other), open=False).withheld == "identifies"
    assert pairs.measured(people(120, number, codes, draw.normal(size=120)), open=False).withheld != "identifies"
    assert pairs.measured(people(120, number, codes, other), open=True).withheld != "identifies"
