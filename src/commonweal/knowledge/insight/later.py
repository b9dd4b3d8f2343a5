"""Does a finding hold on data that came later? Rows after those it was found in, measured the same way. Pure.

What was chosen among thousands because it looked strong looks weaker when it is measured again; only rows that had no
part in the choice can confirm it. So a finding remembers, for each of its two datasets, the last day it was found in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from commonweal.knowledge.insight.engine import Column, associate
from commonweal.knowledge.insight.estimates import Codes, Estimate, Numbers
from commonweal.knowledge.insight.frames import Frame, Grain, Measure, rows_where
from commonweal.knowledge.insight.joining import join
from commonweal.register.models import Region

Verdict = Literal["confirmed", "refuted", "undecided", "none"]
EPOCH = date(1970, 1, 1)
_MONTHS: dict[Grain, int] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Again:
    """A pair measured on other rows: the estimate of its view (None where too few rows are left), places, and the
    means of both columns over those rows."""

    estimate: Estimate | None
    entities: int = 0
    means: tuple[float, float] | None = None


def first_days(frame: Frame) -> Codes | None:
    """The day (since 1970) on which each row's period begins; None where rows tell no time."""
    if frame.time is None or frame.grain is None:
        return None
    if frame.grain == "day":
        return frame.time
    months = frame.time * _MONTHS[frame.grain] - 1970 * 12
    told: Codes = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return told


def last_day(frame: Frame) -> int | None:
    """The last of them; None where rows tell no time."""
    days = first_days(frame)
    return int(days.max()) if days is not None and len(days) else None


def after(frame: Frame, day: int | None) -> Frame:
    """The rows whose period begins after a day; all of them where rows tell no time or no day is given."""
    days = first_days(frame)
    return frame if days is None or day is None else rows_where(frame, days > day)


def until(frame: Frame, day: int) -> Frame:
    """The rows whose period begins on or before a day."""
    days = first_days(frame)
    return frame if days is None else rows_where(frame, days <= day)


def again(left: tuple[Frame, str], right: tuple[Frame, str], view: str, regions: Mapping[str, Region]) -> Again:
    """A pair of columns (frame and column name) measured in one view over whatever rows the frames hold."""
    joined = join(left[0], right[0], regions)
    if joined is None:
        return Again(None)
    x, y = _column(joined.left, joined.left_rows, left[1]), _column(joined.right, joined.right_rows, right[1])
    if x is None or y is None:
        return Again(None)
    found = associate(x, y, joined.place, joined.time)
    if found.withheld is not None or view not in found.views:
        return Again(None, found.entities)
    here = np.isfinite(x.values) & np.isfinite(y.values)
    means = (float(x.values[here].mean()), float(y.values[here].mean()))
    return Again(found.views[view], found.entities, means)


def _column(frame: Frame, rows: Codes, name: str) -> Column | None:
    measure: Measure | None = next((m for m in frame.measures if m.name == name), None)
    if measure is None:
        return None
    values: Numbers = measure.values[rows]
    return Column(values, measure)


def judge(effect: float, floor: float, now: Estimate | None) -> Verdict:
    """What later rows say of a finding with an `effect`, of which `floor` (its interval's nearer end) was sure.

    Confirmed: the same direction, and the 95 % interval leaves nothing out. Refuted: the interval lies wholly short of
    what was sure, so that later rows would have shown it if it were there. Undecided: they are too few to say.
    """
    if now is None:
        return "none"
    sign = 1.0 if effect >= 0 else -1.0
    low, high = sorted((sign * now.low, sign * now.high))
    if low > 0:
        return "confirmed"
    return "refuted" if high < floor else "undecided"
