"""Two minutes for a leader: five figures, three findings, the regions ranked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.knowledge.insight import queries as insight
from commonweal.knowledge.insight.explore import queries as explore
from commonweal.knowledge.insight.views import RegionBar
from commonweal.windows.desk import charts
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.mapped import Map, mapped
from commonweal.windows.desk.shell import show

FEWEST_ON_A_MAP = 3


@require_GET
@staff_only
def cockpit(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The whole jurisdiction, or one region with `?region=`."""
    regions = declared.current().regions
    chosen = request.GET.get("region") or None
    if chosen and chosen not in regions:
        raise NotAllowed("no-region", "There is no such region")
    overview = insight.overview(actor, region=chosen)
    leaf = chosen is not None and len(overview.regions) <= 1
    compared = insight.overview(actor).regions if leaf else overview.regions
    context: dict[str, Any] = {
        "overview": overview,
        "tiles": [(tile, [point.value for point in tile.trend]) for tile in overview.tiles],
        "bars": charts.bars(compared),
        "findings": insight.findings(actor, limit=3).rows,
        "map": _map(overview.regions),
        "region": regions[chosen] if chosen else None,
        "leaf": leaf,
    }
    return show(request, actor, "cockpit", "cockpit", **context)


def _map(bars: Sequence[RegionBar]) -> Map | None:
    """The ranked regions on the map, where outlines are declared and three of them or more have figures."""
    if sum(bar.value is not None for bar in bars) < FEWEST_ON_A_MAP:
        return None
    figures = explore.region_map({bar.region: bar.value for bar in bars})
    what = _("Median working days from application to decision")
    return mapped(figures, what, what)
