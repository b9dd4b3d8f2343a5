"""Linked, in doubt, apart: where the borders lie, what they promise, and what belongs together in the end. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SURE = 0.5
"""No pair less probable than this is linked without a person, however good the rest."""


@dataclass(frozen=True)
class Borders:
    """A pair from `linked` on is linked without a person, one below `review` is left apart."""

    linked: float
    review: float
    precision: float
    """Expected share of right ones among the pairs linked by the model."""
    recall: float
    """Expected share of all true pairs among the candidates that the model links by itself."""


def borders(probability: Floats, wanted: float, review: float) -> Borders:
    """The lowest border at which the expected precision of what lies above is `wanted`.

    With calibrated probabilities the expected number of right pairs above a border is their sum. Where nothing
    reaches it, nothing is linked without a person (border above 1).
    """
    ranked = np.sort(probability[probability >= SURE])[::-1]
    total = float(probability.sum())
    if len(ranked) == 0:
        return Borders(1.1, review, 1.0, 0.0)
    precision = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    ends = np.append(ranked[1:] < ranked[:-1], True)  # pairs of one probability are of one zone
    good = np.flatnonzero((precision >= wanted) & ends)
    if len(good) == 0:
        return Borders(1.1, review, 1.0, 0.0)
    last = int(good[-1])
    border = float(ranked[last])
    return Borders(border, min(review, border), float(precision[last]), float(ranked[: last + 1].sum() / total))


def best_each(left: Sequence[int], right: Sequence[int], weight: Floats) -> NDArray[np.bool_]:
    """Which pairs stay when a row belongs to one pair at most: the heaviest first."""
    stays = np.zeros(len(left), dtype=bool)
    taken: tuple[set[int], set[int]] = (set(), set())
    for i in np.lexsort((np.asarray(right), np.asarray(left), -weight)):
        one, other = int(left[i]), int(right[i])
        if one not in taken[0] and other not in taken[1]:
            stays[i] = True
            taken[0].add(one)
            taken[1].add(other)
    return stays


def clusters(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For every row in a pair the name of its group: the least of the names that links lead to (union-find)."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return {node: root(node) for node in parent}


def conflicts(linked: Iterable[tuple[str, str]], apart: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs that a person called different and that other links bring together all the same."""
    group = clusters(linked)
    return sorted(
        (one, other) for one, other in apart if one in group and group[one] == group.get(other)
    )  # fmt: skip


def crowded(linked: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Rows that are linked to more than one row of the other side, and to how many."""
    met: dict[str, set[str]] = defaultdict(set)
    for one, other in linked:
        met[one].add(other)
        met[other].add(one)
    return {node: len(others) for node, others in met.items() if len(others) > 1}
