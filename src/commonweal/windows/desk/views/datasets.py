"""The catalogue of datasets: what, who, how good, how fresh, who may use it, a preview and the file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from commonweal.core.identity.actor import Actor
from commonweal.knowledge.lake import queries as lake
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.shell import show

FORMATS = (("csv", "CSV"), ("parquet", "Parquet"), ("arrow", "Arrow"))


@require_GET
@staff_only
def catalogue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every dataset the actor may know of, searched by words."""
    text = (request.GET.get("q") or "")[:200]
    page = lake.catalogue(actor, text=text, cursor=request.GET.get("cursor"), limit=50)
    return show(request, actor, "datasets", "datasets", page=page, text=text)


@require_GET
@staff_only
def dataset(request: HttpRequest, actor: Actor, id: str) -> HttpResponse:
    """One dataset."""
    view = lake.dataset(actor, id)
    preview = lake.preview(actor, id) if view.row.collected else None
    return show(request, actor, "dataset", "datasets", dataset=view, preview=preview, formats=FORMATS)


@require_GET
@staff_only
def download(request: HttpRequest, actor: Actor, id: str) -> HttpResponseBase:
    """The whole table as CSV, Parquet or Arrow; the lake refuses what is not open."""
    export = lake.export(actor, id, request.GET.get("format", "csv"))
    response = StreamingHttpResponse(export.chunks, content_type=export.content_type)
    response["Content-Disposition"] = f'attachment; filename="{export.filename}"'
    return response
