"""The first look at a stream of rows: what each column holds, so that a plan for comparing them can be made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from commonweal.knowledge.insight.measures.parsing import Parsed, coded, floats, is_number, is_text, written
from commonweal.knowledge.insight.measures.plan import Floats, held_rows
from commonweal.knowledge.insight.measures.sampling import Keeper, Sample

MOST_VALUES = 5_000
"""Distinct texts counted in a column; one with more is not a column of categories."""
MOST_COUNTED = 4_000_000
"""Distinct texts counted in all columns together: of very many columns, fewer are counted in each."""
ROW = "__row__"


@dataclass(frozen=True)
class Seen:
    """What was seen of one column.

    `typed` says that the file itself calls it numbers; `values` counts its texts, None when there are more than
    `most`; `row` and `value` are the first place where something stands that is not a number.
    """

    name: str
    typed: bool = False
    nested: bool = False
    present: int = 0
    numbers: int = 0
    wrong: int = 0
    row: int = 0
    value: str = ""
    infinite: int = 0
    zeros: int = 0
    low: float = np.inf
    high: float = -np.inf
    fractions: int = 0
    total: float = 0.0
    squares: float = 0.0
    values: dict[str, int] | None = None
    most: int = MOST_VALUES

    def __add__(self, other: Seen) -> Seen:
        """Both parts' rows. The first wrong value is that of the part which comes first."""
        first = self if self.wrong else other
        values = None
        if self.values is not None and other.values is not None:
            values = dict(self.values)
            for text, count in other.values.items():
                values[text] = values.get(text, 0) + count
            values = values if len(values) <= self.most else None
        return Seen(
            self.name, self.typed and other.typed, self.nested or other.nested, self.present + other.present,
            self.numbers + other.numbers, self.wrong + other.wrong, first.row, first.value,
            self.infinite + other.infinite, self.zeros + other.zeros, min(self.low, other.low),
            max(self.high, other.high), self.fractions + other.fractions, self.total + other.total,
            self.squares + other.squares, values,
            self.most,
        )  # fmt: skip

    @property
    def counts_rows(self) -> bool:
        """Whether it holds 0, 1, 2 … or 1, 2, 3 … in some order: the sums of numbers and of squares say so."""
        n, low, high = self.numbers, self.low, self.high
        if n < 3 or n != self.present or self.fractions or low not in (0, 1) or high - low + 1 != n:
            return False
        squares = high * (high + 1) * (2 * high + 1) / 6
        return abs(self.total - n * (low + high) / 2) < 0.5 and abs(self.squares - squares) <= 1e-9 * squares


@dataclass(frozen=True)
class Profile:
    """What was seen of every column, and a sample of what they hold as numbers. Add parts with `+`."""

    rows: int
    columns: tuple[Seen, ...]
    sample: Sample

    def __add__(self, other: Profile) -> Profile:
        """Both parts' rows. Raises ValueError when the columns differ."""
        if [c.name for c in self.columns] != [c.name for c in other.columns]:
            raise ValueError("only profiles of the same columns can be added")
        joined = tuple(a + b for a, b in zip(self.columns, other.columns, strict=True))
        return Profile(self.rows + other.rows, joined, self.sample + other.sample)


def of_batches(batches: Iterable[pa.RecordBatch], columns: Sequence[str], *, sample: bool = True) -> Profile:
    """Look at a stream once, holding a few batches. A column `__row__` numbers the rows where the reader knows them.

    Raises KeyError for a column a batch does not have.
    """
    names = tuple(columns)
    keeper = Keeper(len(names), held_rows(len(names)) if sample else 0)
    most = min(MOST_VALUES, max(250, MOST_COUNTED // max(len(names), 1)))
    seen = [Seen(name, typed=True, values={}, most=most) for name in names]
    rows = 0
    for batch in batches:
        numbers = batch.column(ROW) if ROW in batch.schema.names else None
        block = np.full((len(names), batch.num_rows), np.nan) if sample else None
        for j, name in enumerate(names):
            told, values = _look(batch.column(name), name, rows, numbers, seen[j])
            seen[j] = seen[j] + told
            if values is not None and block is not None:
                block[j] = values
        rows += batch.num_rows
        if block is not None:
            keeper.update(block)
    return Profile(rows, tuple(seen), keeper.sample())


def _look(array: pa.Array, name: str, before: int, rows: pa.Array | None, known: Seen) -> tuple[Seen, Floats | None]:
    present = len(array) - array.null_count
    if pa.types.is_null(array.type):
        return Seen(name, typed=True, values={}), None
    if is_number(array.type):
        parsed = floats(array)
        absent = int(np.isnan(parsed.values).sum()) if np.isnan(parsed.values.sum()) else 0
        seen = Seen(name, typed=True, present=len(array) - absent + parsed.infinite, values={})
        return _with_numbers(seen, parsed, len(array) - absent), parsed.values
    if not is_text(array.type):
        return Seen(name, nested=True, present=present, values={}), None
    encoded = coded(array)
    counted = _counted(encoded) if known.values is not None else None
    parsed = written(encoded)
    count = int(np.isfinite(parsed.values).sum())
    there = _present(encoded)
    seen = Seen(name, typed=False, present=there, zeros=parsed.zeros, values=counted)
    if parsed.wrong is not None and parsed.wrong.any():
        first = int(np.flatnonzero(parsed.wrong)[0])
        row = rows[first].as_py() if rows is not None else before + first + 1
        text = str(encoded.dictionary[encoded.indices[first].as_py()])[:80]
        seen = replace(seen, wrong=int(parsed.wrong.sum()), row=row, value=text)
    return _with_numbers(seen, parsed, count), parsed.values if count else None


def _with_numbers(seen: Seen, parsed: Parsed, count: int) -> Seen:
    seen = replace(seen, infinite=parsed.infinite, numbers=count)
    if not count:
        return seen
    values = parsed.values if count == len(parsed.values) else parsed.values[np.isfinite(parsed.values)]
    with np.errstate(over="ignore"):
        squares = float(np.dot(values, values))
    return replace(
        seen,
        low=float(values.min()),
        high=float(values.max()),
        fractions=int(np.count_nonzero(values != np.floor(values))),
        total=float(values.sum()),
        squares=squares,
    )


def _counted(encoded: pa.DictionaryArray) -> dict[str, int] | None:
    """How often each text stands in a batch; None for more than MOST_VALUES different ones."""
    if len(encoded.dictionary) > 4 * MOST_VALUES:
        return None
    indices = pc.drop_null(encoded.indices).to_numpy(zero_copy_only=False)
    counts = np.bincount(indices, minlength=len(encoded.dictionary))
    told: dict[str, int] = {}
    for text, count in zip(encoded.dictionary.to_pylist(), counts.tolist(), strict=True):
        if text is not None and count:
            told[text] = told.get(text, 0) + count
    return told if len(told) <= MOST_VALUES else None


def _present(encoded: pa.DictionaryArray) -> int:
    there = len(encoded) - encoded.indices.null_count
    if not encoded.dictionary.null_count:
        return there
    empty = np.flatnonzero(encoded.dictionary.is_null().to_numpy(zero_copy_only=False))
    indices = pc.drop_null(encoded.indices).to_numpy(zero_copy_only=False)
    return there - int(np.isin(indices, empty).sum())
