"""Cursor pages: a list is read from where the last page ended, never by counting or skipping rows."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from commonweal.core.errors import Invalid

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows and, where more follow, the opaque cursor of the next page."""

    rows: tuple[T, ...]
    next: str | None = None

    def map(self, change: Callable[[T], U]) -> Page[U]:
        """The same page with each row changed."""
        return Page(tuple(change(row) for row in self.rows), self.next)


def encode(*position: Any) -> str:
    """Pack a position (the sort values of the last row shown) into an opaque URL-safe cursor."""
    return base64.urlsafe_b64encode(json.dumps(position, default=str).encode()).decode().rstrip("=")


def decode(cursor: str, length: int) -> list[Any]:
    """Unpack a cursor of `length` values. Raises Invalid for one that was not made by `encode`."""
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        position = None
    if not isinstance(position, list) or len(position) != length:
        raise Invalid({"cursor": "Start again from the first page"})
    return position


def page(rows: Sequence[T], limit: int, position: Callable[[T], tuple[Any, ...]]) -> Page[T]:
    """Make a page from up to `limit + 1` fetched rows; the extra row only says that more follow."""
    shown = tuple(rows[:limit])
    more = len(rows) > limit and bool(shown)
    return Page(shown, encode(*position(shown[-1])) if more else None)
