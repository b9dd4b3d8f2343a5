"""The cockpit's five figures and its ranked regions, from the record of the office's own work. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

import numpy as np
import pyarrow as pa

from commonweal.knowledge.insight.estimates import Numbers
from commonweal.knowledge.insight.sentences import SMALL
from commonweal.knowledge.insight.views import Overview, RegionBar, Tile, TrendPoint
from commonweal.register.models import Region, Text

FEWEST = 10
MONTHS = 13
_TILES: tuple[tuple[str, str, Literal["cases", "days", "share"], Literal["up", "down", "none"], str, str], ...] = (
    ("cases", "cases_opened", "cases", "none", "Cases last month", "上月受理件数"),
    ("median_days", "median_days", "days", "down", "Working days to a decision", "办结用时（工作日）"),
    ("overdue", "share_overdue", "share", "down", "Overdue", "超期比例"),
    ("refused", "share_refused", "share", "none", "Refused", "不予办理比例"),
    ("returned", "share_returned", "share", "down", "Returned for correction", "退回补正比例"),
)


def overview(table: pa.Table, regions: Mapping[str, Region], as_of: date, only: frozenset[str] | None) -> Overview:
    """The five figures of the last full month with their trend, and regions ranked by days to a decision.

    `table` is region-performance; `only` limits it to some regions. A share or median over several regions is
    weighted by the cases closed.
    """
    where = np.array(table.column("region").to_pylist(), dtype=object)
    months = np.array([f"{day:%Y-%m}" for day in table.column("month").to_pylist()], dtype=object)
    keep = np.ones(len(table), dtype=bool) if only is None else np.isin(where, sorted(only))
    columns = {n: _column(table, n)[keep] for n in table.column_names if n not in ("region", "month")}
    where, months = where[keep], months[keep]
    current = f"{as_of:%Y-%m}"
    shown = [m for m in sorted(set(months)) if m < current][-MONTHS:]
    tiles = tuple(_tile(spec, shown, months, columns) for spec in _TILES) if shown else ()
    year = set(shown[-12:])
    recent = np.array([m in year for m in months], dtype=bool)
    return Overview(as_of, tiles, _bars(where, columns, recent, regions), Text(SMALL))


def _column(table: pa.Table, name: str) -> Numbers:
    return np.array([np.nan if v is None else float(v) for v in table.column(name).to_pylist()])


def _weighted(values: Numbers, weight: Numbers) -> tuple[float | None, int]:
    """Weighted mean and the cases behind it; None under ten cases."""
    here = np.isfinite(values) & (weight > 0)
    behind = float(weight[here].sum())
    if behind < FEWEST:
        return None, int(behind)
    return float(np.sum(values[here] * weight[here]) / behind), int(behind)


def _figure(column: str, rows: np.ndarray, columns: Mapping[str, Numbers]) -> tuple[float | None, int]:
    if column == "cases_opened":
        total = float(np.nansum(columns[column][rows]))
        return (total if total >= FEWEST else None), int(total)
    return _weighted(columns[column][rows], np.nan_to_num(columns["cases_closed"][rows]))


def _tile(spec: tuple, shown: list[str], months: np.ndarray, columns: Mapping[str, Numbers]) -> Tile:
    key, column, unit, better, english, chinese = spec
    figures = [_figure(column, months == month, columns) for month in shown]
    trend = tuple(TrendPoint(month, value) for month, (value, _) in zip(shown, figures, strict=True))
    value, behind = figures[-1]
    previous = figures[-2][0] if len(figures) > 1 else None
    return Tile(key, Text({"en": english, "zh-hans": chinese}), value, unit, previous, trend, better, behind)


def _bars(
    where: np.ndarray, columns: Mapping[str, Numbers], recent: np.ndarray, regions: Mapping[str, Region]
) -> tuple[RegionBar, ...]:
    bars = []
    for region in sorted(set(where)):
        value, behind = _figure("median_days", (where == region) & recent, columns)
        name = regions[region].name if region in regions else Text({"en": region})
        bars.append(RegionBar(region, name, value, behind))
    return tuple(sorted(bars, key=lambda b: (b.value is None, -(b.value or 0.0), b.region)))
