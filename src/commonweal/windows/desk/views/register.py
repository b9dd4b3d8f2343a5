"""What is in force: services, their versions, and what the last publications changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.register import ServiceBundle
from commonweal.register.models import Step
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.shell import show


@require_GET
@staff_only
def register(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Services in force today, and the publications, newest first."""
    current = declared.current()
    day = clock.now().date()
    context: dict[str, Any] = {
        "register": current,
        "services": [(each, current.organisations.get(each.authority)) for each in current.services.values()],
        "day": day,
        "publications": declared.publications(request.GET.get("cursor")),
    }
    return show(request, actor, "register", "register", **context)


@require_GET
@staff_only
def service(request: HttpRequest, actor: Actor, service: str) -> HttpResponse:
    """One service as officials work it: steps, posts, deadlines, law, and its versions."""
    if service not in declared.current().services:
        raise NotAllowed("no-service", "There is no such service")
    version = declared.current_version(service)
    context: dict[str, Any] = {
        "service": version.bundle.service,
        "steps": _steps(version.bundle),
        "laws": _laws(version.bundle),
        "version": version.hash,
    }
    return show(request, actor, "service", "register", **context)


def _steps(bundle: ServiceBundle) -> list[tuple[Step, Any, Any]]:
    """Each step with its post and organisation."""
    return [
        (step, bundle.posts.get(step.by or ""), bundle.organisations.get((step.by or "").partition("/")[0]))
        for step in bundle.service.steps
    ]


def _laws(bundle: ServiceBundle) -> list[tuple[str, Any, Any]]:
    """Each article the service stands on: reference, act, article."""
    found = []
    for reference in bundle.service.legal:
        act_id, _, article_id = reference.partition("/")
        act = bundle.laws.get(act_id)
        found.append((reference, act, act.article(article_id) if act and article_id else None))
    return found
