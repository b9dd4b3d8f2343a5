"""The sums that one thread adds up, block by block."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from commonweal.knowledge.insight.measures.coding import Block, binned, sizes
from commonweal.knowledge.insight.measures.plan import Codes, Floats, Plan
from commonweal.knowledge.insight.moments import BLOCK_ROWS, Moments, _Accumulator

RUN = 4_096
"""Rows at a time for sums within categories, so that their zeros and ones stay in the processor's cache."""


@dataclass(frozen=True)
class Groups:
    """Sums of every number within the groups of one category: `counts` and `sums` are kinds × numbers, `squares` one
    for each number over the rows where both are present. Values are measured from the plan's centres."""

    counts: Floats
    sums: Floats
    squares: Floats

    def __add__(self, other: Groups) -> Groups:
        """Both parts' rows."""
        return Groups(self.counts + other.counts, self.sums + other.sums, self.squares + other.squares)


class Numbers:
    """Sums of products of numbers, weighted where there are weights."""

    def __init__(self, plan: Plan, centres: Floats) -> None:
        self.plain = _Accumulator(plan.numbers, centres)
        k = len(plan.numbers)
        self.weighted = plan.weight is not None
        self.counts, self.sums, self.squares, self.products = (np.zeros((k, k)) for _ in range(4))

    def update(self, values: Floats, weights: Floats | None) -> None:
        """Add a block, columns × rows."""
        if not len(values):
            return
        for start in range(0, values.shape[1], BLOCK_ROWS):
            part = values[:, start : start + BLOCK_ROWS]
            if weights is None:
                self.plain.update(list(part))
            else:
                self._weigh(part - self.plain.shift[:, None], weights[start : start + BLOCK_ROWS])

    def _weigh(self, values: Floats, weights: Floats) -> None:
        mask = np.isfinite(values).astype(float)
        values = np.where(mask > 0, values, 0.0)
        heavy = values * weights
        self.products += heavy @ values.T
        self.sums += heavy @ mask.T
        self.squares += (heavy * values) @ mask.T
        self.counts += (mask * weights) @ mask.T

    def summary(self) -> Moments:
        """What was added so far."""
        if not self.weighted:
            return self.plain.summary()
        return Moments(self.plain.names, self.plain.shift, self.counts, self.sums, self.squares, self.products)


class Adder:
    """One thread's sums."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        k, names = len(plan.numbers), len(plan.names)
        self.rows = 0
        self.numbers = Numbers(plan, plan.centres)
        self.ranks = Numbers(plan, np.full(k, 0.5)) if plan.knots else None
        self.groups = [Groups(np.zeros((len(v), k)), np.zeros((len(v), k)), np.zeros(k)) for v in plan.kinds]
        self.held = sizes(plan) if plan.edges else tuple(len(v) for v in plan.kinds)
        self.pairs = list(itertools.combinations(range(len(self.held)), 2))
        self.tables = [np.zeros((self.held[i], self.held[j])) for i, j in self.pairs]
        self.present = np.zeros((names, names)) if plan.weight is not None else None
        self.squared = np.zeros((names, names)) if plan.weight is not None else None

    def update(self, block: Block) -> None:
        """Add a block."""
        plan, values = self.plan, block.numbers
        self.rows += block.rows
        self.numbers.update(values, block.weights)
        if self.ranks is not None:
            self.ranks.update(np.stack([ranked(v, *k) for v, k in zip(values, plan.knots, strict=True)]), block.weights)
        if plan.categories and plan.numbers:
            self._group(block)
        codes = binned(block, plan) if plan.edges else block.codes
        for at, (i, j) in enumerate(self.pairs):
            self.tables[at] += _table(codes[i], codes[j], self.held[i], self.held[j], block.weights)
        if block.weights is not None:
            self._presence(block, block.weights)

    def _group(self, block: Block) -> None:
        """Sums within categories as one matrix product over small runs of rows, which beats counting pair by pair."""
        marks = np.zeros((sum(len(kinds) for kinds in self.plan.kinds), RUN))
        codes = block.codes.astype(np.int16)  # at most MOST_GIVEN kinds; compared sixteen at a time
        for start in range(0, block.rows, RUN):
            part = slice(start, start + RUN)
            weights = block.weights[part] if block.weights is not None else None
            self._run(block.numbers[:, part], codes[:, part], weights, marks[:, : len(codes[0, part])])

    def _run(self, numbers: Floats, codes: npt.NDArray[np.int16], weights: Floats | None, marks: Floats) -> None:
        values = numbers - self.plan.centres[:, None]
        present = np.isfinite(values)
        whole = bool(present.all())
        if not whole:
            values = np.where(present, values, 0.0)
        heavy = values if weights is None else values * weights
        first = 0
        for own, kinds in zip(codes, self.plan.kinds, strict=True):
            every = np.arange(len(kinds), dtype=np.int16)[:, None]
            np.equal(own[None], every, out=marks[first : first + len(kinds)], casting="unsafe")
            first += len(kinds)
        sums = marks @ heavy.T
        if whole and weights is None:  # a category's rows count for every number
            counts = np.repeat(marks.sum(axis=1)[:, None], len(values), axis=1)
        else:
            counts = marks @ (present.astype(float) if weights is None else present * weights).T
        squares = heavy * values
        total = squares.sum(axis=1)
        first = 0
        for own, groups in zip(codes, self.groups, strict=True):
            last = first + len(groups.counts)
            groups.sums[:] += sums[first:last]
            groups.counts[:] += counts[first:last]
            here = own < len(groups.counts)
            groups.squares[:] += total if here.all() else squares @ here.astype(float)
            first = last

    def _presence(self, block: Block, weights: Floats) -> None:
        assert self.present is not None
        assert self.squared is not None
        absent = np.array([len(k) for k in self.plan.kinds], np.int64)[:, None]
        mask = np.concatenate([np.isfinite(block.numbers), block.codes < absent]).astype(float)
        self.present += mask @ mask.T
        self.squared += (mask * weights**2) @ mask.T


def _table(left: Codes, right: Codes, rows: int, columns: int, weights: Floats | None) -> Floats:
    """Counts of each pair of codes; the last code of each, absence, is dropped."""
    joint = left * (columns + 1) + right
    counts = np.bincount(joint, weights, minlength=(rows + 1) * (columns + 1))
    return counts.reshape(rows + 1, columns + 1)[:rows, :columns].astype(float)


def ranked(values: Floats, at: Floats, rank: Floats) -> Floats:
    """Ranks (0 to 1) read off the knots; NaN stays NaN."""
    if not len(at):
        return np.full(len(values), np.nan)
    told = np.interp(values, at, rank)
    told[np.isnan(values)] = np.nan
    return told
