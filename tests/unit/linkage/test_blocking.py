"""Which pairs are compared: a slip of the pen loses none, too many are refused with the reason."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from commonweal.core.errors import Refused
from commonweal.knowledge.linkage import blocking, facts
from commonweal.register.models import Compared

COMPARE = [
    Compared(by="name", left=("name",)),
    Compared(by="birth-date", left=("born",)),
    Compared(by="address", left=("home",)),
]
ADA = {"name": "Ada Lowell", "born": "2015-03-04", "home": "7 Ferry Street"}


def pairs(left: list[dict[str, Any]], right: list[dict[str, Any]] | None, most: int = 1_000_000) -> set[Any]:
    told = None if right is None else facts.rows_of(right, COMPARE, right=True)
    blocks = blocking.candidates(facts.rows_of(left, COMPARE), told, most)
    return set(zip(*blocks.pairs, strict=True))


@pytest.mark.parametrize(
    "written",
    [
        {"name": "Lowell Ada", "born": "2015-04-03", "home": None},
        {"name": "Lowel, Ada", "born": "2015-03-09", "home": "7 Ferry St"},
        {"name": "Ada Lowell", "born": None, "home": "elsewhere"},
        {"name": "Adda Lowel", "born": "2015-03-04", "home": "1 Mill Road"},
        {"name": None, "born": "2015-03-04", "home": None},
    ],
)
def test_one_slip_loses_no_pair(written: dict[str, Any]) -> None:
    assert pairs([ADA], [written]) == {(0, 0)}


def test_in_one_file_each_pair_comes_once_and_no_row_meets_itself() -> None:
    assert pairs([ADA, dict(ADA), {"name": "Bo Ys", "born": "1990-01-02", "home": "9 Weir Close"}], None) == {(0, 1)}


@pytest.mark.parametrize(("left", "right"), [([], [ADA]), ([ADA], []), ([], None)])
def test_an_empty_side_is_refused(left: list[Any], right: list[Any] | None) -> None:
    with pytest.raises(Refused) as refused:
        pairs(left, right)
    assert refused.value.code == "link-empty"


def test_one_giant_block_is_refused_and_says_what_it_is() -> None:
    crowd = [{"name": "Unknown Unknown", "born": "1900-01-01", "home": "none"} for _ in range(300)]
    with pytest.raises(Refused, match="300 of 300 rows") as refused:
        pairs(crowd, crowd)
    assert refused.value.code == "link-giant-block"
    assert "Unknown" not in refused.value.message, "a message may not repeat what stood in a row"


def test_more_pairs_than_declared_are_refused_with_their_kinds() -> None:
    chance = random.Random(3)
    first = date(2015, 1, 1)
    crowd = [
        {"name": f"Ada {chance.choice('BCDEFGH')}own", "born": first + timedelta(chance.randint(0, 40)), "home": None}
        for _ in range(400)
    ]
    with pytest.raises(Refused, match="More than 100 pairs") as refused:
        pairs(crowd, None, most=100)
    assert refused.value.code == "link-too-many"


def test_a_code_of_few_values_is_no_key() -> None:
    compare = [*COMPARE[:2], Compared(by="code", left=("sex",))]
    rows = [{"name": f"N{i}x M{i}y", "born": f"{1900 + i}-01-01", "sex": "fm"[i % 2]} for i in range(60)]
    blocks = blocking.candidates(facts.rows_of(rows, compare), None, 1_000_000)
    assert "code" not in blocks.rules
