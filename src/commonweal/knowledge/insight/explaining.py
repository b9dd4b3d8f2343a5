"""What else could explain a finding, beside what it says. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from commonweal.knowledge.insight import confounders
from commonweal.knowledge.insight.confounders import Beside, Question, Tried
from commonweal.knowledge.insight.engine import Association, scaled
from commonweal.knowledge.insight.estimates import Codes, Numbers
from commonweal.knowledge.insight.frames import Frame
from commonweal.knowledge.insight.kinds import NEWS
from commonweal.knowledge.insight.pairs import Pair

FRAGILE = 0.15
FEW = 20
Reason = tuple[str, Mapping[str, object]]


def explain(pairs: Sequence[Pair], means: Mapping[str, Beside]) -> list[Pair]:
    """The same pairs, those that are news with their reasons; other columns are tried for those not folded away."""
    tried = _try(pairs, means)
    return [replace(p, reasons=_reasons(p, tried.get(i))) if p.kind in NEWS else p for i, p in enumerate(pairs)]


def _try(pairs: Sequence[Pair], means: Mapping[str, Beside]) -> dict[int, Tried]:
    return {
        i: found
        for domain, asked in questions(pairs, means).items()
        for (i, _), found in zip(asked, confounders.try_all([q for _, q in asked], means[domain]), strict=True)
        if found is not None
    }


def questions(
    pairs: Sequence[Pair], means: Mapping[str, Beside], scale: Callable[[Numbers], Numbers] = scaled
) -> dict[str, list[tuple[int, Question]]]:
    """By kind of place: each pair told of places beside each other and not folded away, with its number in the list;
    figures on the given scale."""
    asked: dict[str, list[tuple[int, Question]]] = {}
    numbers: dict[int, Codes] = {}
    for i, pair in enumerate(pairs):
        beside = means.get(pair.joined.domain or "")
        if pair.kind != "between" or pair.folded_into is not None or beside is None or pair.joined.place is None:
            continue
        known = numbers.get(id(pair.joined))
        if known is None:
            known = np.array([beside.places.get(p, -1) for p in pair.joined.places], np.int64)
            numbers[id(pair.joined)] = known
        asked.setdefault(pair.joined.domain or "", []).append((i, _question(pair, known, scale)))
    return asked


def _question(pair: Pair, known: Codes, scale: Callable[[Numbers], Numbers]) -> Question:
    x, y = pair.left.values[pair.joined.left_rows], pair.right.values[pair.joined.right_rows]
    here = np.isfinite(x) & np.isfinite(y)
    assert pair.joined.place is not None
    place = pair.joined.place[here]
    size = np.bincount(place, minlength=len(known))
    kept = size > 0
    mx, my = (np.bincount(place, weights=scale(v[here]), minlength=len(known))[kept] / size[kept] for v in (x, y))
    recorded = {
        measure.element.id.partition(".")[0]
        for side, measure in ((pair.joined.left, pair.left), (pair.joined.right, pair.right))
        if own_record(side)
    }  # what else the same record says of the same cases explains nothing
    return Question(mx, my, known[kept], (pair.left, pair.right), recorded)


def _reasons(pair: Pair, tried: Tried | None) -> tuple[Reason, ...]:
    measured = pair.measured
    reasons: list[Reason] = []
    if pair.kind == "between":
        reasons.append(("other-differences", {}))
    else:
        reasons.append(("common-cause", {}))
        if pair.view == "within" and not confirmed_by_changes(measured, pair.estimate.value):
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
    if pair.given_size is not None:
        reasons.append(_tried(pair.given_size))
    if tried is not None and (pair.given_size is None or tried.measure != pair.given_size.measure):
        reasons.append(_tried(tried))
    reasons.append(
        ("reverse", {"left": dict(pair.left.element.name.root), "right": dict(pair.right.element.name.root)})
    )
    return tuple(reasons)


def _tried(found: Tried) -> Reason:
    facts = {
        "name": dict(found.measure.element.name.root), "before": f"{found.before:+.2f}",
        "after": f"{found.after:+.2f}", "count": found.count,
    }  # fmt: skip
    shrinks = abs(found.after) < 0.6 * abs(found.before) or found.after * found.before < 0
    return "shrinks" if shrinks else "stands", facts


def own_record(frame: Frame) -> bool:
    """Whether a frame tells of the office's own work."""
    return frame.dataset.source is not None and frame.dataset.source.type == "journal"


def confirmed_by_changes(measured: Association, effect: float) -> bool:
    """Whether changes from period to period go together in the same direction."""
    changes = measured.views.get("changes")
    return changes is not None and changes.floor > 0 and changes.value * effect > 0
