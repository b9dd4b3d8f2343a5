"""All pairs of columns of different datasets: measured, judged, named, ranked and folded. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from commonweal.knowledge.insight import candidates, confounders
from commonweal.knowledge.insight.candidates import Named
from commonweal.knowledge.insight.engine import Association, Column, adjust, associate, scaled
from commonweal.knowledge.insight.folding import as_part, fold, redundant
from commonweal.knowledge.insight.frames import Frame, Measure
from commonweal.knowledge.insight.joining import join
from commonweal.knowledge.insight.kinds import NEWS, kind_of
from commonweal.knowledge.insight.pairs import Pair
from commonweal.register.models import Region

Progress = Callable[[str, int, int], None]
FRAGILE = 0.15
FEW = 20
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
    told = [_explain(p, means) if p.kind in NEWS else p for p in judged if p.kind != "none"]
    families = confounders.families(means) if wanted is None else {}
    copies = redundant(judged, wanted.totals.keys() if wanted else frozenset())
    withheld = sum(1 for p in measured if p.measured.withheld is not None)
    return Result(tuple(fold(told, families, copies)), looked, withheld, tests)


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
    """All pairs of two frames (or `only` some); none when both tell the same record or they cannot be joined."""
    if _same_record(one, other):
        return []
    if _own_record(one):
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
    return _own_record(one) and _own_record(other)


def _own_record(frame: Frame) -> bool:
    return frame.dataset.source is not None and frame.dataset.source.type == "journal"


def _judge(pair: Pair, adjusted: Mapping[str, float]) -> Pair:
    kind, view = kind_of(pair.measured, dict(adjusted), pair.left.element, pair.right.element)
    judged = replace(pair, adjusted=adjusted, kind=kind, view=view)
    return replace(judged, score=score(judged))


def score(pair: Pair) -> float:
    """How much a reader gains: the sure part of the effect, more for other publishers and the office's own work.

    Less where one place carries it, or where levels agree and changes do not.
    """
    value = pair.estimate.floor
    sides = pair.joined.left.dataset, pair.joined.right.dataset
    if sides[0].publisher == sides[1].publisher:
        value *= 0.6
    if any(d.source is not None and d.source.type == "journal" for d in sides):
        value *= 1.5
    if pair.measured.fragility > FRAGILE:
        value *= 0.6
    if pair.kind == "association" and not _confirmed_by_changes(pair.measured, pair.estimate.value):
        value *= 0.7
    return float(value)


def _confirmed_by_changes(measured: Association, effect: float) -> bool:
    changes = measured.views.get("changes")
    return changes is not None and changes.floor > 0 and changes.value * effect > 0


def _explain(pair: Pair, means: Mapping[str, list[tuple[Measure, dict[str, float]]]]) -> Pair:
    measured = pair.measured
    reasons: list[tuple[str, Mapping[str, object]]] = []
    if pair.kind == "between":
        reasons.append(("other-differences", {}))
    else:
        reasons.append(("common-cause", {}))
        if pair.view == "within" and not _confirmed_by_changes(measured, pair.estimate.value):
            reasons.append(("drift", {}))
    between, within = measured.views.get("between"), measured.views.get("within")
    if between and within and between.value * within.value < 0 and between.floor > 0 and within.floor > 0:
        reasons.append(("reversed", {}))
    if measured.fragility > FRAGILE:
        reasons.append(("fragile", {"by": f"{measured.fragility:.2f}"}))
    if measured.entities < FEW and pair.joined.place is not None:
        reasons.append(("few", {"n": measured.entities}))
    if pair.joined.grain is None and pair.joined.left.dataset.period and pair.joined.right.dataset.period:
        reasons.append(("averaged", {}))
    if pair.left.counts != pair.right.counts:
        reasons.append(("size", {}))
    if pair.kind == "between":
        reasons += _tried(pair, means.get(pair.joined.domain or "", []))
    reasons.append(
        ("reverse", {"left": dict(pair.left.element.name.root), "right": dict(pair.right.element.name.root)})
    )
    return replace(pair, reasons=tuple(reasons))


def _tried(pair: Pair, others: list[tuple[Measure, dict[str, float]]]) -> list[tuple[str, Mapping[str, object]]]:
    x, y, place, _, names = pair.rows()
    if place is None:
        return []
    recorded = {
        measure.element.id.partition(".")[0]
        for side, measure in ((pair.joined.left, pair.left), (pair.joined.right, pair.right))
        if _own_record(side)
    }  # what else the same record says of the same cases explains nothing
    others = [(m, held) for m, held in others if m.element.id.partition(".")[0] not in recorded]
    size = np.bincount(place)
    mx, my = np.bincount(place, weights=scaled(x)) / size, np.bincount(place, weights=scaled(y)) / size
    found = confounders.try_all(mx, my, names, (pair.left, pair.right), others)  # type: ignore[arg-type]
    if found is None:
        return []
    facts = {
        "name": dict(found.measure.element.name.root), "before": f"{found.before:+.2f}",
        "after": f"{found.after:+.2f}", "count": found.count,
    }  # fmt: skip
    shrinks = abs(found.after) < 0.6 * abs(found.before) or found.after * found.before < 0
    return [("shrinks" if shrinks else "stands", facts)]
