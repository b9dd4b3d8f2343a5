"""Names that sound alike in Pinyin meet across scripts; what merely has some of the same letters does not."""

from __future__ import annotations

from typing import Any

import pytest

from commonweal.knowledge.linkage import facts
from commonweal.knowledge.linkage.facts import Facts


def of(*parts: Any) -> Facts:
    return facts.fact("name", parts)


@pytest.mark.parametrize(
    "latin",
    ["Wang Xiaoming", "WANG, Xiao-ming", "Xiao Ming Wang", "Xiaoming WANG", "wang xiǎo míng", "Mr Wang Xiaoming"],
)
def test_a_chinese_name_meets_its_pinyin_however_it_is_written(latin: str) -> None:
    assert of("王小明").sound == of(latin).sound is not None


@pytest.mark.parametrize(
    ("han", "latin"),
    [
        ("曾国华", "Zeng Guohua"), ("单雄信", "Shan Xiongxin"), ("尉迟恭明", "Yuchi Gongming"),
        ("歐陽曉明", "Ouyang Xiaoming"),
        ("吕绿萍", "Lyu Luping"), ("吕绿萍", "LÜ Lüping"), ("王 小明", "Wang Xiaoming"), ("任长河", "Ren Changhe"),
    ],
)  # fmt: skip
def test_surnames_are_read_as_surnames(han: str, latin: str) -> None:
    assert of(han).sound == of(latin).sound


def test_given_and_family_names_apart_sound_like_the_whole() -> None:
    assert of("国华", "曾").sound == of("曾国华").sound == of("Guohua", "Zeng").sound


@pytest.mark.parametrize("other", ["Wong Siu Ming", "Wang Xiaomin", "Zhang Xiaoming", "Wang Ming"])
def test_another_name_or_another_romanisation_does_not_sound_the_same(other: str) -> None:
    assert of("王小明").sound != of(other).sound


def test_very_short_names_have_no_sound_to_go_by() -> None:
    assert of("李一").sound is None
    assert of("Li Yi").sound is None
    assert of(None).sound is None
