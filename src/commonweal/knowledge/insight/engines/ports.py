"""What an engine is: it folds parts of a table into one summary, and does one piece of work for each of many things.

A summary is a dataclass of arrays, numbers and text with `+`: adding is associative and, but for rounding, commutative,
and the summary of no rows changes nothing. That is all a summary must know; where it is computed is the engine's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import pyarrow as pa


class Summary(Protocol):
    """What can be added up."""

    def __add__(self, other: Any, /) -> Any:
        """The summary of both parts' rows together."""


class Part(Protocol):
    """Some rows of a table, as an address: small, pickled to where they are read."""

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Read them. Raises Refused when that cannot be done."""


S = TypeVar("S", bound=Summary)
T = TypeVar("T")
R = TypeVar("R")


class Engine(Protocol):
    """Somewhere to run. Close it, or use it in a `with` block."""

    address: str
    threads: int | None
    """What to hand to a summary that takes `threads`: None where this process has the machine to itself."""

    def fold(self, parts: Sequence[Part], summarise: Callable[[Iterator[pa.RecordBatch]], S]) -> S:
        """The summary of all parts' rows.

        `summarise` must be importable where it runs: a function of a module of Commonweal or of the standard library,
        or a `functools.partial` of one. Raises Refused as reading does, and ValueError when there are no parts.
        """

    def each(self, things: Sequence[T], work: Callable[[T], R]) -> list[R]:
        """`work` done for each thing, in their order. Results are dataclasses as summaries are; see `states`."""

    def close(self) -> None:
        """Give back what it holds."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
