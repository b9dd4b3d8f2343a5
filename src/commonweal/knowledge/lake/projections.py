"""The record as tables. A dataset with a `journal` source names one of these as its projection.

case-steps             a row per decided step
service-performance    a row per region, month and service
region-performance     a row per region and month, all services together
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from commonweal.core.declared import queries as declared
from commonweal.core.errors import Refused
from commonweal.knowledge.lake.checking import ROW
from commonweal.knowledge.lake.models import CaseFact, StepFact
from commonweal.knowledge.lake.record import read_record
from commonweal.register.calendars import WorkingCalendar

DAY = 86400.0
CHUNK = 5000
_STEP = (
    "case", "step", "turn", "service", "organisation", "post", "region", "opened", "decided", "working_days",
    "outcome", "overdue",
)  # fmt: skip
_CASE = (
    "service", "organisation", "region", "opened", "closed", "outcome", "returned", "working_days", "overdue",
)  # fmt: skip


def rows(projection: str) -> pa.Table:
    """A projection as rows of text with `__row`, after the record has been read to its end."""
    build = PROJECTIONS.get(projection)
    if build is None:
        raise Refused(
            "no-projection", f"There is no projection {projection!r}; there are: {', '.join(sorted(PROJECTIONS))}"
        )
    jurisdiction = declared.current().jurisdiction
    read_record(WorkingCalendar.of(jurisdiction))
    return build(ZoneInfo(jurisdiction.timezone))


def _numbered(columns: dict[str, Sequence[object]]) -> pa.Table:
    length = len(next(iter(columns.values()), ()))
    arrays = {name: pa.array([_text(v) for v in values], pa.string()) for name, values in columns.items()}
    return pa.table({**arrays, ROW: pa.array(np.arange(1, length + 1), pa.int64())})


def _text(value: object) -> str | None:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(round(value, 4)) if isinstance(value, float) else str(value)


def case_steps(zone: ZoneInfo) -> pa.Table:
    """Every decided step: where, who, how long in working and calendar days, how it ended."""
    facts = list(StepFact.objects.order_by("case", "step", "turn").values_list(*_STEP).iterator(CHUNK))
    columns: dict[str, Sequence[object]] = dict(zip(_STEP, zip(*facts, strict=True), strict=True)) if facts else {}
    columns = columns or dict.fromkeys(_STEP, ())
    opened: Iterable[datetime] = columns["opened"]  # type: ignore[assignment]
    decided: Iterable[datetime] = columns["decided"]  # type: ignore[assignment]
    columns["elapsed_days"] = [(b - a).total_seconds() / DAY for a, b in zip(opened, decided, strict=True)]
    columns["opened"] = [_day(m, zone) for m in columns["opened"]]  # type: ignore[arg-type]
    columns["decided"] = [_day(m, zone) for m in columns["decided"]]  # type: ignore[arg-type]
    return _numbered(columns)


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).date().isoformat()


def _month(moment: datetime, zone: ZoneInfo) -> str:
    """The month's first day: a period column is a date, and dates that all begin a month are months."""
    return f"{moment.astimezone(zone):%Y-%m}-01"


class Tally:
    """Cases of one region and month (and service): opened in the month, and those closed in it."""

    def __init__(self) -> None:
        self.opened = 0
        self.days: list[float] = []
        self.refused = self.overdue = self.returned = 0

    def close(self, days: float, outcome: str, returned: bool, overdue: bool) -> None:
        """Count one case that was closed."""
        self.days.append(days)
        self.refused += outcome == "refused"
        self.overdue += overdue
        self.returned += returned

    def figures(self) -> tuple[object, ...]:
        """Opened, closed, median working days and the shares (percent of those closed) of refused, overdue and
        returned; None for what no closed case can tell."""
        closed = len(self.days)
        if not closed:
            return self.opened, 0, None, None, None, None
        shares = (100.0 * part / closed for part in (self.refused, self.overdue, self.returned))
        return self.opened, closed, float(np.median(self.days)), *shares


FIGURES = ("cases_opened", "cases_closed", "median_days", "share_refused", "share_overdue", "share_returned")


def _performance(zone: ZoneInfo, by_service: bool) -> pa.Table:
    tallies: dict[tuple[str, ...], Tally] = {}

    def tally(region: str, moment: datetime, service: str) -> Tally:
        key = (region, _month(moment, zone), service) if by_service else (region, _month(moment, zone))
        return tallies.setdefault(key, Tally())

    facts = CaseFact.objects.exclude(region="").values_list(*_CASE)
    for service, _, region, opened, closed, outcome, returned, days, overdue in facts.iterator(CHUNK):
        tally(region, opened, service).opened += 1
        if closed is not None and days is not None:
            tally(region, closed, service).close(days, outcome, returned, overdue)
    names = ("region", "month", "service") if by_service else ("region", "month")
    lines = [(*key, *tallies[key].figures()) for key in sorted(tallies)]
    columns = list(zip(*lines, strict=True)) or [()] * (len(names) + len(FIGURES))
    return _numbered(dict(zip((*names, *FIGURES), columns, strict=True)))


PROJECTIONS: dict[str, Callable[[ZoneInfo], pa.Table]] = {
    "case-steps": case_steps,
    "service-performance": lambda zone: _performance(zone, by_service=True),
    "region-performance": lambda zone: _performance(zone, by_service=False),
}
