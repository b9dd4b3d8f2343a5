"""A list people can read from the top: nothing said twice, nothing derived told as news. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

import numpy as np

from commonweal.knowledge.insight import confounders
from commonweal.knowledge.insight.candidates import Named
from commonweal.knowledge.insight.disclosure import SAME
from commonweal.knowledge.insight.frames import Measure
from commonweal.knowledge.insight.kinds import NEARLY_EQUAL, NEWS
from commonweal.knowledge.insight.pairs import Pair

AGAIN = 0.75
"""What a finding keeps of its rank each time one of its columns was told of before."""


def sides(pair: Pair) -> tuple[Named, Named]:
    """Both columns by dataset and name."""
    return (pair.joined.left.dataset.id, pair.left.name), (pair.joined.right.dataset.id, pair.right.name)


def as_part(pair: Pair, totals: Mapping[Named, Set[Named]]) -> Pair:
    """A total beside one of its parts is called that, however the two move."""
    one, other = sides(pair)
    if pair.kind not in NEWS or not (other in totals.get(one, ()) or one in totals.get(other, ())):
        return pair
    view = "level" if "level" in pair.measured.views else pair.view
    return replace(pair, kind="part-of-total", view=view)


def redundant(pairs: Sequence[Pair], totals: Set[Named] = frozenset()) -> dict[Named, Named]:
    """Columns that repeat another (the same figures, or an exact total of others) and the column they repeat.

    Of several alike the one in the first dataset by name is the original. A total repeats itself: nothing about it
    is news beside its parts.
    """
    original: dict[Named, Named] = {}

    def root(name: Named) -> Named:
        while original.get(name, name) != name:
            name = original[name]
        return name

    for pair in pairs:
        level = pair.measured.views.get("level")
        if pair.kind != "same-measure" or level is None:
            continue
        exact = max(abs(level.value), abs(pair.measured.linear)) >= SAME
        if exact or pair.measured.agreement <= NEARLY_EQUAL:
            one, other = sorted(root(side) for side in sides(pair))
            original[other] = one
    copies = {name: root(name) for name in original if root(name) != name}
    return {**{name: name for name in totals}, **copies}


def fold(
    pairs: Sequence[Pair],
    families: Mapping[str, str] | None = None,
    copies: Mapping[Named, Named] | None = None,
) -> list[Pair]:
    """Best first, news before the rest; a pair that says what a better one says already is folded into it.

    Two pairs say the same when their columns mean the same: by element, by concept, by `families` of near-copies, or
    because one column repeats the other (`copies`); then the original is told.
    """
    known, repeated = families or {}, copies or {}
    originals = {"\x1f".join(o) for o in repeated.values()}

    def meaning(pair: Pair, measure: Measure, side: Named) -> str:
        named = confounders.meaning(measure)
        return known.get(named, named) if side not in repeated else "\x1f".join(repeated[side])

    def told_by(pair: Pair) -> tuple[object, ...]:
        one, other = sides(pair)
        left, right = meaning(pair, pair.left, one), meaning(pair, pair.right, other)
        both = ["\x1f".join(s) if "\x1f".join(s) in originals else m for s, m in ((one, left), (other, right))]
        return (*sorted(both), pair.kind in NEWS)

    def derived(pair: Pair) -> bool:
        return pair.kind in NEWS and any(side in repeated for side in sides(pair))

    order = sorted(pairs, key=lambda p: (p.kind not in NEWS, derived(p), -p.score, p.key))
    first: dict[tuple[object, ...], Pair] = {}
    named_for = {side: p for p in pairs if p.kind not in NEWS for side in sides(p)}
    told: list[Pair] = []
    for pair in order:
        before = first.setdefault(told_by(pair), pair)
        if before is pair and derived(pair):
            before = next((named_for[s] for s in sides(pair) if s in repeated and s in named_for), pair)
        told.append(pair if before is pair else replace(pair, folded_into=before.key))
    return varied(told)


def varied(pairs: Sequence[Pair]) -> list[Pair]:
    """The same pairs, so ordered that a list read from the top keeps telling of other things.

    Greedy: each time a column's meaning was told before, a pair with it counts for less.
    """
    head = [p for p in pairs if p.kind in NEWS and p.folded_into is None]
    rest = [p for p in pairs if not (p.kind in NEWS and p.folded_into is None)]
    about = [tuple(confounders.meaning(m) for m in (p.left, p.right)) for p in head]
    holds: dict[str, list[int]] = {}
    for i, both in enumerate(about):
        for meaning in both:
            holds.setdefault(meaning, []).append(i)
    weights = np.array([p.score for p in head])
    ordered: list[Pair] = []
    for _ in head:
        best = int(np.argmax(weights))
        ordered.append(head[best])
        for meaning in about[best]:
            np.multiply.at(weights, holds[meaning], AGAIN)
        weights[best] = -np.inf
    return [*ordered, *rest]
