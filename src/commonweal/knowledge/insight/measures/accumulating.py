"""The sums that one thread adds up, block by block."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from commonweal.knowledge.insight.measures import jointly
from commonweal.knowledge.insight.measures.coding import Block, binned, sizes
from commonweal.knowledge.insight.measures.jointly import Joint
from commonweal.knowledge.insight.measures.plan import Codes, Floats, Plan
from commonweal.knowledge.insight.moments import BLOCK_ROWS, Moments, _Accumulator


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
        self.joints = jointly.together([len(v) for v in plan.kinds])
        self.sums, self.counts = ([np.zeros((j.cells, k)) for j in self.joints] for _ in range(2))
        self.squares = [np.zeros(k) for _ in plan.kinds]
        self.held = jointly.together(sizes(plan)) if plan.edges else self.joints
        self.counted = {
            (i, j): np.zeros(one.cells if i == j else one.cells * other.cells)
            for (i, one), (j, other) in itertools.combinations_with_replacement(enumerate(self.held), 2)
        }
        self.present = np.zeros((names, names)) if plan.weight is not None else None
        self.squared = np.zeros((names, names)) if plan.weight is not None else None

    def update(self, block: Block) -> None:
        """Add a block."""
        plan, values = self.plan, block.numbers
        self.rows += block.rows
        self.numbers.update(values, block.weights)
        if self.ranks is not None:
            self.ranks.update(np.stack([ranked(v, *k) for v, k in zip(values, plan.knots, strict=True)]), block.weights)
        own = [joint.codes(block.codes) for joint in self.joints]
        if plan.categories and plan.numbers:
            self._group(block, own)
        if plan.edges:
            codes = binned(block, plan)
            own = [joint.codes(codes) for joint in self.held]
        for (i, j), held in self.counted.items():
            codes = own[i] if i == j else own[i] * self.held[j].cells + own[j]
            held += jointly.counts(codes, len(held), block.weights)
        if block.weights is not None:
            self._presence(block, block.weights)

    def _group(self, block: Block, own: list[Codes]) -> None:
        """Sums within categories, over rows where both are present."""
        values, weights = block.numbers - self.plan.centres[:, None], block.weights
        present = np.isfinite(values)
        whole = bool(present.all())
        if not whole:
            values = np.where(present, values, 0.0)
        heavy = values if weights is None else values * weights
        tall = np.ascontiguousarray(heavy.T)
        there = None
        if not whole:
            there = np.ascontiguousarray((present.astype(float) if weights is None else present * weights).T)
        for codes, joint, sums, counts in zip(own, self.joints, self.sums, self.counts, strict=True):
            sums += jointly.sums(codes, joint.cells, tall)
            if there is None:  # a category's rows count for every number
                counts += jointly.counts(codes, joint.cells, weights)[:, None]
            else:
                counts += jointly.sums(codes, joint.cells, there)
        squares = heavy * values
        total = squares.sum(axis=1)
        for codes, kinds, held in zip(block.codes, self.plan.kinds, self.squares, strict=True):
            here = codes < len(kinds)
            held += total if here.all() else squares @ here.astype(float)

    def groups(self) -> tuple[Groups, ...]:
        """Sums within each category."""
        home = _homes(self.joints)
        return tuple(
            Groups(
                jointly.alone(self.counts[home[c]], self.joints[home[c]], c),
                jointly.alone(self.sums[home[c]], self.joints[home[c]], c),
                squares,
            )
            for c, squares in enumerate(self.squares)
        )

    def tables(self) -> tuple[Floats, ...]:
        """The table of every two columns of codes, in the order of `itertools.combinations`."""
        home = _homes(self.held)
        return tuple(
            jointly.table(self.counted[home[a], home[b]], self.held[home[a]], self.held[home[b]], a, b)
            for a, b in itertools.combinations(range(len(home)), 2)
        )

    def _presence(self, block: Block, weights: Floats) -> None:
        assert self.present is not None
        assert self.squared is not None
        absent = np.array([len(k) for k in self.plan.kinds], np.int64)[:, None]
        mask = np.concatenate([np.isfinite(block.numbers), block.codes < absent]).astype(float)
        self.present += mask @ mask.T
        self.squared += (mask * weights**2) @ mask.T


def _homes(joints: Sequence[Joint]) -> dict[int, int]:
    """In which joint each column is."""
    return {column: number for number, joint in enumerate(joints) for column in joint.columns}


def ranked(values: Floats, at: Floats, rank: Floats) -> Floats:
    """Ranks (0 to 1) read off the knots; NaN stays NaN."""
    if not len(at):
        return np.full(len(values), np.nan)
    told = np.interp(values, at, rank)
    told[np.isnan(values)] = np.nan
    return told
