"""From a profile to a plan: what each column is, and why each that is not compared is left out."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import numpy as np

from commonweal.core.errors import Refused
from commonweal.knowledge.insight.measures.plan import Floats, LeftOut, Plan
from commonweal.knowledge.insight.measures.profile import MOST_VALUES, Profile, Seen

Kind = Literal["number", "category"]
NUMERIC_SHARE = 0.9
"""A column of text is of numbers when this share of what stands in it is."""
FEWEST = 10
MOST_CATEGORIES = 200
MOST_GIVEN = MOST_VALUES
MOST_BINS = 16
KNOTS = 4_097
ROWS_A_BIN = 5
"""Rows that a cell of two binned columns should hold on average."""

REASONS = {
    "en": {
        "empty": "empty",
        "constant": "constant",
        "nested": "lists or objects, not single values",
        "few": "only {n} values",
        "codes": "codes with leading zeros",
        "counts-rows": "row numbers",
        "all-different": "a different value in every row: names or identifiers",
        "many": "{n} different values: neither numbers nor a few categories",
        "very-many": "more than {n} different values: neither numbers nor a few categories",
        "giant": "one category holds all but {n} rows",
        "endless": "figures too large to be multiplied",
        "weight": "the weights",
    },
    "zh": {
        "empty": "没有数据",
        "constant": "只有一个值",
        "nested": "内容是列表或对象，不是单个值",
        "few": "只有{n}个值",
        "codes": "以零开头的代码",
        "counts-rows": "行号",
        "all-different": "每行的值都不同，应为名称或标识",
        "many": "有{n}个不同的值，既不是数值，也不是少数几类",
        "very-many": "不同的值超过{n}个，既不是数值，也不是少数几类",
        "giant": "除{n}行外都属于同一类",
        "endless": "数值过大，无法相乘",
        "weight": "权重列",
    },
}


def reason(left_out: LeftOut, language: str) -> str:
    """Why a column is left out, in words (`en` or `zh`)."""
    return REASONS[language][left_out.why].format(n=left_out.figure)


def decide(profile: Profile, *, weight: str | None = None, given: Collection[str] = (), nonlinear: bool = True) -> Plan:
    """The plan for comparing a profile's columns.

    With `nonlinear`, numbers also get bins and, where not every row can be held, knots for ranks. Raises Refused when
    the weights or a given column cannot serve.
    """
    numbers: list[tuple[int, Seen]] = []
    categories: list[tuple[int, Seen]] = []
    left_out: list[LeftOut] = []
    for j, seen in enumerate(profile.columns):
        if seen.name == weight:
            _check_weight(seen)
            left_out.append(LeftOut(seen.name, "weight"))
            continue
        what = kind_of(seen, absorbed=seen.name in given)
        if isinstance(what, str):
            (numbers if what == "number" else categories).append((j, seen))
        elif seen.name in given:
            raise Refused("given", f"{seen.name!r} cannot be held constant: {reason(what, 'en')}")
        else:
            left_out.append(what)
    whole = profile.sample.limit > 0 and profile.sample.whole
    held = [profile.sample.values[j] for j, _ in numbers] if nonlinear else []
    return Plan(
        numbers=tuple(s.name for _, s in numbers),
        categories=tuple(s.name for _, s in categories),
        kinds=tuple(tuple(sorted(s.values or ())) for _, s in categories),
        centres=np.array([s.total / s.numbers for _, s in numbers]),
        edges=tuple(bin_edges(v, profile.rows) for v in held),
        knots=() if whole else tuple(knots(v) for v in held),
        weight=weight,
        given=tuple(given),
        hold=profile.sample.limit,
        whole=whole,
        left_out=tuple(left_out),
    )


def _check_weight(seen: Seen) -> None:
    if seen.nested or seen.numbers < FEWEST or seen.high <= 0:
        raise Refused("weight", f"{seen.name!r} holds no positive numbers to weigh rows with")
    if seen.low < 0:
        raise Refused("weight", f"{seen.name!r} holds negative numbers; a weight says how many cases a row stands for")


def kind_of(seen: Seen, *, absorbed: bool = False) -> Kind | LeftOut:
    """`number`, `category`, or why it is neither. `absorbed` allows names that repeat little, as given columns."""
    if seen.nested:
        return LeftOut(seen.name, "nested")
    if seen.present == 0:
        return LeftOut(seen.name, "empty")
    told = seen.numbers + seen.wrong + seen.infinite
    if seen.numbers and (seen.typed or (seen.numbers >= FEWEST and seen.numbers >= NUMERIC_SHARE * told)):
        return _number(seen, absorbed)
    return _category(seen, absorbed)


def _number(seen: Seen, absorbed: bool) -> Kind | LeftOut:
    if seen.zeros > 0.05 * max(1, seen.present):
        return _category(seen, absorbed, "codes")
    if seen.low == seen.high:
        return LeftOut(seen.name, "constant")
    if seen.numbers < FEWEST:
        return LeftOut(seen.name, "few", seen.numbers)
    if seen.counts_rows:
        return LeftOut(seen.name, "counts-rows")
    if not np.isfinite(seen.squares) or max(abs(seen.low), abs(seen.high)) > 1e150:
        return LeftOut(seen.name, "endless")
    return "number"


def _category(seen: Seen, absorbed: bool, else_why: str | None = None) -> Kind | LeftOut:
    if seen.values is None:
        return LeftOut(seen.name, else_why or "very-many", seen.most)
    kinds, present = len(seen.values), sum(seen.values.values())
    if kinds == 1:
        return LeftOut(seen.name, "constant")
    if absorbed and kinds <= min(MOST_GIVEN, present // 2):
        return "category"
    if kinds == present:
        return LeftOut(seen.name, else_why or "all-different")
    if present < 2 * FEWEST:
        return LeftOut(seen.name, "few", present)
    if kinds > min(MOST_CATEGORIES, present // FEWEST_A_KIND):
        return LeftOut(seen.name, else_why or "many", kinds)
    rest = present - max(seen.values.values())
    return LeftOut(seen.name, "giant", rest) if rest < FEWEST else "category"


FEWEST_A_KIND = 5
"""Rows a category should hold on average."""


def bin_edges(values: Floats, rows: int) -> Floats:
    """Inner edges of at most MOST_BINS bins of equal share; fewer for few rows or few different values."""
    values = values[np.isfinite(values)]
    count = int(np.clip(np.sqrt(rows / ROWS_A_BIN), 2, MOST_BINS))
    if not len(values):
        return np.zeros(0)
    edges = np.unique(np.quantile(values, np.linspace(0, 1, count + 1)[1:-1], method="inverted_cdf"))
    return edges[edges < values.max()]


def knots(values: Floats) -> tuple[Floats, Floats]:
    """Values and the mid-rank (0 to 1) of each, at most KNOTS of them; ranks of other values lie between."""
    values = np.sort(values[np.isfinite(values)])
    if not len(values):
        return np.zeros(0), np.zeros(0)
    at, first, counts = np.unique(values, return_index=True, return_counts=True)
    middle = (first + counts / 2) / len(values)
    if len(at) > KNOTS:
        keep = np.unique(np.linspace(0, len(at) - 1, KNOTS).astype(int))
        at, middle = at[keep], middle[keep]
    return at, middle
