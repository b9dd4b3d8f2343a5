"""Explore: what goes with a column, a matrix of columns, one pair from every side; each as a page and as a file."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from commonweal.core.identity.actor import Actor
from commonweal.knowledge.insight import sentences
from commonweal.knowledge.insight.explore import queries as explore
from commonweal.knowledge.insight.explore.periods import written
from commonweal.knowledge.insight.explore.views import CellView, PairView
from commonweal.knowledge.insight.looking import looked
from commonweal.register.models import Text
from commonweal.windows.desk import drawings
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.explore_words import GIVEN, KINDS, STATISTICS, STRENGTHS, WITHHELD
from commonweal.windows.desk.mapped import mapped
from commonweal.windows.desk.shell import show
from commonweal.windows.desk.words import say

FORMATS = (("csv", "CSV"), ("parquet", "Parquet"), ("arrow", "Arrow"))
MOST_ROWS = 200


@require_GET
@staff_only
def choose(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list of columns, searched by words: each leads to what goes with it."""
    text = (request.GET.get("q") or "")[:200]
    page = explore.columns(actor, text, request.GET.get("cursor"), 60)
    groups = [(rows[0], rows) for rows in (list(r) for _dataset, r in groupby(page.rows, lambda row: row.dataset))]
    return show(request, actor, "explore", "explore", page=page, text=text, groups=groups)


@require_GET
@staff_only
def search(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What goes with one column, surest first."""
    view = explore.search(actor, (request.GET.get("column") or "")[:200])
    looked(actor, [view.asked.dataset, *(hit.column.dataset for hit in view.rows)])
    if request.GET.get("format"):
        from commonweal.knowledge.insight.explore import tables

        return as_file(tables.search(view), f"goes-with-{view.asked.key}", request.GET["format"])
    page = explore.hits_of(view, request.GET.get("cursor"))
    rows = [(hit, KINDS.get(hit.kind, KINDS["none"]), STRENGTHS[hit.strength], STATISTICS[hit.statistic])
            for hit in page.rows]  # fmt: skip
    return show(request, actor, "explore_search", "explore", view=view, page=page, rows=rows, formats=FORMATS)


@require_GET
@staff_only
def matrix(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Every pair of the columns ticked; without any, the form."""
    keys = [key[:200] for key in request.GET.getlist("c")][:60]
    statistic, given = request.GET.get("statistic") or "pearson", request.GET.get("given") or ""
    offered = explore.columns(actor, "", None, 200).rows
    groups = [(rows[0], rows) for rows in (list(r) for _dataset, r in groupby(offered, lambda row: row.dataset))]
    view = explore.matrix(actor, keys, statistic, given) if len(keys) >= 2 else None
    if view is not None:
        looked(actor, (column.dataset for column in view.columns))
    if view is not None and request.GET.get("format"):
        from commonweal.knowledge.insight.explore import tables

        return as_file(tables.matrix(view), "matrix", request.GET["format"])
    context: dict[str, Any] = {
        "groups": groups, "keys": keys, "view": view, "statistic": statistic, "given": given, "formats": FORMATS,
        "statistics": STATISTICS.items(), "givens": GIVEN.items(), "query": request.GET.urlencode(),
        "rows": [(row, [(column, cell, _shade(cell), WITHHELD.get(cell.why or "", "") if cell else "")
                        for column, cell in zip(view.columns, line, strict=True)])
                 for row, line in zip(view.columns, view.cells, strict=True)] if view else [],
    }  # fmt: skip
    return show(request, actor, "explore_matrix", "explore", **context)


def _shade(cell: CellView | None) -> str:
    """The class of a cell: p or m for the sign, 1 to 4 for the size."""
    if cell is None or cell.value is None or abs(cell.value) < 0.1:
        return ""
    step = 1 + sum(abs(cell.value) >= edge for edge in (0.3, 0.5, 0.7))
    return f"{'p' if cell.value > 0 else 'm'}{step}"


@require_GET
@staff_only
def pair(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Two columns from every side."""
    left, right = ((request.GET.get(side) or "")[:200] for side in ("left", "right"))
    wanted = [place[:80] for place in request.GET.getlist("place")][:6]
    view = explore.pair(actor, left, right, view=request.GET.get("view") or "", places=wanted)
    looked(actor, (view.left.dataset, view.right.dataset))
    if request.GET.get("format"):
        from commonweal.knowledge.insight.explore import tables

        return as_file(tables.pair(view), f"{view.left.key}-{view.right.key}", request.GET["format"])
    placed = [] if view.withheld else [c for c in (view.left, view.right) if c.kind == "number" and c.domain]
    drawn = [mapped(explore.by_place(actor, c.key).map, say(c.name), say(c.name)) for c in placed]
    maps = [map for map in drawn if map is not None]
    return show(request, actor, "explore_pair", "explore", maps=maps, mapped=placed, **_pair_context(view))


def _pair_context(view: PairView) -> dict[str, Any]:
    names = explore.place_names(view.left)
    shown = [say(names[m.name]) if m.name in names else m.name for m in view.scatter.marks]
    lefts, rights = say(view.left.name), say(view.right.name)
    both = _("%(left)s and %(right)s") % {"left": lefts, "right": rights}
    lined = [say(line.name) for line in view.lines]

    def period(number: int) -> str:
        return written(number, view.grain)

    return {
        "view": view,
        "kind": KINDS.get(view.kind, KINDS["none"]),
        "strength": STRENGTHS[view.strength],
        "why": WITHHELD.get(view.withheld or "", view.withheld),
        "caution": Text(sentences.CAUTION),
        "readings": [(Text(sentences.VIEWS[r.view][0]), Text(sentences.VIEWS[r.view][1]), r) for r in view.readings],
        "views": [(name, Text(sentences.VIEWS[name][0])) for name in view.views],
        "scatter": mark_safe(drawings.scatter(view.scatter, shown, both)),  # noqa: S308
        "marks": list(zip(shown, view.scatter.marks, strict=True))[:MOST_ROWS],
        "more": max(0, len(view.scatter.marks) - MOST_ROWS),
        "lines": [
            (column, mark_safe(drawings.lines(view.lines, lined, side, say(column.name), period)))  # noqa: S308
            for side, column in enumerate((view.left, view.right))
        ],
        "line_rows": [(say(n.name), period(p), x, y) for n in view.lines for p, x, y in n.points][:MOST_ROWS],
        "chosen": [line.place for line in view.lines],
        "lags": mark_safe(drawings.lags(view.lags, both)),  # noqa: S308
        "formats": FORMATS,
    }


def as_file(table: Any, name: str, format: str) -> StreamingHttpResponse:
    """An Arrow table as a download. Raises Invalid for an unknown format."""
    from commonweal.knowledge.lake.exports import export

    made = export(table, name, format)
    response = StreamingHttpResponse(made.chunks, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.filename}"'
    return response
