"""Periods as people write them. Pure."""

from __future__ import annotations

from datetime import date, timedelta


def written(period: int, grain: str | None) -> str:
    """`2013`, `2013-Q2`, `2013-05`, `2013-05-07` of a period's number (see `frames`)."""
    if grain == "year" or grain is None:
        return str(period)
    if grain == "month":
        return f"{period // 12:04d}-{period % 12 + 1:02d}"
    if grain == "quarter":
        return f"{period // 4:04d}-Q{period % 4 + 1}"
    return (date(1970, 1, 1) + timedelta(days=int(period))).isoformat()
