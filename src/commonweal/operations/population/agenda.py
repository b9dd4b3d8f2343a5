"""What is to happen and when: a queue in order of time, and of arrival where the times are equal (pure)."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class Agenda(Generic[T]):
    """Things to do, earliest first."""

    waiting: list[tuple[datetime, int, T]] = field(default_factory=list)
    placed: int = 0

    def put(self, moment: datetime, what: T) -> None:
        """Add something to do at a moment."""
        self.placed += 1
        heapq.heappush(self.waiting, (moment, self.placed, what))

    def until(self, end: datetime) -> Iterator[tuple[datetime, T]]:
        """Take things out in order as long as they are due before `end`; what is added meanwhile comes in its turn."""
        while self.waiting and self.waiting[0][0] < end:
            moment, _, what = heapq.heappop(self.waiting)
            yield moment, what
