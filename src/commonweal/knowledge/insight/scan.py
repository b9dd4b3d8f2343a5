"""All pairs of columns of different datasets: measured, judged, named, ranked and folded. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from commonweal.knowledge.insight import candidates, confounders, disclosure, sizes
from commonweal.knowledge.insight.candidates import Named
from commonweal.knowledge.insight.engine import Column, adjust, associate
from commonweal.knowledge.insight.explaining import FRAGILE, confirmed_by_changes, explain, own_record
from commonweal.knowledge.insight.folding import as_part, fold, redundant
from commonweal.knowledge.insight.frames import Frame
from commonweal.knowledge.insight.joining import join
from commonweal.knowledge.insight.kinds import kind_of
from commonweal.knowledge.insight.pairs import Pair
from commonweal.register.models import Region

Progress = Callable[[str, int, int], None]
MANY = 40_000
"""Pairs of columns above which only the promising ones are measured."""


@dataclass(frozen=True)
class Result:
    """A scan: the pairs worth keeping, best first, and what was looked at."""

    pairs: tuple[Pair, ...]
    looked: int
    withheld: int
    tests: int


def scan(
    frames: Sequence[Frame],
    regions: Mapping[str, Region],
    progress: Progress | None = None,
    touching: Collection[str] | None = None,
) -> Result:
    """Measure every pair (in a large lake: every promising one), adjust over all, name and rank what is left.

    `touching` names datasets: only what concerns them is looked for, among the promising pairs.
    """
    report = progress or (lambda what, done, total: None)
    couples = list(itertools.combinations(frames, 2))
    many = touching is not None or _columns(couples) > MANY
    wanted = candidates.choose(frames, touching) if many else None
    if wanted is not None:
        couples = [(frames[i], frames[j]) for i, j in sorted(wanted.columns)]
    measured: list[Pair] = []
    for done, (one, other) in enumerate(couples):
        report("Comparing datasets", done, len(couples))
        measured += compare(one, other, regions, wanted.of(one, other) if wanted else None)
    report("Comparing datasets", len(couples), len(couples))
    looked = wanted.looked if wanted is not None else len(measured)
    judged, tests = judge(measured, looked - len(measured))
    if wanted is not None:
        judged = [as_part(p, wanted.totals) for p in judged]
    means = confounders.by_place(frames)
    judged = sizes.named(judged, means)
    families = confounders.families(means) if wanted is None else {}
    copies = redundant(judged, wanted.totals.keys() if wanted else frozenset())
    told = fold([p for p in judged if p.kind != "none"], families, copies)
    explained = explain(told, means)
    withheld = sum(1 for p in measured if p.measured.withheld is not None)
    return Result(tuple(explained), looked, withheld, tests)


def _columns(couples: Sequence[tuple[Frame, Frame]]) -> int:
    return sum(len(one.measures) * len(other.measures) for one, other in couples)


def judge(measured: Sequence[Pair], unmeasured: int = 0) -> tuple[list[Pair], int]:
    """Adjust over all tests and name every pair that may be shown; also how many tests there were.

    `unmeasured` pairs were looked at and passed over; each counts as one more test that found nothing.
    """
    shown = [p for p in measured if p.measured.withheld is None]
    tests = [(i, view, p.measured.views[view].p) for i, p in enumerate(shown) for view in p.measured.tested]
    corrected: list[dict[str, float]] = [{} for _ in shown]
    adjusted = adjust([*(t[2] for t in tests), *[1.0] * max(0, unmeasured)])
    for (i, view, _), q in zip(tests, adjusted, strict=False):
        corrected[i][view] = q
    return [_judge(p, q) for p, q in zip(shown, corrected, strict=True)], len(tests) + max(0, unmeasured)


def compare(
    one: Frame, other: Frame, regions: Mapping[str, Region], only: Set[frozenset[Named]] | None = None
) -> list[Pair]:
    """All pairs of two frames (or `only` some); none where they tell one record, serve two purposes, share no keys."""
    if _same_record(one, other) or not disclosure.purposes(one.dataset, other.dataset).allowed:
        return []
    if own_record(one):
        one, other = other, one  # what the office can change is told second, as what follows
    joined = join(one, other, regions)
    if joined is None:
        return []
    pairs = []
    for left, right in itertools.product(joined.left.measures, joined.right.measures):
        if only is not None and frozenset(((one.dataset.id, left.name), (other.dataset.id, right.name))) not in only:
            continue
        x = Column(left.values[joined.left_rows], left)
        y = Column(right.values[joined.right_rows], right)
        pairs.append(Pair(joined, left, right, associate(x, y, joined.place, joined.time)))
    return pairs


def _same_record(one: Frame, other: Frame) -> bool:
    """Two projections of the office's own record say the same things twice."""
    return own_record(one) and own_record(other)


def _judge(pair: Pair, adjusted: Mapping[str, float]) -> Pair:
    kind, view = kind_of(pair.measured, dict(adjusted), pair.left.element, pair.right.element)
    judged = replace(pair, adjusted=adjusted, kind=kind, view=view)
    return replace(judged, score=score(judged))


def score(pair: Pair) -> float:
    """How much a reader gains: the sure part of the effect, more for other publishers and the office's own work.

    Less where one place carries it, or where levels agree and changes do not. Of places compared with each other no
    more counts than their order shows, too: a few giants that are large in everything make r near one by themselves.
    """
    value = pair.estimate.floor
    ranks = pair.measured.views.get("ranks")
    if pair.kind == "between" and ranks is not None:
        value = min(value, ranks.floor) if ranks.value * pair.estimate.value > 0 else 0.0
    sides = pair.joined.left.dataset, pair.joined.right.dataset
    if sides[0].publisher == sides[1].publisher:
        value *= 0.6
    if any(d.source is not None and d.source.type == "journal" for d in sides):
        value *= 1.5
    if pair.measured.fragility > FRAGILE:
        value *= 0.6
    if pair.kind == "association" and not confirmed_by_changes(pair.measured, pair.estimate.value):
        value *= 0.7
    return float(value)
