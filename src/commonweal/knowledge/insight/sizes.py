"""Two amounts that are both larger in larger places, and nothing more. Pure.

Every total of a place (people, crimes, revenue) goes with every other, because places differ in size. Such a pair is
told to be that, where a declared population of the same places, held constant, leaves nothing between the two.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from commonweal.knowledge.insight import confounders, estimates
from commonweal.knowledge.insight.confounders import Beside, Tried
from commonweal.knowledge.insight.engine import skew
from commonweal.knowledge.insight.estimates import Numbers
from commonweal.knowledge.insight.explaining import questions
from commonweal.knowledge.insight.frames import Measure
from commonweal.knowledge.insight.kinds import WEAKEST
from commonweal.knowledge.insight.pairs import Pair

SIZE = "population"
"""The concept a data element names when it says how many people a place has."""
GROWS = 0.7
"""r with the population from which an amount that is not a count is taken for a total of its place."""


def is_size(measure: Measure) -> bool:
    """Whether a column says how large a place is."""
    return confounders.meaning(measure) == SIZE


def named(pairs: Sequence[Pair], means: Mapping[str, Beside]) -> list[Pair]:
    """The same pairs; those between places that only share their places' size are of kind `size-only`.

    A total that rises with the population itself is one of them. Of two totals r given the population must be under
    what is worth telling, point the other way, or its interval (Fisher's, one degree of freedom less for what is held
    constant) hold 0; taken over means of places, skewed ones as logarithms even where some places have none. What is
    left otherwise decides their rank.
    """
    told = [replace(p, kind="size-only") if p.kind == "between" and _beside_size(p) else p for p in pairs]
    for domain, asked in questions(told, means, _amounts).items():
        found = confounders.given_size([q for _, q in asked], means[domain].only(is_size))
        for (i, _), tried in zip(asked, found, strict=True):
            if tried is not None:
                told[i] = _judged(told[i], tried)
    return told


def _amounts(values: Numbers) -> Numbers:
    """Amounts as logarithms of one more than they are, unless that makes them no less skewed. The population they are
    set beside spans powers of ten; against its logarithm amounts as they are would seem to follow it loosely."""
    if values.min(initial=0.0) < 0:
        return values
    logged = np.log1p(values)
    told: Numbers = logged if abs(skew(logged)) < abs(skew(values)) else values
    return told


def _beside_size(pair: Pair) -> bool:
    """Whether one side is the population itself and the other a total that rises with it."""
    r = pair.estimate.value
    sides = (pair.left, pair.right), (pair.right, pair.left)
    return r > 0 and any(is_size(one) and (is_size(other) or _total(other, r)) for one, other in sides)


def _judged(pair: Pair, tried: Tried) -> Pair:
    if not all(_total(m, r) for m, r in zip((pair.left, pair.right), tried.sides, strict=True)):
        return pair
    left = estimates.interval(tried.after, 1 / math.sqrt(max(tried.n - 4, 1)), tried.n, tried.n - 3, None)
    if abs(left.value) < WEAKEST or left.floor <= 0 or left.value * tried.before < 0:
        return replace(pair, kind="size-only")
    weaker = min(1.0, left.floor / max(pair.estimate.floor, 1e-9))
    return replace(pair, given_size=tried, score=pair.score * weaker)


def _total(measure: Measure, with_size: float) -> bool:
    """A count, or an amount that plainly grows with the people (a share or a rate does not)."""
    return measure.counts or (measure.element.unit != "%" and with_size >= GROWS)
