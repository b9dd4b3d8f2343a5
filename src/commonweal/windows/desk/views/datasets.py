"""The catalogue of datasets: what, who, how good, how fresh, where it leads, who may use it, and what to mend."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid
from commonweal.core.identity.actor import Actor
from commonweal.knowledge.insight import people, releasing
from commonweal.knowledge.insight import queries as insight
from commonweal.knowledge.insight.explore import queries as explore
from commonweal.knowledge.lake import mending
from commonweal.knowledge.lake import queries as lake
from commonweal.knowledge.lake.views import DatasetView, Export
from commonweal.knowledge.linkage import showing as linkage
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.shell import show

FORMATS = (("csv", "CSV"), ("parquet", "Parquet"), ("arrow", "Arrow"))
FINDINGS = 6


@require_GET
@staff_only
def catalogue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every dataset the actor may know of, searched by words."""
    text = (request.GET.get("q") or "")[:200]
    page = lake.catalogue(actor, text=text, cursor=request.GET.get("cursor"), limit=50)
    waiting = bool(mending.to_mend(actor, limit=1).rows)
    return show(request, actor, "datasets", "datasets", page=page, text=text, waiting=waiting)


@require_GET
@staff_only
def dataset(request: HttpRequest, actor: Actor, id: str) -> HttpResponse:
    """One dataset, now or as it stood on a day."""
    day = _day(request.GET.get("as_of"))
    view = lake.dataset(actor, id, _end_of(day) if day else None)
    explored = {row.column: row for row in explore.of_dataset(actor, id)}
    context: dict[str, Any] = {
        "dataset": view,
        "columns": [(column, explored.get(column.name)) for column in view.columns],
        "day": day,
        "preview": lake.preview(actor, id, snapshot=view.snapshot) if view.row.collected else None,
        "formats": FORMATS,
        "trend": mending.trend(actor, id),
        "notices": mending.notices(actor, id),
        "laws": _laws(view),
        "links": linkage.uses(id),
        "findings": insight.findings(actor, None, limit=FINDINGS, dataset=id).rows,
        "noisy": releasing.releases(actor, id),
        "beside": people.beside(actor, declared.current().datasets[id]),
    }
    return show(request, actor, "dataset", "datasets", **context)


def _day(told: str | None) -> date | None:
    """The day asked for. Raises Invalid for text that is none."""
    if not told:
        return None
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise Invalid({"as_of": "Write the day as 2026-03-31"}) from None


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, ZoneInfo(declared.current().jurisdiction.timezone))


def _laws(view: DatasetView) -> list[tuple[str, Any, Any]]:
    """Each article the dataset stands on: reference, act, article."""
    laws, found = declared.current().laws, []
    for reference in view.legal:
        act_id, _, article_id = reference.partition("/")
        act = laws.get(act_id)
        found.append((reference, act, act.article(article_id) if act and article_id else None))
    return found


@require_GET
@staff_only
def download(request: HttpRequest, actor: Actor, id: str) -> HttpResponseBase:
    """The whole table as CSV, Parquet or Arrow, now or as it stood; the lake refuses what the actor may not have."""
    day = _day(request.GET.get("as_of"))
    return _file(lake.export(actor, id, request.GET.get("format", "csv"), as_of=_end_of(day) if day else None))


def _file(export: Export) -> HttpResponseBase:
    response = StreamingHttpResponse(export.chunks, content_type=export.content_type)
    response["Content-Disposition"] = f'attachment; filename="{export.filename}"'
    return response


@require_GET
@staff_only
def to_mend(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the offices of this official have to mend in the data they publish."""
    page = mending.to_mend(actor, request.GET.get("cursor"))
    return show(request, actor, "mend", "datasets", page=page)


@require_GET
@staff_only
def bad_rows(request: HttpRequest, actor: Actor, id: str) -> HttpResponse:
    """The rows of one dataset that were set aside, and why."""
    view = lake.dataset(actor, id)
    page = lake.quarantine(actor, id, request.GET.get("cursor"))
    return show(request, actor, "mend_rows", "datasets", dataset=view, page=page)


@require_GET
@staff_only
def bad_rows_file(request: HttpRequest, actor: Actor, id: str) -> HttpResponseBase:
    """The same as CSV, to be mended where the data are kept."""
    return _file(mending.bad_rows(actor, id, get_language() or "en"))
