"""The front page, search in one's own words, the list of all services, and guides."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from commonweal.core import clock, pages
from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed
from commonweal.office.casework import queries as casework
from commonweal.register.models import PublicService
from commonweal.windows.counter.guide import guide, together
from commonweal.windows.look.finding import search
from commonweal.windows.look.http import person_of, signed_in

POPULAR = 6
LISTED = 50
REMEMBERED = 600
"""Seconds for which the popular services are remembered."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search, life events as cards, popular services, nothing else."""
    register = declared.current()
    today = clock.now().date()
    events = [event for event in register.events.values() if event.effective.covers(today)]
    open_today = {service.id: service for service in register.services_in_force(today)}
    services = [
        open_today[each] for each in _asked_most(int(clock.now().timestamp()) // REMEMBERED) if each in open_today
    ]
    return render(request, "counter/home.html", {"events": events, "services": services})


@lru_cache(maxsize=2)
def _asked_most(period: int) -> tuple[str, ...]:
    """What is asked for often, looked up once a period."""
    return casework.asked_most(POPULAR)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Services and life events that fit what somebody typed."""
    text = request.GET.get("q", "")[:200].replace("\x00", "").strip()
    hits = search(declared.current(), text, clock.now().date()) if text else []
    return render(request, "counter/find.html", {"text": text, "results": [hit.item for hit in hits]})


@require_safe
def all_services(request: HttpRequest) -> HttpResponse:
    """Every service in force, by name, page by page."""
    language = get_language() or "en"
    services = declared.current().services_in_force(clock.now().date())
    named = sorted(((each.name.say(language).casefold(), each.id, each) for each in services), key=lambda row: row[:2])
    if cursor := request.GET.get("cursor"):
        after = tuple(pages.decode(cursor, 2))
        named = [row for row in named if row[:2] > after]
    page = pages.page(named[: LISTED + 1], LISTED, lambda row: row[:2])
    return render(request, "counter/all_services.html", {"page": page, "services": [row[2] for row in page.rows]})


@require_safe
def service(request: HttpRequest, service_id: str) -> HttpResponse:
    """The guide: can I, what it costs, how long, what I need, who handles it, the law, start."""
    bundle = declared.current_version(service_id).bundle
    today = clock.now().date()
    context = {
        "service": bundle.service,
        "guide": guide(bundle, today),
        "open": bundle.service.effective.covers(today),
        "event": declared.current().events.get(bundle.service.event or ""),
        "drafts": _drafts(request, service=service_id),
    }
    return render(request, "counter/service.html", context)


@require_safe
def event(request: HttpRequest, event_id: str) -> HttpResponse:
    """A life event: what belongs to it; with `bundle`, applied for once."""
    register = declared.current()
    found = register.events.get(event_id)
    if found is None:
        raise NotAllowed("no-such-event", "There is no such life event")
    today = clock.now().date()
    parts = [
        _part(register.services[each.service], register, sometimes=each.when is not None)
        for each in found.services
        if each.service in register.services and register.services[each.service].effective.covers(today)
    ]
    context = {"event": found, "parts": parts, "drafts": _drafts(request, event=event_id)}
    if found.bundle:
        guides = [guide(declared.current_version(part["service"].id).bundle, today) for part in parts]
        context["papers"] = together(guides)
        context["fees"] = [fee for each in guides for fee in each.fees]
    return render(request, "counter/event.html", context)


def _part(service: PublicService, register: Any, *, sometimes: bool) -> dict[str, Any]:
    return {
        "service": service,
        "authority": register.organisations[service.authority].name,
        "deadline": service.deadline,
        "sometimes": sometimes,
    }


def _drafts(request: HttpRequest, *, service: str | None = None, event: str | None = None) -> list[Any]:
    """The newest application for this that the person has begun and not sent, if there is one."""
    if signed_in(request) is None:
        return []
    rows = casework.my_applications(person_of(request)).rows
    begun = [
        row
        for row in rows
        if row.status == "draft" and (row.event == event if event else row.event is None and service in row.services)
    ]
    return begun[:1]
