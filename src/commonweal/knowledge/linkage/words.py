"""The evidence in plain words, in both languages."""

from __future__ import annotations

FACTS = {
    "name": {"en": "Name", "zh-hans": "姓名"},
    "birth-date": {"en": "Date of birth", "zh-hans": "出生日期"},
    "address": {"en": "Address", "zh-hans": "地址"},
    "phone": {"en": "Phone", "zh-hans": "电话"},
    "code": {"en": "Code", "zh-hans": "代码"},
}
DEGREES = {
    "unknown": {"en": "not known on one side", "zh-hans": "一方缺失"},
    "scripts": {"en": "in two scripts, not alike by sound", "zh-hans": "文字不同，读音不合"},
    "same": {"en": "the same", "zh-hans": "一致"},
    "sounds": {"en": "the same by sound", "zh-hans": "读音一致"},
    "turned": {"en": "the same, in another order", "zh-hans": "一致，仅顺序颠倒"},
    "nearly": {"en": "nearly the same", "zh-hans": "几乎一致"},
    "nearly-turned": {"en": "nearly the same, in another order", "zh-hans": "顺序颠倒，几乎一致"},
    "most": {"en": "mostly the same", "zh-hans": "大部分一致"},
    "part": {"en": "the same in part", "zh-hans": "部分一致"},
    "family": {"en": "the same family name only", "zh-hans": "仅姓氏一致"},
    "given": {"en": "the same given name only", "zh-hans": "仅名字一致"},
    "alike": {"en": "somewhat alike", "zh-hans": "略有相似"},
    "one-slip": {"en": "one character differs", "zh-hans": "仅一字之差"},
    "two-parts": {"en": "two parts of three are the same", "zh-hans": "年月日中两项一致"},
    "year": {"en": "the same year only", "zh-hans": "仅年份一致"},
    "different": {"en": "different", "zh-hans": "不同"},
}
_AGREES = ("same", "turned")
_NEAR = ("sounds", "nearly", "nearly-turned", "most", "one-slip", "two-parts", "part", "family", "given")


def mood(level: str) -> str:
    """agrees, near, differs or unknown: how a degree is marked."""
    if level in ("unknown", "scripts"):
        return "unknown"
    return "agrees" if level in _AGREES else "near" if level in _NEAR else "differs"


def weighs(weight: float) -> dict[str, str]:
    """What a weight (log2 of how much likelier among the same than among strangers) means."""
    if abs(weight) < 0.5:
        return {"en": "says nothing either way", "zh-hans": "难以说明问题"}
    times = min(10**6, round(2 ** abs(weight)))
    shown = f"{_rounded(times):,}"
    if weight > 0:
        return {
            "en": f"{shown} times likelier if it is the same person",
            "zh-hans": f"若为同一人，出现这种情况的可能性是陌生人的 {shown} 倍",
        }
    return {
        "en": f"{shown} times likelier if it is somebody else",
        "zh-hans": f"若为不同的人，出现这种情况的可能性是同一人的 {shown} 倍",
    }


def odds(probability: float) -> dict[str, str]:
    """A probability as people count: of ten such pairs so many are the same person."""
    of = 10 if 0.05 <= probability <= 0.95 else 100
    count = min(of - 1, max(1, round(of * probability)))
    return {
        "en": f"Of {of} pairs like this, about {count} are the same person.",
        "zh-hans": f"每 {of} 对类似记录中，约有 {count} 对是同一人。",
    }


def _rounded(number: int) -> int:
    """Two significant figures: more would promise too much."""
    if number < 100:
        return number
    size = 10 ** (len(str(number)) - 2)
    return round(number / size) * size
