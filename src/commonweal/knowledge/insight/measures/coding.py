"""A batch under a plan: floats for numbers, small codes for categories, weights; nothing else is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from commonweal.knowledge.insight.measures.parsing import coded, floats, is_number, written
from commonweal.knowledge.insight.measures.plan import Codes, Floats, Plan

MOST_ROWS, FEWEST_ROWS = 65_536, 4_096
CELLS = 4_000_000
"""Values in a block, about: of a wide table fewer rows at a time."""


@dataclass(frozen=True)
class Block:
    """`numbers` is columns × rows with NaN for absent; `codes` likewise, the number of kinds standing for absent."""

    numbers: Floats
    codes: Codes
    weights: Floats | None

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return int(self.numbers.shape[1])


def pieces(batches: Iterable[pa.RecordBatch], columns: int) -> Iterator[pa.RecordBatch]:
    """Each batch, cut evenly to the rows a block of so many columns should have, so that threads end together."""
    most = max(FEWEST_ROWS, min(MOST_ROWS, CELLS // max(columns, 1)))
    for batch in batches:
        count = -(-batch.num_rows // most)
        rows = -(-batch.num_rows // max(count, 1))
        for start in range(0, batch.num_rows, max(rows, 1)):
            yield batch.slice(start, rows)


def kinds_of(plan: Plan) -> list[pa.Array]:
    """The kinds of each category of a plan, as `block` looks them up."""
    return [pa.array(k, pa.string()) for k in plan.kinds]


def block(batch: pa.RecordBatch, plan: Plan, kinds: list[pa.Array]) -> Block:
    """A piece under a plan. Rows without a weight or a given value fall out. Raises KeyError for a column not there."""
    rows = batch.num_rows
    numbers = np.empty((len(plan.numbers), rows))
    for j, name in enumerate(plan.numbers):
        numbers[j] = _numbers(batch.column(name))
    codes = np.empty((len(plan.categories), rows), np.int64)
    for j, name in enumerate(plan.categories):
        codes[j] = _codes(batch.column(name), kinds[j])
    weights = _numbers(batch.column(plan.weight)) if plan.weight is not None else None
    return _usable(Block(numbers, codes, weights), plan)


def _numbers(array: pa.Array) -> Floats:
    if pa.types.is_null(array.type):
        return np.full(len(array), np.nan)
    return (floats(array) if is_number(array.type) else written(array)).values


def _codes(array: pa.Array, kinds: pa.Array) -> Codes:
    if pa.types.is_null(array.type):
        return np.full(len(array), len(kinds), np.int64)
    encoded = coded(array)
    places = pc.fill_null(pc.index_in(encoded.dictionary, kinds), len(kinds)).to_numpy(zero_copy_only=False)
    at = pc.fill_null(encoded.indices.cast(pa.int64()), len(encoded.dictionary)).to_numpy(zero_copy_only=False)
    told: Codes = np.append(places, len(kinds)).astype(np.int64)[at]
    return told


def _usable(block: Block, plan: Plan) -> Block:
    """Without the rows that have no positive weight or lack a given value."""
    good = np.ones(block.rows, bool)
    if block.weights is not None:
        good &= block.weights > 0
    for name in plan.given:
        if name in plan.numbers:
            good &= np.isfinite(block.numbers[plan.numbers.index(name)])
        else:
            at = plan.categories.index(name)
            good &= block.codes[at] < len(plan.kinds[at])
    if good.all():
        return block
    weights = block.weights[good] if block.weights is not None else None
    return Block(block.numbers[:, good], block.codes[:, good], weights)


def binned(block: Block, plan: Plan) -> Codes:
    """Every column as codes: numbers by their bins, categories as they are; the last code stands for absent."""
    out = np.empty((len(plan.names), block.rows), np.int64)
    for j, edges in enumerate(plan.edges):
        values = block.numbers[j]
        out[j] = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, side="left"))
    out[len(plan.numbers) :] = block.codes
    return out


def sizes(plan: Plan) -> tuple[int, ...]:
    """How many codes each column of `binned` has, absence not counted."""
    return (*(len(e) + 1 for e in plan.edges), *(len(k) for k in plan.kinds))
