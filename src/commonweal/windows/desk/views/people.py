"""A person as an official may see them: through the cases of their own office."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed
from commonweal.core.identity import numbers
from commonweal.core.identity.actor import Actor
from commonweal.office.casework import queries as casework
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.shell import show


@require_GET
@staff_only
def person(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """The person's cases that this official's seats reach; a person without one is not found."""
    cursor = request.GET.get("cursor")
    page = casework.person_cases(actor, ref, cursor)
    if not page.rows and not cursor:
        raise NotAllowed("not-found", "There is no such person here")
    name = page.rows[0].applicant if page.rows else ref
    elements = declared.current().elements
    known = [(elements[each].name, end) for each, end in numbers.shown(ref).items() if each in elements]
    return show(request, actor, "person", "search", page=page, name=name, numbers=known)
