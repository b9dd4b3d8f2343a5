"""How a name sounds in Hanyu Pinyin, so that 王小明 meets Wang Xiaoming, and a character one that sounds like it. Pure.

What is compared is the letters of the whole name in alphabetical order: an office writes Xiao Ming Wang, another
WANG, Xiao-ming, and the letters are the same. Tones are dropped, as every Latin spelling drops them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

SURNAMES = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "盖": "ge", "区": "ou", "任": "ren",
    "朴": "piao", "翟": "zhai", "乐": "yue", "华": "hua", "召": "shao", "缪": "miao", "宓": "mi", "折": "she",
    "尉迟": "yuchi", "长孙": "zhangsun", "万俟": "moqi", "澹台": "tantai",
}  # fmt: skip
"""Surnames that are read otherwise than the same character elsewhere."""
_FEWEST = 5
"""Letters a name must have: fewer fall together by chance."""


def letters(han: str | None, latin: Sequence[str]) -> str | None:
    """The letters of a name in order: `han` as written, surname first, or the words of a Latin one, already plain.

    None for a name of fewer than five letters.
    """
    said = _pinyin(han) if han else "".join(latin)
    told = "".join(letter for letter in said.replace("lyu", "lu").replace("nyu", "nu") if "a" <= letter <= "z")
    return "".join(sorted(told)) if len(told) >= _FEWEST else None


@lru_cache(maxsize=65_536)
def _pinyin(name: str) -> str:
    """The reading of a name as passports write it: no tones, ü as u."""
    from pypinyin import lazy_pinyin

    length = next((n for n in (2, 1) if name[:n] in SURNAMES), 0)
    rest = "".join(lazy_pinyin(name[length:], errors="ignore", v_to_u=False))
    return (SURNAMES.get(name[:length], "") + rest).replace("v", "u")
