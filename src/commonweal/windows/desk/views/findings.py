"""What the data says, in sentences: the list and one finding with all that belongs to it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_GET

from commonweal.core.identity.actor import Actor
from commonweal.knowledge.insight import queries as insight
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.shell import show

KINDS = {
    "association": gettext_lazy("Moves together"),
    "between": gettext_lazy("Differs between regions"),
    "trend-only": gettext_lazy("Only the same trend"),
    "size-only": gettext_lazy("Only larger in larger places"),
    "same-measure": gettext_lazy("The same thing measured twice"),
    "part-of-total": gettext_lazy("A part of its total"),
}


@require_GET
@staff_only
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Findings, the surest first, by kind, dataset or origin."""
    kind = request.GET.get("kind") or None
    chosen = {
        "kind": kind if kind in KINDS else None,
        "dataset": (request.GET.get("dataset") or "")[:80] or None,
        "origin": "office" if request.GET.get("origin") == "office" else None,
    }
    page = insight.findings(actor, request.GET.get("cursor"), limit=20, **chosen)
    return show(request, actor, "findings", "findings", page=page, chosen=chosen, kinds=KINDS.items())


@require_GET
@staff_only
def finding(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """One finding: sentence, chart with its table, how sure, what else could explain it, the data."""
    view = insight.finding(actor, ref)
    return show(request, actor, "finding", "findings", finding=view, sides=(view.row.left, view.row.right))


@require_GET
@staff_only
def chart(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """The chart of a finding as SVG, with the words of the reader's language."""
    response = HttpResponse(insight.chart(actor, ref, get_language() or "en"), content_type="image/svg+xml")
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response
