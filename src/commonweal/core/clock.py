"""The one clock. Rooms ask it instead of the system, so that a test or a simulation can say what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_set: ContextVar[datetime | None] = ContextVar("commonweal_clock", default=None)


def now() -> datetime:
    """The present moment as aware UTC; the moment given to `travel` inside it."""
    return _set.get() or datetime.now(UTC)


@contextmanager
def travel(moment: datetime) -> Iterator[None]:
    """Within the block, `now()` is `moment` (aware). Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("the clock takes aware moments only")
    token = _set.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set.reset(token)
