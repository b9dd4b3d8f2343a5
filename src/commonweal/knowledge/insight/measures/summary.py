"""All pairs of columns of any types in one pass: everything the statistics need, held in sums that can be added up.

    profile = measures.profile.of_batches(batches, columns)      # first look: what is a number, what a category
    plan = measures.decide(profile)
    summary = measures.of_batches(batches, plan)                 # one pass, all pairs; parts: one + other
    found = measures.finish(summary)

Memory does not grow with rows: sums of products (see `moments`), of numbers within categories, tables of categories and
of binned numbers, and a uniform sample of rows. A table that fits the sample is held whole, and rank statistics are
then exact; else Spearman comes from ranks read off the first look, and Chatterjee's xi from the sample.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from threadpoolctl import threadpool_limits

from commonweal.knowledge.insight.engines import states
from commonweal.knowledge.insight.measures import coding
from commonweal.knowledge.insight.measures.accumulating import Adder, Groups
from commonweal.knowledge.insight.measures.coding import Block
from commonweal.knowledge.insight.measures.plan import Floats, Plan
from commonweal.knowledge.insight.measures.sampling import Keeper, Sample
from commonweal.knowledge.insight.moments import Moments


@dataclass(frozen=True)
class Summary:
    """What was added up under a plan. With weights every sum is weighted; `present` and `squared` are then the rows and
    the squared weights of each pair of columns.

    `tables` are of every two columns of `Adder.tables`: all columns where numbers are binned, else the categories.
    """

    plan: Plan
    rows: int
    numbers: Moments
    ranks: Moments | None
    groups: tuple[Groups, ...]
    tables: tuple[Floats, ...]
    sample: Sample
    present: Floats | None = None
    squared: Floats | None = None

    def __add__(self, other: Summary) -> Summary:
        """Both parts' rows. Raises ValueError when they were made under different plans."""
        if not self.plan.same(other.plan):
            raise ValueError("only summaries of one plan can be added")
        return Summary(
            self.plan,
            self.rows + other.rows,
            self.numbers + other.numbers,
            self.ranks + other.ranks if self.ranks is not None and other.ranks is not None else None,
            tuple(a + b for a, b in zip(self.groups, other.groups, strict=True)),
            tuple(a + b for a, b in zip(self.tables, other.tables, strict=True)),
            self.sample + other.sample,
            _sum(self.present, other.present),
            _sum(self.squared, other.squared),
        )

    def to_bytes(self) -> bytes:
        """Its state as an Arrow stream; see `engines.states`."""
        return states.pack(self)

    @staticmethod
    def from_bytes(data: bytes) -> Summary:
        """The summary `to_bytes` told. Raises ValueError for anything else."""
        told = states.unpack(data)
        if not isinstance(told, Summary):
            raise ValueError("these bytes are no summary")
        return told


def _sum(one: Floats | None, other: Floats | None) -> Floats | None:
    return one + other if one is not None and other is not None else None


def of_batches(batches: Iterable[pa.RecordBatch], plan: Plan, *, threads: int | None = None) -> Summary:
    """Summarise a stream under a plan in one pass, holding a few batches. Raises KeyError for a column not there."""
    source, kinds = coding.pieces(batches, len(plan.names)), coding.kinds_of(plan)
    keeper = Keeper(len(plan.names) + (plan.weight is not None), plan.hold)
    workers = threads or min(os.cpu_count() or 1, 8)
    lock = threading.Lock()

    def take() -> Block | None:
        with lock:
            piece = next(source, None)
            if piece is None:
                return None
            if plan.hold:  # the sample depends on the rows' order
                block = coding.block(piece, plan, kinds)
                keeper.update(held(block))
                return block
        return coding.block(piece, plan, kinds)

    def work(_: int) -> Adder:
        adder = Adder(plan)
        while (block := take()) is not None:
            adder.update(block)
        return adder

    with threadpool_limits(1, "blas"), ThreadPoolExecutor(workers) as pool:
        done = list(pool.map(work, range(workers)))
    told = [
        _summary(plan, adder, keeper if i == 0 else Keeper(keeper.columns, plan.hold)) for i, adder in enumerate(done)
    ]
    total = told[0]
    for part in told[1:]:
        total = total + part
    return total


def held(block: Block) -> Floats:
    """A block as the sample holds it: numbers, codes, weights."""
    parts = [block.numbers, block.codes.astype(float)]
    if block.weights is not None:
        parts.append(block.weights[None])
    return np.concatenate(parts)


def _summary(plan: Plan, adder: Adder, keeper: Keeper) -> Summary:
    return Summary(
        plan,
        adder.rows,
        adder.numbers.summary(),
        adder.ranks.summary() if adder.ranks is not None else None,
        adder.groups(),
        adder.tables(),
        keeper.sample(),
        adder.present,
        adder.squared,
    )
