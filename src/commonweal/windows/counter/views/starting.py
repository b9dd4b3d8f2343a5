"""Starting an application. The button is a form, so that nothing begins by merely following a link."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from commonweal.office.casework import actions as casework
from commonweal.windows.look import keeping
from commonweal.windows.look.http import person_of


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
    what: dict[str, Any] = {kind: name}
    application = casework.start(actor, **what, language=get_language() or "en")
    return redirect("application", application.ref)
