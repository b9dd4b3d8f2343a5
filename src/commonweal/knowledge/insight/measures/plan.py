"""What a summary needs to know before it sees a row: which columns are numbers or categories, and how to code them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

HELD_BYTES = 64 << 20
"""Memory for the rows a summary holds whole: all of a small table, a uniform sample of a large one."""
MOST_HELD, LEAST_HELD = 262_144, 4_096


def held_rows(columns: int) -> int:
    """How many rows may be held of a table of so many columns."""
    return int(np.clip(HELD_BYTES // (8 * max(columns, 1)), LEAST_HELD, MOST_HELD))


@dataclass(frozen=True)
class LeftOut:
    """A column that is not compared, and why: a code of REASONS with its figures."""

    column: str
    why: str
    figure: int = 0


@dataclass(frozen=True)
class Plan:
    """Columns to compare. Numbers come first, then categories; places in results count through both.

    `kinds` are each category column's values, `centres` a value near each number's mean, from which its sums are
    measured so that nothing cancels, `edges` the inner edges of each number's bins (mutual information), and
    `knots` pairs of value and rank between 0 and 1 that make ranks while streaming (empty where rows are held).
    `given` names columns to be taken out, `weight` the column of weights. `whole`: every row will be held.
    """

    numbers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    kinds: tuple[tuple[str, ...], ...] = ()
    centres: Floats = field(default_factory=lambda: np.zeros(0))
    edges: tuple[Floats, ...] = ()
    knots: tuple[tuple[Floats, Floats], ...] = ()
    weight: str | None = None
    given: tuple[str, ...] = ()
    hold: int = MOST_HELD
    whole: bool = False
    left_out: tuple[LeftOut, ...] = field(default=(), compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Every column, numbers first."""
        return (*self.numbers, *self.categories)

    @property
    def shown(self) -> tuple[int, ...]:
        """Places of the columns that are compared: all but those given."""
        return tuple(i for i, name in enumerate(self.names) if name not in self.given)

    def only(self, names: set[str]) -> Plan:
        """The plan for some of its columns; those given stay."""
        keep = names | set(self.given)
        n = [i for i, name in enumerate(self.numbers) if name in keep]
        c = [i for i, name in enumerate(self.categories) if name in keep]
        return replace(
            self,
            numbers=tuple(self.numbers[i] for i in n),
            categories=tuple(self.categories[i] for i in c),
            kinds=tuple(self.kinds[i] for i in c),
            centres=self.centres[n],
            edges=tuple(self.edges[i] for i in n) if self.edges else (),
            knots=tuple(self.knots[i] for i in n) if self.knots else (),
        )

    def same(self, other: Plan) -> bool:
        """Whether summaries made by both plans may be added: the same columns, categories and settings."""
        return (self.names, self.kinds, self.weight, self.given, self.hold, self.whole, len(self.numbers)) == (
            other.names, other.kinds, other.weight, other.given, other.hold, other.whole, len(other.numbers)
        ) and all(
            np.array_equal(a, b)
            for a, b in zip((self.centres, *self.edges), (other.centres, *other.edges), strict=True)
        )  # fmt: skip
