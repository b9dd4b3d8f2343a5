"""A map with its legend as a template part shows it, put together from a view of figures by place."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from commonweal.knowledge.insight.explore.views import PlaceMap
from commonweal.register.models import Text
from commonweal.windows.desk import maps
from commonweal.windows.desk.templatetags.desk import figure
from commonweal.windows.desk.words import say

Class = tuple[int, float, float, int]


@dataclass(frozen=True)
class Map:
    """What `desk/parts/map.html` shows."""

    svg: SafeString
    classes: tuple[Class, ...]
    """Each class that has places, the highest first: its number, least and greatest figure, places."""
    missing: int
    attribution: Text | None
    title: str = ""


def mapped(view: PlaceMap, label: str, title: str = "") -> Map | None:
    """Figures of what `label` says on the map; None where no outlines are declared."""
    if not view.shapes:
        return None
    labels = {r.place: figure(r.value) if r.value is not None else "" for r in view.rows}
    none = _("no figure")
    titles = {row.place: f"{say(row.name)}: {labels[row.place] or none}" for row in view.rows}
    known = [r for r in view.rows if r.value is not None]
    if known:
        label = _("Map of %(what)s. Highest: %(top)s. Lowest: %(bottom)s. The table has every figure.") % {
            "what": label, "top": titles[known[0].place], "bottom": titles[known[-1].place],
        }  # fmt: skip
    classes = {r.place: r.group for r in view.rows}
    svg = maps.choropleth(view.shapes, view.around, classes, labels, titles, label)
    return Map(mark_safe(svg), _classes(view), view.missing, view.attribution, title)  # noqa: S308 - all escaped


def _classes(view: PlaceMap) -> tuple[Class, ...]:
    held: dict[int, list[float]] = {}
    for row in view.rows:
        if row.group is not None and row.value is not None:
            held.setdefault(row.group, []).append(row.value)
    return tuple((group, min(values), max(values), len(values)) for group, values in sorted(held.items(), reverse=True))
