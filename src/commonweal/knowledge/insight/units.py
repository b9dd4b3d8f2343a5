"""Units in both languages. Declared units are one text; the common ones are known here."""

from __future__ import annotations

_CHINESE = {
    "%": "%",
    "persons": "人",
    "people": "人",
    "children": "个",
    "years": "年",
    "days": "天",
    "working days": "工作日",
    "months": "个月",
    "hours": "小时",
    "minutes": "分钟",
    "cases": "件",
    "per 10,000": "每万人",
    "mm": "毫米",
    "books": "册",
    "km": "公里",
    "m2": "平方米",
    "dollars a year": "美元/年",
    "per 10,000 people": "每万人",
    "per 1,000 people": "每千人",
    "per 100,000 people": "每10万人",
}


def unit_in(unit: str | None, language: str) -> str | None:
    """The unit as it is written in a language; an unknown unit as declared."""
    if unit is None or not language.startswith("zh"):
        return unit
    return _CHINESE.get(unit, unit)
