"""Years, quarters, months and days as people write them in a key, and the same at a coarser grain. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from commonweal.knowledge.insight.frames import GRAINS, Grain

Moment = tuple[int, int, int]
"""Year, month and day; the later ones 1 where the grain is coarser."""

_Y = r"(1[5-9]\d\d|2[01]\d\d)"
_FORMS: tuple[tuple[Grain, re.Pattern[str]], ...] = (
    ("year", re.compile(_Y + r"(?:\.0)?年?")),
    ("quarter", re.compile(_Y + r"[-/ ]?[qQ]([1-4])")),
    ("quarter", re.compile(_Y + r"年第?([1-4])季度?")),
    ("month", re.compile(_Y + r"[-/](\d{1,2})")),
    ("month", re.compile(_Y + r"年(\d{1,2})月")),
    ("day", re.compile(_Y + r"[-/](\d{1,2})[-/](\d{1,2})(?:[T ][\d:.+Z-]*)?")),
    ("day", re.compile(_Y + r"年(\d{1,2})月(\d{1,2})日")),
    ("day", re.compile(r"((?:19|2[01])\d\d)(\d\d)(\d\d)")),
)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\." + _Y)
_STARTS = (1, 4, 7, 10)


def read(value: str) -> tuple[Grain, Moment] | None:
    """One period and its grain; None for what is none. 03/04/2020 is none: it may be March or April."""
    text = value.strip()
    dotted = _DOTTED.fullmatch(text)
    if dotted:
        return _valid("day", (int(dotted[3]), int(dotted[2]), int(dotted[1])))
    for grain, form in _FORMS:
        found = form.fullmatch(text)
        if found:
            parts = [int(part) for part in found.groups()]
            if grain == "quarter":
                parts[1] = 3 * parts[1] - 2
            year, month, day = (*parts, 1, 1)[:3]
            return _valid(grain, (year, month, day))
    return None


def _valid(grain: Grain, moment: Moment) -> tuple[Grain, Moment] | None:
    try:
        date(*moment)
    except ValueError:
        return None
    return grain, moment


def grain_of(values: Iterable[str | None]) -> Grain | None:
    """The grain of a key column: that of all its values; None when any of them is no period or they differ.

    Days that are all the first of a year, quarter or month stand for it.
    """
    moments: list[Moment] = []
    grains: set[Grain] = set()
    for value in {each for each in values if each is not None}:
        told = read(value)
        if told is None:
            return None
        grains.add(told[0])
        moments.append(told[1])
    if len(grains) != 1:
        return None
    (grain,) = grains
    return _meant(moments) if grain == "day" and len(moments) > 1 else grain


def _meant(days: Sequence[Moment]) -> Grain:
    ends = {each[1:] for each in days}
    if ends in ({(1, 1)}, {(12, 31)}):
        return "year"
    if all(day == 1 for _, day in ends):
        return "quarter" if all(month in _STARTS for month, _ in ends) else "month"
    return "day"


def coarser(one: Grain | None, other: Grain | None) -> Grain | None:
    """The coarser of two grains; None when either is no period, so that values are compared as they are written."""
    if one is None or other is None:
        return None
    return GRAINS[max(GRAINS.index(one), GRAINS.index(other))]


def at(value: str | None, grain: Grain) -> str | None:
    """A period as `2020`, `2020-Q1`, `2020-03` or `2020-03-31`; None for what is none."""
    told = read(value) if value is not None else None
    if told is None:
        return None
    year, month, day = told[1]
    if grain == "year":
        return f"{year:04d}"
    if grain == "quarter":
        return f"{year:04d}-Q{(month + 2) // 3}"
    return f"{year:04d}-{month:02d}" if grain == "month" else f"{year:04d}-{month:02d}-{day:02d}"
