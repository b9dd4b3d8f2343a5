"""A column by place: which figures may be shown, how they are classed, and what is drawn of them."""

from __future__ import annotations

import re

import numpy as np

from commonweal.knowledge.insight.explore.places import by_place
from commonweal.knowledge.insight.explore.views import Line
from commonweal.knowledge.insight.frames import Frame, Measure
from commonweal.register.models import DataElement, Dataset, Region, Text
from commonweal.windows.desk import maps

REGIONS = {
    r.id: r
    for r in [
        Region(id="top", level="province", name=Text({"en": "Top"})),
        *(Region(id=f"r{i}", level="county", parent="top", name=Text({"en": f"R{i}"})) for i in range(8)),
    ]
}
NAMES = {r.id: r.name for r in REGIONS.values()}
ELEMENT = DataElement(id="x.y", type="decimal", name=Text({"en": "Y"}))


def framed(rows: list[tuple[str, int | None, float]], per_row: int = 10) -> Frame:
    places = tuple(dict.fromkeys(r[0] for r in rows))
    dataset = Dataset.model_construct(id="d")
    timed = rows[0][1] is not None
    return Frame(
        dataset, "regions:county", places, np.array([places.index(r[0]) for r in rows]), "year" if timed else None,
        np.array([r[1] for r in rows]) if timed else None, None,
        (Measure("y", ELEMENT, np.array([r[2] for r in rows], dtype=float)),), per_row,
    )  # fmt: skip


def test_places_are_ranked_classed_in_fifths_and_missing_ones_named() -> None:
    told = by_place(framed([(f"r{i}", 2020, float(i)) for i in range(7)]), "y", "", NAMES, REGIONS)
    assert [r.place for r in told.rows] == ["r6", "r5", "r4", "r3", "r2", "r1", "r0", "r7"]
    assert told.rows[0].group == 4
    assert sorted({r.group for r in told.rows[:-1]}) == [0, 1, 2, 3, 4]
    assert told.rows[-1].value is None


def test_one_huge_place_leaves_the_others_apart() -> None:
    told = by_place(
        framed([(f"r{i}", None, v) for i, v in enumerate([1, 2, 3, 4, 5, 6, 7, 1e9])]), "y", "", NAMES, REGIONS
    )
    assert len({r.group for r in told.rows}) == 5


def test_fewer_than_ten_people_are_no_figure_and_no_class() -> None:
    rows = [("r0", 2020, 1.0)] * 9 + [("r1", 2020, 5.0)] * 10 + [("r2", 2020, 7.0)] * 12
    told = by_place(framed(rows, per_row=1), "y", "", NAMES, REGIONS)
    values = {r.place: r.value for r in told.rows}
    assert values["r0"] is None
    assert (values["r1"], values["r2"]) == (5.0, 7.0)
    few = by_place(framed(rows[:9], per_row=1), "y", "", NAMES, REGIONS)
    assert few.withheld == "nothing"
    assert not few.lines


def test_the_newest_full_period_is_shown_unless_another_is_asked_for() -> None:
    rows = [(f"r{i}", year, float(year + i)) for year in (2019, 2020) for i in range(5)] + [("r0", 2021, 9.0)]
    frame = framed(rows)
    assert by_place(frame, "y", "", NAMES, REGIONS).period == "2020"
    assert by_place(frame, "y", "2021", NAMES, REGIONS).rows[0].value == 9.0
    assert by_place(frame, "y", "nonsense", NAMES, REGIONS).period == "2020"
    assert by_place(frame, "y", "", NAMES, REGIONS).periods == ("2021", "2020", "2019")


def test_a_column_that_is_no_figure_is_said_to_be_none() -> None:
    assert by_place(framed([("r0", 2020, 1.0)]), "z", "", NAMES, REGIONS).withheld == "category"


def test_a_map_escapes_names_keeps_within_its_frame_and_has_words() -> None:
    square = (((0.0, 60.0), (1.0, 60.0), (1.0, 61.0), (0.0, 61.0), (0.0, 60.0)),)
    far = (((1.0, 60.0), (2.0, 60.0), (2.0, 61.0), (1.0, 61.0), (1.0, 60.0)),)
    svg = maps.choropleth(
        {"a": square, "b": far}, (), {"a": 4, "b": None}, {"a": "<b>5"}, {"a": "<script>"}, 'High: "a"'
    )
    assert "<script>" not in svg
    assert "<b>" not in svg
    assert "style=" not in svg
    assert 'role="img" aria-label="High: &quot;a&quot;"' in svg
    assert 'class="region c4"' in svg
    assert "url(#no-figure)" in svg
    width, height = (int(n) for n in re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())  # type: ignore[union-attr]
    numbers = [float(n) for path in re.findall(r' d="(M[^"]*Z)"', svg) for n in re.findall(r"[\d.]+", path)]
    assert max(numbers) <= max(width, height)
    assert abs(height - 16 - (width - 16)) <= 10, "two squares of a degree at 60° north are as wide as they are tall"


def test_small_charts_share_one_scale() -> None:
    lines = [Line(p, Text({"en": p}), ((2000, v, None), (2001, 2 * v, None))) for p, v in (("a", 1.0), ("b", 50.0))]
    (_, low), (_, high) = maps.multiples(lines, lambda line: line.place)
    last = [float(re.findall(r'cy="([\d.]+)"', svg)[0]) for svg in (low, high)]
    assert last[0] > 50
    assert last[1] < 10
    assert maps.multiples([], str) == []
