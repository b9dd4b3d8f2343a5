"""The engine without an address: this process and its threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from types import TracebackType
from typing import Self, TypeVar

import pyarrow as pa

from commonweal.knowledge.insight.engines.ports import Part, Summary

S = TypeVar("S", bound=Summary)
T = TypeVar("T")
R = TypeVar("R")


class Local:
    """One stream through all parts, so that memory stays flat; the summary itself uses the machine's threads."""

    threads: int | None = None

    def __init__(self, address: str = "local") -> None:
        self.address = address

    def fold(self, parts: Sequence[Part], summarise: Callable[[Iterator[pa.RecordBatch]], S]) -> S:
        """See `ports.Engine`."""
        if not parts:
            raise ValueError("there are no parts to fold")
        return summarise(chain.from_iterable(part.batches() for part in parts))

    def each(self, things: Sequence[T], work: Callable[[T], R]) -> list[R]:
        """See `ports.Engine`."""
        with ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
            return list(pool.map(work, things))

    def close(self) -> None:
        """Nothing is held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
