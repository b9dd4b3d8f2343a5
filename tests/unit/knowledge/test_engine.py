"""What a pair is called: the heart of a list people can trust."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from commonweal.knowledge.insight.engine import Association, Column, adjust, associate
from commonweal.knowledge.insight.frames import Measure
from commonweal.knowledge.insight.kinds import kind_of
from commonweal.knowledge.insight.pictures import bins, picture
from commonweal.register.models import DataElement
from tests.unit.knowledge.declared import element

PLACES, PERIODS = 40, 15


def panel(places: int = PLACES, periods: int = PERIODS) -> tuple[np.ndarray, np.ndarray]:
    return np.repeat(np.arange(places), periods), np.tile(np.arange(periods), places)


def column(values: np.ndarray, name: str, **more: Any) -> Column:
    return Column(values, Measure(name, element(name, more.pop("type", "decimal"), **more), values))


def judge(left: Column, right: Column, place: np.ndarray | None, time: np.ndarray | None) -> tuple[str, Association]:
    found = associate(left, right, place, time)
    if found.withheld:
        return f"withheld:{found.withheld}", found
    q = dict(zip(found.tested, adjust([found.views[v].p for v in found.tested]), strict=True))
    return kind_of(found, q, left.measure.element, right.measure.element)[0], found


def test_what_moves_together_within_places_is_an_association() -> None:
    draw = np.random.default_rng(1)
    place, time = panel()
    driver = draw.normal(size=len(place))
    x = column(driver + 5 * place + time, "x")
    y = column(0.6 * driver + draw.normal(size=len(place)) - 3 * place + 2.0 * time, "y")
    kind, found = judge(x, y, place, time)
    assert kind == "association"
    assert found.views["within"].low > 0.3
    assert found.views["changes"].value > 0.3


def test_two_things_that_merely_grew_are_called_that() -> None:
    named = 0
    for seed in range(40):
        draw = np.random.default_rng(seed)
        place, time = panel()
        x = column(time * 2.0 + draw.normal(size=len(place)), "x")
        y = column(time * 5.0 + 3 * draw.normal(size=len(place)), "y")
        named += judge(x, y, place, time)[0] == "trend-only"
    assert named / 40 >= 0.9


def test_two_series_that_merely_grew_are_called_that() -> None:
    draw = np.random.default_rng(3)
    time = np.arange(60)
    x = column(time * 2.0 + draw.normal(size=60), "x")
    y = column(time * 5.0 + draw.normal(size=60), "y")
    assert judge(x, y, None, time)[0] == "trend-only"


def test_lasting_differences_between_places_are_called_that() -> None:
    draw = np.random.default_rng(4)
    place, time = panel()
    lasting = draw.normal(size=PLACES)[place]
    x = column(5 * lasting + draw.normal(size=len(place)), "x")
    y = column(4 * lasting + draw.normal(size=len(place)), "y")
    assert judge(x, y, place, time)[0] == "between"


def test_unrelated_columns_are_nothing() -> None:
    draw = np.random.default_rng(5)
    place, time = panel()
    x, y = column(draw.normal(size=len(place)), "x"), column(draw.normal(size=len(place)), "y")
    assert judge(x, y, place, time)[0] == "none"


def test_copies_are_one_measure_by_value_by_element_and_by_concept() -> None:
    draw = np.random.default_rng(6)
    place, time = panel()
    values = draw.normal(size=len(place)) + place
    assert judge(column(values, "x"), column(values * 1.000001, "y"), place, time)[0] == "same-measure"
    near = values + 50 + 0.001 * draw.normal(size=len(place))
    assert judge(column(values + 50, "x"), column(near, "y"), place, time)[0] == "same-measure"
    other = draw.normal(size=len(place))
    one, two = column(values, "x", concept="c"), column(other, "y", concept="c")
    assert judge(one, two, place, time)[0] == "same-measure"


def test_a_part_beside_its_whole_is_called_that() -> None:
    draw = np.random.default_rng(7)
    place = np.arange(60)
    whole = np.round(np.exp(draw.normal(8, 1, 60)))
    part = np.round(whole * draw.uniform(0.3, 0.5, 60))
    left = column(part, "women", type="integer", unit="persons")
    right = column(whole, "people", type="integer", unit="persons")
    assert judge(left, right, place, None)[0] == "part-of-total"


@pytest.mark.parametrize(("places", "shown"), [(9, False), (11, False), (12, True)])
def test_fewer_than_ten_places_or_degrees_of_freedom_never_show(places: int, shown: bool) -> None:
    values = np.arange(float(places)) ** 1.5
    _, found = judge(column(values, "x"), column(values + np.cos(values), "y"), np.arange(places), None)
    assert (found.withheld is None) == shown
    assert bool(found.views) == shown


def test_places_present_in_both_are_what_counts() -> None:
    """Sixteen places, but the two columns share only nine."""
    x, y = np.arange(16.0), np.arange(16.0) ** 2
    x[:4], y[-3:] = np.nan, np.nan
    found = associate(column(x, "x"), column(y, "y"), np.arange(16), None)
    assert found.withheld == "too-few-entities"
    assert not found.views


def test_few_places_with_many_years_do_not_show_either() -> None:
    place, time = panel(places=8, periods=40)
    draw = np.random.default_rng(8)
    shared = draw.normal(size=len(place))
    found = associate(column(shared, "x"), column(shared + draw.normal(size=len(place)), "y"), place, time)
    assert found.withheld == "too-few-entities"


def test_one_place_that_carries_everything_is_noticed() -> None:
    draw = np.random.default_rng(9)
    x, y = draw.normal(size=20), draw.normal(size=20)
    x[0], y[0] = 30.0, 30.0
    assert associate(column(x, "x"), column(y, "y"), np.arange(20), None).fragility > 0.5


def test_every_bin_has_ten_rows_even_with_ties() -> None:
    draw = np.random.default_rng(10)
    for values in (draw.normal(size=500), np.round(draw.normal(size=500)), np.zeros(500)):
        rows = bins(values, draw.normal(size=500))
        assert sum(r[4] for r in rows) == 500
        assert min(r[4] for r in rows) >= 10
    assert bins(np.arange(9.0), np.arange(9.0)) == ()


def test_many_places_are_drawn_as_bins_not_points() -> None:
    draw = np.random.default_rng(11)
    names = tuple(f"p{i}" for i in range(200))
    drawn = picture(draw.normal(size=200), draw.normal(size=200), np.arange(200), None, names, "between")
    assert drawn.style == "bins"
    assert all(not name for name, *_ in drawn.rows)


def test_an_element_is_what_makes_two_columns_one(  # two datasets bound to one element, different figures
) -> None:
    shared: DataElement = element("rate", "decimal")
    draw = np.random.default_rng(12)
    x, y = draw.normal(size=30), draw.normal(size=30)
    left, right = (Column(v, Measure("rate", shared, v)) for v in (x, y))
    assert judge(left, right, np.arange(30), None)[0] == "same-measure"
