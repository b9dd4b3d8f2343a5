"""What waits for this official, what is due first, and finding a case."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from commonweal.core.declared import queries as declared
from commonweal.core.identity.actor import Actor
from commonweal.office.casework import queries as casework
from commonweal.register import Register
from commonweal.register.models import PublicService
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.shell import show

VIEWS = {
    "due": _("Due first"),
    "mine": _("Taken on by me"),
    "overdue": _("Overdue"),
    "waiting": _("Waiting for the applicant"),
    "done": _("Done"),
}


@require_GET
@staff_only
def inbox(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The steps this official's posts may work, by deadline."""
    view = request.GET.get("view", "due")
    view = view if view in VIEWS else "due"
    register = declared.current()
    services = _services_of(register, actor)
    service = request.GET.get("service") or None
    service = service if service in {each.id for each in services} else None
    page = casework.inbox(actor, view=view, service=service, cursor=request.GET.get("cursor"), limit=50)
    context: dict[str, Any] = {
        "view": view,
        "views": VIEWS.items(),
        "service": service,
        "services": services,
        "page": page,
        "places": len({row.region for row in page.rows}) > 1,
        "posts": _posts(register, actor),
    }
    return show(request, actor, "inbox", "inbox", **context)


def _services_of(register: Register, actor: Actor) -> list[PublicService]:
    """The services with a step that one of the actor's posts works."""
    mine = {seat.post for seat in actor.posts}
    return [each for each in register.services.values() if any(step.by in mine for step in each.steps)]


def _posts(register: Register, actor: Actor) -> list[tuple[object, object]]:
    """The actor's seats as (post, region) declarations, for the line that says in which capacity one sits here."""
    seats = sorted(actor.posts, key=lambda seat: (seat.post, seat.region))
    return [(register.posts.get(seat.post), register.regions.get(seat.region)) for seat in seats]


@require_GET
@staff_only
def search(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Cases this official may see, by reference or applicant. A whole reference goes straight to the case."""
    text = (request.GET.get("q") or "").strip()[:200]
    page = casework.search_cases(actor, text, request.GET.get("cursor")) if text else None
    if page and len(page.rows) == 1 and page.rows[0].case == text.upper():
        return redirect("desk:case", page.rows[0].case)
    return show(request, actor, "search", "search", text=text, page=page)
