"""The list of findings over a whole lake: what is told once, what is not told, what is passed over."""

from __future__ import annotations

import numpy as np
import pytest

from commonweal.knowledge.insight import scan as scanning
from commonweal.knowledge.insight.candidates import choose, exact_total
from commonweal.knowledge.insight.frames import Frame, Measure
from commonweal.knowledge.insight.kinds import NEWS
from commonweal.knowledge.insight.pairing import element_for
from commonweal.knowledge.insight.scan import Result, scan
from commonweal.knowledge.insight.sketches import Column
from commonweal.register.models import Dataset

PLACES, YEARS = 40, 12


def frame(name: str, **columns: np.ndarray) -> Frame:
    dataset = Dataset.model_construct(
        id=name, publisher=name, source=None, period="year", region="place", grain="region"
    )
    place, time = np.repeat(np.arange(PLACES), YEARS), np.tile(np.arange(2000, 2000 + YEARS), PLACES)
    measures = tuple(Measure(n, element_for(f"{name}.{n}"), v) for n, v in columns.items())
    names = tuple(f"p{i:02d}" for i in range(PLACES))
    return Frame(dataset, "list:places", names, place, "year", time, None, measures)


@pytest.fixture
def lake() -> list[Frame]:
    """A driver and what follows it, a copy of it, a total of parts, a common trend, and noise."""
    draw = np.random.default_rng(1)
    size = PLACES * YEARS
    path = np.tile(np.arange(YEARS) * 1.0, PLACES)
    driver, noise = draw.normal(size=size), draw.normal(size=size)
    parts = draw.uniform(1, 5, size), draw.uniform(1, 5, size)
    return [
        frame("a-source", driver=driver, one=parts[0], two=parts[1], grows=path + draw.normal(size=size)),
        frame("b-other", follows=driver + noise, also=2 * path + draw.normal(size=size)),
        frame("c-copy", driver=3.5 * driver + 7),
        frame("d-total", sum=parts[0] + parts[1]),
        frame("e-noise", nothing=draw.normal(size=size)),
    ]


def kinds(result: Result) -> dict[frozenset[str], str]:
    return {
        frozenset((f"{p.joined.left.dataset.id}.{p.left.name}", f"{p.joined.right.dataset.id}.{p.right.name}")): p.kind
        for p in result.pairs
    }


def news(result: Result) -> list[set[str]]:
    return [
        {p.joined.left.dataset.id, p.joined.right.dataset.id}
        for p in result.pairs
        if p.kind in NEWS and p.folded_into is None
    ]


@pytest.mark.parametrize("large", [False, True])
def test_only_what_is_new_is_told_in_a_small_lake_and_in_a_large_one(
    lake: list[Frame], large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if large:
        monkeypatch.setattr(scanning, "MANY", 0)
    result = scan(lake, {})
    named = kinds(result)
    assert named[frozenset(("a-source.driver", "b-other.follows"))] == "association"
    assert named[frozenset(("a-source.driver", "c-copy.driver"))] == "same-measure"
    assert named[frozenset(("a-source.grows", "b-other.also"))] == "trend-only"
    assert {"a-source", "b-other"} in news(result)
    assert not any("e-noise" in pair for pair in news(result))
    if large:
        assert not any({"c-copy", "d-total"} & pair for pair in news(result))
        assert named[frozenset(("a-source.one", "d-total.sum"))] == "part-of-total"


def test_what_is_passed_over_still_counts_as_a_test(lake: list[Frame], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = scan(lake, {})
    monkeypatch.setattr(scanning, "MANY", 0)
    assert scan(lake, {}).looked == whole.looked


def test_a_search_for_one_dataset_touches_only_it(lake: list[Frame]) -> None:
    chosen = choose(lake, touching={"e-noise"})
    assert chosen.looked == 8
    assert all(any(dataset == "e-noise" for dataset, _ in pair) for pairs in chosen.columns.values() for pair in pairs)


def test_a_total_is_found_whatever_the_order_and_noise_is_none() -> None:
    draw = np.random.default_rng(2)
    keys = np.arange(1, 201, dtype=np.uint64)
    parts = [Column(f"p{i}", keys, draw.uniform(0, 10**i, 200)) for i in range(5)]
    total = Column("total", keys, parts[1].values + parts[3].values + parts[4].values)
    for order in (parts, parts[::-1]):
        assert {p.name for p in exact_total(total, order)} == {"p1", "p3", "p4"}
    near = Column("near", keys, total.values * (1 + 1e-3 * draw.normal(size=200)))
    assert exact_total(near, parts) == []
    assert exact_total(Column("noise", keys, draw.normal(size=200)), parts) == []


def town(name: str, **columns: tuple[np.ndarray, str | None]) -> Frame:
    """Counts of places at one time; each with its element's concept."""
    dataset = Dataset.model_construct(id=name, publisher=name, source=None, period=None, region="place", grain="region")
    measures = tuple(
        Measure(n, element_for(f"{name}.{n}").model_copy(update={"concept": concept}), v, counts=True)
        for n, (v, concept) in columns.items()
    )
    places = tuple(f"p{i:03d}" for i in range(len(measures[0].values)))
    return Frame(dataset, "list:places", places, np.arange(len(places)), None, None, None, measures)


def test_two_totals_that_are_only_larger_in_larger_places_are_called_so() -> None:
    """Births and thefts both rise with the people of a town; poor people and thefts go together beyond that."""
    draw = np.random.default_rng(4)
    people = np.exp(draw.normal(9, 1.5, 300))
    lack = draw.normal(size=300)
    births, poor, thefts = (people * np.exp(0.3 * (draw.normal(size=300) + share * lack)) for share in (0, 2, 2))
    known = town("a-census", people=(people, "population"))
    lake = [
        known,
        town("b-health", births=(births, None)),
        town("c-aid", poor=(poor, None)),
        town("d-police", thefts=(thefts, None)),
    ]
    named = kinds(scan(lake, {}))
    assert named[frozenset(("b-health.births", "d-police.thefts"))] == "size-only"
    assert named[frozenset(("a-census.people", "d-police.thefts"))] == "size-only"
    (beyond,) = (p for p in scan(lake, {}).pairs if {p.left.name, p.right.name} == {"poor", "thefts"})
    assert beyond.kind == "between"
    assert beyond.given_size is not None
    assert 0.6 < beyond.given_size.after < beyond.given_size.before
    assert beyond.score < beyond.estimate.floor
    assert any(code in ("shrinks", "stands") and "people" in facts["name"]["en"] for code, facts in beyond.reasons)
    without = kinds(scan(lake[1:], {}))
    assert without[frozenset(("b-health.births", "d-police.thefts"))] == "between", (
        "nobody said how many people there are"
    )
