"""What a measured pair is to be called. Most strong pairs are no news, and say so. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from commonweal.knowledge.insight.engine import Association
    from commonweal.register.models import DataElement

Kind = Literal["association", "between", "trend-only", "size-only", "same-measure", "part-of-total", "none"]
NEWS: tuple[Kind, ...] = ("association", "between")
"""Kinds that tell a reader something; the others are kept, named for what they are, and folded away."""

SURE = 0.05
"""Adjusted p below which a view counts."""
NEARLY_EQUAL = 0.02
STRONG = 0.5
FOLLOWS = 0.2
WEAKEST = 0.1
"""A surer but smaller correlation than this is of no use to anybody."""


def kind_of(
    measured: Association, adjusted: dict[str, float], left: DataElement, right: DataElement
) -> tuple[Kind, str]:
    """The pair's kind and the view that carries it.

    `adjusted` holds the scan-wide adjusted p of each tested view.
    """
    main = _main(measured)
    if _same_measure(measured, left, right):
        return "same-measure", "level" if "level" in measured.views else main
    if _part(measured, left, right):
        return "part-of-total", "level" if "level" in measured.views else main
    for view in ("within", "changes", "between"):
        found = measured.views.get(view)
        if found is None or adjusted.get(view, 1.0) > SURE or found.floor <= 0:
            continue
        if abs(found.value) >= WEAKEST:
            return ("between" if view == "between" else "association"), view
    if _only_trend(measured):
        return "trend-only", "level"
    return "none", main


def _only_trend(measured: Association) -> bool:
    """Strong as published, or surely so within places, and the periods' averages go together: but nothing beyond."""
    trend, level, follow = (measured.views.get(v) for v in ("trend", "level", "follow"))
    if measured.design == "places" or trend is None or abs(trend.value) < STRONG:
        return False
    strong = level is not None and abs(level.value) >= STRONG
    return strong or (follow is not None and follow.floor > 0 and abs(follow.value) >= FOLLOWS)


def _main(measured: Association) -> str:
    return measured.tested[0]


def _same_measure(measured: Association, left: DataElement, right: DataElement) -> bool:
    level = measured.views.get("level")
    if left.id == right.id or (left.concept and right.concept and _base(left.concept) == _base(right.concept)):
        return True
    if level is None:
        return False
    from commonweal.knowledge.insight.disclosure import copies  # brings NumPy, which pages do without

    if copies(level.value) or copies(measured.linear):
        return True
    return level.value >= 0.99 and measured.agreement <= NEARLY_EQUAL and left.unit == right.unit


def _base(concept: str) -> str:
    """A concept without its variant: `time-to-decide#median` and `time-to-decide#mean` measure one thing."""
    return concept.partition("#")[0]


def _part(measured: Association, left: DataElement, right: DataElement) -> bool:
    """Part and whole: declared so (`labour-force/unemployed` within `labour-force`), or seen: one figure never
    exceeds the other, in one unit, and moves with it."""
    if left.concept and right.concept:
        shorter, longer = sorted((_base(left.concept), _base(right.concept)), key=len)
        if longer.startswith(shorter + "/"):
            return True
    level = measured.views.get("level")
    comparable = left.unit == right.unit and left.unit != "%" and (left.unit or left.type == right.type == "integer")
    return bool(comparable) and level is not None and measured.always_less and level.value >= 0.9
