"""What the government offers: open to everybody, in the language asked for."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Query, Router

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed
from commonweal.register import Register
from commonweal.register.models import PublicService
from commonweal.windows.api import paging, said
from commonweal.windows.api.paging import Cursor, Limit
from commonweal.windows.api.schemas_services import LifeEventPage, LifeEventRow, ServiceOut, ServicePage
from commonweal.windows.look.finding import find_services

router = Router(tags=["services"])
Id = Annotated[str, Path(max_length=80)]


@router.get("/services", response=ServicePage, auth=None, operation_id="listServices", summary="List and search")
def list_services(
    request: HttpRequest,
    q: Annotated[str | None, Query(max_length=200, description="What you want, in your own words.")] = None,
    audience: Literal["citizen", "business"] | None = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> Any:
    """Services in force today. With `q`, those that fit best come first."""
    register = declared.current()
    found = find_services(register, q, clock.now().date(), limit=200) if q and q.strip() else _in_force(register)
    rows = [service for service in found if audience is None or audience in service.audience]
    page = paging.over(rows, cursor, limit)
    return paging.shown(page.map(lambda service: said.service_row(register, service)))


def _in_force(register: Register) -> list[PublicService]:
    return list(register.services_in_force(clock.now().date()))


@router.get("/services/{id}", response=ServiceOut, auth=None, operation_id="getService", summary="One service")
def get_service(request: HttpRequest, id: Id) -> Any:
    """The version in force: form, steps, fees, law, and the JSON Schema of its answers."""
    if id not in declared.current().services:
        raise NotAllowed("no-service", "There is no such service")
    version = declared.current_version(id)
    return said.service(version.bundle, version.hash)


@router.get("/life-events", response=LifeEventPage, auth=None, operation_id="listLifeEvents", summary="Life events")
def list_life_events(request: HttpRequest, cursor: Cursor = None, limit: Limit = 20) -> Any:
    """Moments in life and the services that belong to each."""
    register = declared.current()
    day = clock.now().date()
    rows = [event for event in register.events.values() if event.effective.covers(day)]
    return paging.shown(paging.over(rows, cursor, limit).map(lambda event: said.life_event(register, event)))


@router.get(
    "/life-events/{id}", response=LifeEventRow, auth=None, operation_id="getLifeEvent", summary="One life event"
)
def get_life_event(request: HttpRequest, id: Id) -> Any:
    """One life event. A bundle is applied for once: POST /applications with its `event`."""
    register = declared.current()
    if id not in register.events:
        raise NotAllowed("no-event", "There is no such life event")
    return said.life_event(register, register.events[id])
