"""Search in one's own words, over the demo jurisdiction as it is declared."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from commonweal.register import Register, load
from commonweal.register.models import PublicService, Text
from commonweal.windows.look.finding import Index, find_services, search
from commonweal.windows.look.tokens import near, pieces, stem

RIVERLAND = Path(__file__).resolve().parents[3] / "examples" / "riverland"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def register() -> Register:
    loaded, _faults = load(RIVERLAND)
    assert loaded is not None
    return loaded


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("I want to start a noodle shop", "open-restaurant"),
        ("start a noodle shop", "open-restaurant"),
        ("开饭馆", "open-restaurant"),
        ("我想开一家面馆", "open-restaurant"),
        ("resturant licence", "open-restaurant"),
        ("café", "open-restaurant"),
        ("had a baby", "having-a-child"),
        ("my wife gave birth", "having-a-child"),
        ("生孩子", "having-a-child"),
        ("宝宝上户口", "birth-registration"),
        ("birth certificate", "birth-registration"),
        ("dig up the road", "roadworks-permit"),
        ("挖路", "roadworks-permit"),
        ("占道施工", "roadworks-permit"),
        ("water pipe under the street", "roadworks-permit"),
    ],
)
def test_what_people_say_finds_what_they_mean(register: Register, said: str, meant: str) -> None:
    assert search(register, said, TODAY)[0].item.id == meant


@pytest.mark.parametrize("said", ["", "   ", "how do I", "xyzzy plugh", "!!!", "\x00", "请问怎么办理"])
def test_what_means_nothing_finds_nothing(register: Register, said: str) -> None:
    assert search(register, said, TODAY) == []


def test_services_are_found_without_life_events(register: Register) -> None:
    found = find_services(register, "had a baby", TODAY)
    assert found
    assert all(isinstance(item, PublicService) for item in found)


def test_what_is_not_in_force_is_not_found(register: Register) -> None:
    assert search(register, "restaurant", date(1990, 1, 1)) == []


def test_ten_thousand_services_are_searched_quickly(register: Register) -> None:
    model = register.services["open-restaurant"]
    words = ["apple", "bridge", "candle", "dragon", "engine", "forest", "garden", "harbour", "island", "jacket"]
    many = {
        f"s-{n}": model.model_copy(
            update={
                "id": f"s-{n}",
                "name": Text({"en": f"{words[n % 10]} {words[n // 10 % 10]} permit {n}"}),
                "keywords": (),
                "summary": None,
                "description": None,
            }
        )
        for n in range(10_000)
    }

    class Large:
        events: dict[str, object] = {}
        services = many
        organisations = register.organisations

    index = Index(Large())  # type: ignore[arg-type]
    began = time.perf_counter()
    hits = index.search("harbuor permit 4217", TODAY)
    assert time.perf_counter() - began < 1.0
    assert hits[0].item.id == "s-4217"


def test_words_meet_in_their_stem() -> None:
    assert stem("opening") == stem("opened") == stem("opens") == stem("open")
    assert stem("babies") == stem("baby")
    assert stem("licences") == stem("licence")
    assert stem("business") == "business"


def test_filler_falls_away_and_chinese_is_cut_in_pairs() -> None:
    assert pieces("I want to open a restaurant", query=True) == ["open", "restaurant"]
    assert pieces("我想开饭馆", query=True) == ["开饭", "饭馆"]


@pytest.mark.parametrize(
    ("one", "other", "most", "alike"),
    [("road", "raod", 1, True), ("permit", "permitt", 1, True), ("road", "read", 1, True), ("road", "rider", 1, False)],
)
def test_slips_are_counted(one: str, other: str, most: int, alike: bool) -> None:
    assert near(one, other, most) is alike
