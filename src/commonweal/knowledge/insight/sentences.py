"""A finding in words a person can read aloud, in both languages. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commonweal.register.models import Text

Words = dict[str, str]

CAUTION: Words = {
    "en": "This is an association, not cause: it does not show that one brings about the other.",
    "zh-hans": "是关联，不是因果：这并不说明其中一项导致了另一项。",
}

SMALL: Words = {
    "en": "Figures with fewer than ten cases behind them are not shown.",
    "zh-hans": "不足十件的数字不予显示。",
}

KINDS: dict[str, Words] = {
    "association": {"en": "Move together", "zh-hans": "一同变动"},
    "between": {"en": "Differ together between places", "zh-hans": "地区间同高同低"},
    "trend-only": {"en": "Only share a trend", "zh-hans": "只是趋势相同"},
    "size-only": {"en": "Only larger in larger places", "zh-hans": "只因地区规模不同"},
    "same-measure": {"en": "The same measure", "zh-hans": "同一指标"},
    "part-of-total": {"en": "Part and whole", "zh-hans": "部分与总体"},
}
STATES: dict[str, Words] = {
    "candidate": {"en": "Candidate", "zh-hans": "待证实"},
    "confirmed": {"en": "Confirmed on later data", "zh-hans": "已由后续数据证实"},
    "refuted": {"en": "Not confirmed", "zh-hans": "未获证实"},
    "acted-on": {"en": "Acted on", "zh-hans": "已采取措施"},
}
VERDICTS: dict[str, Words] = {
    "confirmed": {"en": "It holds on data that came later.", "zh-hans": "在后来的数据中依然成立。"},
    "refuted": {"en": "It does not hold on data that came later.", "zh-hans": "在后来的数据中不再成立。"},
    "undecided": {"en": "The data that came later are too few to say.", "zh-hans": "后来的数据还太少，无法判断。"},
    "none": {"en": "No data have come later yet.", "zh-hans": "尚无后来的数据。"},
}
TURNS: dict[str, Words] = {
    "found": {"en": "Found", "zh-hans": "发现"},
    "confirmed": {"en": "Confirmed on later data", "zh-hans": "由后续数据证实"},
    "refuted": {"en": "Not confirmed by later data", "zh-hans": "未获后续数据证实"},
    "assigned": {"en": "Given as a task to", "zh-hans": "交办"},
    "acted": {"en": "Acted on by", "zh-hans": "已采取措施"},
    "declined": {"en": "Nothing is done, says", "zh-hans": "说明不采取措施"},
}
ASSIGNED: dict[str, Words] = {
    "open": {"en": "To be done", "zh-hans": "待办"},
    "done": {"en": "Done", "zh-hans": "已办"},
    "declined": {"en": "Declined", "zh-hans": "不采取措施"},
}
VIEWS: dict[str, tuple[Words, Words]] = {
    "level": (
        {"en": "As published", "zh-hans": "按公布值"},
        {
            "en": "All rows as they are, trends and lasting differences included",
            "zh-hans": "全部数据，含趋势与长期差异",
        },
    ),
    "between": (
        {"en": "Between places", "zh-hans": "地区之间"},
        {"en": "Averages of places compared with each other", "zh-hans": "比较各地区的平均值"},
    ),
    "within": (
        {"en": "Within places over time", "zh-hans": "地区内随时间"},
        {
            "en": "Each place compared with itself, after what moved everywhere at once is taken out",
            "zh-hans": "各地区与自身比较，并剔除各地同时发生的变化",
        },
    ),
    "follow": (
        {"en": "Within places, trend included", "zh-hans": "地区内（含共同趋势）"},
        {"en": "Each place compared with itself over time", "zh-hans": "各地区与自身不同时期比较"},
    ),
    "changes": (
        {"en": "Changes", "zh-hans": "逐期变化"},
        {"en": "Change from one period to the next", "zh-hans": "每一期相对上一期的变化"},
    ),
    "trend": (
        {"en": "Common trend", "zh-hans": "共同趋势"},
        {"en": "Averages of all places, period by period", "zh-hans": "所有地区逐期平均"},
    ),
    "ranks": (
        {"en": "By rank (Spearman)", "zh-hans": "按排名（斯皮尔曼）"},
        {"en": "Only the order counts, so single extremes weigh little", "zh-hans": "只看次序，极端值影响小"},
    ),
}
_REASONS: dict[str, Words] = {
    "other-differences": {
        "en": "Places differ in many ways at once (wealth, age, town or country); any of these may lie behind both.",
        "zh-hans": "各地区同时在许多方面不同（贫富、年龄、城乡），其中任何一项都可能同时影响两者。",
    },
    "common-cause": {
        "en": "Something else that changed in the same places at the same time may move both.",
        "zh-hans": "同一时间同一地区发生的其他变化，可能同时影响两者。",
    },
    "drift": {
        "en": "Changes from one period to the next do not move together; a slow development may lie behind both.",
        "zh-hans": "逐期变化并不同步，背后可能是某种缓慢的发展。",
    },
    "fragile": {
        "en": "One place alone moves the figure by {by}; look at it first.",
        "zh-hans": "仅一个地区就能使系数变动{by}，请先查看该地区。",
    },
    "few": {"en": "Only {n} places could be compared.", "zh-hans": "可比较的地区只有{n}个。"},
    "reversed": {
        "en": "Between places and over time the two point in opposite directions.",
        "zh-hans": "地区之间与随时间变化的方向相反。",
    },
    "averaged": {
        "en": "The datasets share too few periods, so each place's average over its own years was compared.",
        "zh-hans": "两个数据集的共同时期太少，因此比较的是各地区各自年份的平均值。",
    },
    "size": {
        "en": "One side is a count: large places have more of most things.",
        "zh-hans": "其中一项是数量：大地区的多数数量都更大。",
    },
    "shrinks": {
        "en": "Taking {name} into account, it shrinks from {before} to {after}.",
        "zh-hans": "考虑{name}之后，系数由{before}减为{after}。",
    },
    "stands": {
        "en": "It stands when any one of {count} other columns is taken into account (least: {after}, with {name}).",
        "zh-hans": "分别考虑其他{count}项指标后仍然成立（最小为{after}，考虑{name}时）。",
    },
    "reverse": {
        "en": "The influence may run the other way round, from {right} to {left}.",
        "zh-hans": "影响也可能是反方向的，即由{right}到{left}。",
    },
}


def sentence(kind: str, design: str, effect: float, left: Text, right: Text, facts: Mapping[str, Any]) -> Words:
    """One sentence. `facts`: places (Text, plural), entities, publishers (two Texts), grew (two signs)."""
    return {
        "en": _english(kind, design, effect, left.say("en"), right.say("en"), facts),
        "zh-hans": _chinese(kind, design, effect, left.say("zh-hans"), right.say("zh-hans"), facts),
    }


def _low(name: str) -> str:
    """A name inside an English sentence: no capital, unless it is an abbreviation."""
    return name if len(name) > 1 and name[1].isupper() else name[:1].lower() + name[1:]


def _english(kind: str, design: str, effect: float, left: str, right: str, facts: Mapping[str, Any]) -> str:
    up, n = effect > 0, facts["entities"]
    places = _low(facts["places"].say("en"))
    more, too = ("higher" if up else "lower"), (" too" if up else "")
    if kind == "between":
        return f"Where {_low(left)} is higher, {_low(right)} tends to be {more}{too} ({n} {places} compared)."
    if kind == "association" and design == "series":
        way = "go up too" if up else "go down"
        return f"In years when {_low(left)} goes up, {_low(right)} tends to {way} ({n} years compared)."
    if kind == "association":
        return (
            f"When {_low(left)} is higher than usual in a place, {_low(right)} tends to be {more}{too} there "
            f"({n} {places} followed over time)."
        )
    if kind == "trend-only":
        first, second = facts.get("grew", (1, 1))
        if first == second:
            together = f"{left} and {_low(right)} both only {'grow' if first > 0 else 'fall'} over time"
        else:
            ways = ["grows" if sign > 0 else "falls" for sign in (first, second)]
            together = f"{left} only {ways[0]} over time while {_low(right)} {ways[1]}"
        return f"{together}; beyond that they do not go together."
    if kind == "size-only":
        return f"{left} and {_low(right)} are both only larger where more people live ({n} {places} compared)."
    if kind == "same-measure":
        one, other = (p.say("en") for p in facts["publishers"])
        if left == right and one != other:
            return f"{left} is published twice, by {one} and by {other}: the same measure."
        if left == right:
            return f"{left} stands in two datasets: the same measure."
        return f"{left} and {_low(right)} are the same measure."
    return f"{left} and {_low(right)} are part and whole of one total, so they rise together."


def _chinese(kind: str, design: str, effect: float, left: str, right: str, facts: Mapping[str, Any]) -> str:
    up, n = effect > 0, facts["entities"]
    places = facts["places"].say("zh-hans")
    more = "往往也较高" if up else "往往较低"
    if kind == "between":
        return f"{left}较高的地方，{right}{more}（比较了{n}个{places}）。"
    if kind == "association" and design == "series":
        return f"在{left}上升的年份，{right}往往{'也上升' if up else '下降'}（比较了{n}年）。"
    if kind == "association":
        return f"某地{left}高于平常时，当地{right}{more}（长期跟踪{n}个{places}）。"
    if kind == "trend-only":
        first, second = facts.get("grew", (1, 1))
        words = {1: "上升", -1: "下降"}
        if first == second:
            return f"{left}与{right}只是都随时间{words[first]}，除此之外并无关联。"
        return f"随着时间推移，{left}{words[first]}而{right}{words[second]}，除此之外并无关联。"
    if kind == "size-only":
        return f"{left}与{right}只是在人口较多的地方都较大（比较了{n}个{places}），除此之外并无关联。"
    if kind == "same-measure":
        one, other = (p.say("zh-hans") for p in facts["publishers"])
        if left == right and one != other:
            return f"“{left}”由{one}和{other}分别公布，是同一指标。"
        if left == right:
            return f"“{left}”出现在两个数据集中，是同一指标。"
        return f"“{left}”与“{right}”是同一指标。"
    return f"“{left}”与“{right}”是同一总量的部分与总体，自然同升同降。"


def reason(code: str, facts: Mapping[str, Any]) -> Words:
    """What else could explain a finding, in words. Facts that are Texts or word maps are put in by language."""
    words = _REASONS[code]

    def said(value: Any, language: str) -> Any:
        named = value[language] if isinstance(value, dict) and language in value else value
        return _low(named) if isinstance(named, str) and language == "en" else named

    return {
        language: template.format(**{name: said(value, language) for name, value in facts.items()})
        for language, template in words.items()
    }


def method(design: str, view: str, logs: tuple[bool, bool], pairs: int) -> Words:
    """How it was computed, in words."""
    designs = {
        "panel": ("Places followed over time", "跟踪各地区随时间的变化"),
        "places": ("Places compared with each other", "各地区相互比较"),
        "series": ("One series beside another over time", "两个时间序列相互比较"),
    }
    english, chinese = designs[design]
    name, _ = VIEWS[view]
    log_english = "" if not any(logs) else " Columns that span several powers of ten are on a logarithmic scale."
    log_chinese = "" if not any(logs) else "跨越多个数量级的指标取对数。"
    return {
        "en": f"{english}; Pearson correlation, {_low(name['en'])}; 95 % interval, rows of one place counted as "
        f"depending on each other; p adjusted for {pairs} pairs (Benjamini–Hochberg).{log_english}",
        "zh-hans": f"{chinese}；皮尔逊相关系数（{name['zh-hans']}）；95%区间，同一地区的数据视为相互依赖；"
        f"p值按{pairs}对比较校正（Benjamini–Hochberg）。{log_chinese}",
    }
