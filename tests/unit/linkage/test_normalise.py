"""One way of writing: what two offices write differently is the same, what differs stays different."""

from __future__ import annotations

from datetime import date

import pytest

from commonweal.knowledge.linkage import normalise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MÄRTEN, Odile", "Odile Marten"),
        ("Søren Kestrel", "KESTREL Soren"),
        ("O'Brien Pia", "Pia OBrien"),
        ("Dr. Ada Lowell", "Lowell, Ada"),
        ("歐陽曉瀾".replace("曉瀾", "晓澜"), "欧阳晓澜"),
        ("王 小明", "小明 王"),
        ("Ｌｉｎ Ada", "lin ada"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert normalise.name([one]) == normalise.name([other])


@pytest.mark.parametrize(("one", "other"), [("Ada Lowell", "Eda Lowell"), ("王小明", "王小月"), ("林一", "何一")])
def test_names_that_are_not(one: str, other: str) -> None:
    assert normalise.name([one]) != normalise.name([other])


@pytest.mark.parametrize("nothing", [None, "", "  ", "–", "。"])
def test_what_says_nothing_is_nothing(nothing: str | None) -> None:
    assert normalise.name([nothing]) is None
    assert normalise.address([nothing]) is None
    assert normalise.birth_date(nothing) is None
    assert normalise.phone(nothing) is None


@pytest.mark.parametrize("told", [date(2015, 3, 4), "2015-03-04", "20150304", "2015年3月4日", "2015/3/4", "04.03.2015"])
def test_a_birth_date_is_eight_digits_however_it_was_written(told: object) -> None:
    assert normalise.birth_date(told) == "20150304"


def test_a_turned_date_has_the_same_key() -> None:
    assert normalise.either_way("20150304") == normalise.either_way("20150403")
    assert normalise.either_way("20150304") != normalise.either_way("20150305")


def test_addresses_and_phones() -> None:
    assert normalise.address(["7 Ferry Street"]) == normalise.address(["7, ferry ST."])
    assert normalise.address(["果園大道7號"]) == normalise.address(["果园大道7号"])
    assert normalise.phone("+86 0900 109 894") == normalise.phone("0900109894")
