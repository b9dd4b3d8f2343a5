"""Ranked bars made of plain numbers. The figures stand beside them as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Bar:
    """One ranked bar: the row it stands for and its length in percent of the longest."""

    row: Any
    share: float


def bars(rows: Sequence[Any]) -> list[Bar]:
    """Bars from zero, longest first as given; a withheld value has no length."""
    top = max((row.value for row in rows if row.value is not None), default=0) or 1
    return [Bar(row, round(100 * row.value / top, 1) if row.value is not None else 0.0) for row in rows]
