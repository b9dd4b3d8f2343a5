"""All pairs of columns of different datasets: measured, judged, named, ranked and folded. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from commonweal.knowledge.insight import confounders
from commonweal.knowledge.insight.engine import Association, Column, adjust, associate, scaled
from commonweal.knowledge.insight.estimates import Codes, Estimate, Numbers
from commonweal.knowledge.insight.frames import Frame, Measure
from commonweal.knowledge.insight.joining import Joined, join
from commonweal.knowledge.insight.kinds import NEWS, Kind, kind_of
from commonweal.register.models import Region

Progress = Callable[[str, int, int], None]
FRAGILE = 0.15
FEW = 20
AGAIN = 0.75
"""What a finding keeps of its rank each time one of its columns was told of before."""


@dataclass(frozen=True)
class Pair:
    """One pair that was measured, before and after judging."""

    joined: Joined
    left: Measure
    right: Measure
    measured: Association
    adjusted: Mapping[str, float] = field(default_factory=dict)
    kind: Kind = "none"
    view: str = ""
    score: float = 0.0
    reasons: tuple[tuple[str, Mapping[str, object]], ...] = ()
    folded_into: tuple[str, ...] | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """Names both columns, whichever came first."""
        sides = sorted(
            (side.dataset.id, measure.name)
            for side, measure in ((self.joined.left, self.left), (self.joined.right, self.right))
        )
        return tuple(part for side in sides for part in side)

    @property
    def estimate(self) -> Estimate:
        """The view that carries the pair's kind."""
        return self.measured.views[self.view]

    def rows(self) -> tuple[Numbers, Numbers, Codes | None, Codes | None, tuple[str, ...]]:
        """Complete rows: x, y, small codes of place and period, and the places those codes name."""
        x, y = self.left.values[self.joined.left_rows], self.right.values[self.joined.right_rows]
        here = np.isfinite(x) & np.isfinite(y)
        place, names = None, tuple[str, ...]()
        if self.joined.place is not None:
            kept, place = np.unique(self.joined.place[here], return_inverse=True)
            names = tuple(self.joined.places[int(i)] for i in kept)
        time = None
        if self.joined.time is not None:
            time = np.unique(self.joined.time[here], return_inverse=True)[1]
        return x[here], y[here], place, time, names


@dataclass(frozen=True)
class Result:
    """A scan: the pairs worth keeping, best first, and what was looked at."""

    pairs: tuple[Pair, ...]
    looked: int
    withheld: int
    tests: int


def scan(frames: Sequence[Frame], regions: Mapping[str, Region], progress: Progress | None = None) -> Result:
    """Measure every pair, adjust over the whole scan, name and rank what is left."""
    report = progress or (lambda what, done, total: None)
    couples = list(itertools.combinations(frames, 2))
    measured: list[Pair] = []
    for done, (one, other) in enumerate(couples):
        report("Comparing datasets", done, len(couples))
        measured += compare(one, other, regions)
    report("Comparing datasets", len(couples), len(couples))
    shown = [p for p in measured if p.measured.withheld is None]
    tests = [(i, view, p.measured.views[view].p) for i, p in enumerate(shown) for view in p.measured.tested]
    corrected: list[dict[str, float]] = [{} for _ in shown]
    for (i, view, _), q in zip(tests, adjust([t[2] for t in tests]), strict=True):
        corrected[i][view] = q
    judged = [_judge(p, q) for p, q in zip(shown, corrected, strict=True)]
    kept = [p for p in judged if p.kind != "none"]
    means = confounders.by_place(frames)
    told = [_explain(p, means) if p.kind in NEWS else p for p in kept]
    families = confounders.families(means)
    return Result(tuple(fold(told, families)), len(measured), len(measured) - len(shown), len(tests))


def compare(one: Frame, other: Frame, regions: Mapping[str, Region]) -> list[Pair]:
    """All pairs of two frames; none when both tell the same record or they cannot be joined."""
    if _same_record(one, other):
        return []
    if _own_record(one):
        one, other = other, one  # what the office can change is told second, as what follows
    joined = join(one, other, regions)
    if joined is None:
        return []
    pairs = []
    for left, right in itertools.product(joined.left.measures, joined.right.measures):
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


def fold(pairs: Sequence[Pair], families: Mapping[str, str] | None = None) -> list[Pair]:
    """Best first, news before the rest; a pair that says what a better one says already is folded into it.

    Two pairs say the same when their columns mean the same: by element, by concept, or by `families` of near-copies.
    """
    known = families or {}
    order = sorted(pairs, key=lambda p: (p.kind not in NEWS, -p.score, p.key))
    first: dict[tuple[object, ...], Pair] = {}
    told: list[Pair] = []
    for pair in order:
        sides = (_meaning(pair.left), _meaning(pair.right))
        meaning = (*sorted(known.get(s, s) for s in sides), pair.kind in NEWS)
        before = first.setdefault(meaning, pair)
        told.append(pair if before is pair else replace(pair, folded_into=before.key))
    return varied(told)


def varied(pairs: Sequence[Pair]) -> list[Pair]:
    """The same pairs, so ordered that a list read from the top keeps telling of other things.

    Greedy: each time a column's meaning was told before, a pair with it counts for less.
    """
    head = [p for p in pairs if p.kind in NEWS and p.folded_into is None]
    rest = [p for p in pairs if not (p.kind in NEWS and p.folded_into is None)]
    told: dict[str, int] = {}
    ordered: list[Pair] = []
    while head:
        weights = [p.score * AGAIN ** sum(told.get(_meaning(m), 0) for m in (p.left, p.right)) for p in head]
        best = head.pop(int(np.argmax(weights)))
        ordered.append(best)
        for measure in (best.left, best.right):
            told[_meaning(measure)] = told.get(_meaning(measure), 0) + 1
    return [*ordered, *rest]


def _meaning(measure: Measure) -> str:
    return confounders.meaning(measure)
