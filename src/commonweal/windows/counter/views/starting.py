"""Starting an application. The button is a form, so that nothing begins by merely following a link."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commonweal.core.declared import queries as declared
from commonweal.core.identity.actor import Actor
from commonweal.core.identity.assurance import LEVELS
from commonweal.core.identity.models import Mandate
from commonweal.office.casework import actions as casework
from commonweal.office.casework import representing
from commonweal.register.models import PublicService
from commonweal.windows.look import keeping
from commonweal.windows.look.http import person_of, require


@require_http_methods(["GET", "POST"])
def start_service(request: HttpRequest, service_id: str) -> HttpResponse:
    """Begin an application for one service."""
    return _start(request, "service", service_id)


@require_http_methods(["GET", "POST"])
def start_event(request: HttpRequest, event_id: str) -> HttpResponse:
    """Begin one application for every service of a life event."""
    return _start(request, "event", event_id)


def _start(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """Begin when the button was pressed: now, or just before signing in. A plain visit leads back to the guide."""
    actor = person_of(request)
    pressed = request.method == "POST" or bool(keeping.take_back(request))
    if not pressed:
        return redirect(kind, name)
    services = _services(kind, name)
    require(request, max((each.assurance for each in services), key=LEVELS.index, default="low"))
    others = representing.candidates(actor, [each.id for each in services])
    chosen = request.POST.get("for", "")
    if others and not chosen:
        return _ask_for_whom(request, actor, others, kind, name)
    what: dict[str, Any] = {kind: name, "on_behalf_of": chosen or None}
    application = casework.start(actor, **what, language=get_language() or "en")
    return redirect("application", application.ref)


def _services(kind: str, name: str) -> list[PublicService]:
    """The services that would be applied for; none for a name nobody declared."""
    register = declared.current()
    event = register.events.get(name) if kind == "event" else None
    names = [each.service for each in event.services] if event else [name]
    return [register.services[each] for each in names if each in register.services]


def _ask_for_whom(request: HttpRequest, actor: Actor, others: list[Mandate], kind: str, name: str) -> HttpResponse:
    """One question before the first: who is this for?"""
    types = representing.types()
    options = [(actor.id, _("For myself"))] + [
        (each.principal_id, each.principal.name, types[each.type].name if each.type in types else "") for each in others
    ]
    action = reverse(f"start-{kind}", args=[name])
    return render(request, "counter/for_whom.html", {"options": options, "chosen": "", "action": action})
