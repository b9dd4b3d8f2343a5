"""A column by place: on the map where outlines are declared, ranked beside it, and over time."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from commonweal.core.identity.actor import Actor
from commonweal.knowledge.insight.explore import queries as explore
from commonweal.knowledge.insight.explore.periods import written
from commonweal.knowledge.insight.explore.views import Line, MapView
from commonweal.knowledge.insight.looking import looked
from commonweal.windows.desk import maps
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.explore_words import WITHHELD
from commonweal.windows.desk.mapped import mapped
from commonweal.windows.desk.shell import show
from commonweal.windows.desk.templatetags.desk import figure
from commonweal.windows.desk.views.explore import FORMATS, as_file
from commonweal.windows.desk.words import say

MOST_ROWS = 300
"""Places in the table of one page; the download holds all."""


@require_GET
@staff_only
def by_place(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """One column, at one period and over time."""
    key = (request.GET.get("column") or "")[:200]
    view = explore.by_place(actor, key, request.GET.get("period") or "")
    looked(actor, [view.column.dataset])
    if request.GET.get("format"):
        from commonweal.knowledge.insight.explore import tables

        return as_file(tables.by_place(view), f"{view.column.key}-by-place", request.GET["format"])
    return show(request, actor, "explore_map", "explore", **_context(view))


def _context(view: MapView) -> dict[str, Any]:
    return {
        "view": view,
        "why": WITHHELD.get(view.withheld or "", view.withheld),
        "map": mapped(view.map, say(view.column.name)),
        "rows": view.map.rows[:MOST_ROWS],
        "more": max(0, len(view.map.rows) - MOST_ROWS),
        "formats": FORMATS,
        "multiples": [
            (line, mark_safe(svg), line.points[-1][1])  # noqa: S308 - drawn by us, every word escaped
            for line, svg in maps.multiples(view.lines, lambda line: _told(line, view))
        ],
        "first": written(min(line.points[0][0] for line in view.lines), view.grain) if view.lines else "",
        "last": written(max(line.points[-1][0] for line in view.lines), view.grain) if view.lines else "",
    }


def _told(line: Line, view: MapView) -> str:
    (first, a, *_rest), (last, b, *_more) = line.points[0], line.points[-1]
    return _("%(place)s: %(from)s in %(begin)s, %(to)s in %(end)s") % {
        "place": say(line.name), "from": figure(a), "to": figure(b),
        "begin": written(first, view.grain), "end": written(last, view.grain),
    }  # fmt: skip
