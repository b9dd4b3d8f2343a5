"""Who may open which page of the desk. What rows they then see is decided by the rooms' own access."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.windows.look.http import staff_of

View = Callable[..., HttpResponseBase]

AUDIT = "audit"
"""The function an organisation holds whose staff may read the whole journal."""
CASHIER = "cashier"
"""The function an organisation holds whose staff may record a payment made at the counter."""


def staff_only(view: View) -> View:
    """Give the view the staff actor as its second argument; strangers sign in first, others see a 404."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, staff_of(request), *args, **kwargs)

    return guarded


def holds_function(actor: Actor, function: str) -> bool:
    """Whether one of the actor's seats is in an organisation that holds `function`."""
    organisations = declared.current().organisations
    mine = {seat.organisation for seat in actor.posts}
    return any(function in organisations[each].functions for each in mine if each in organisations)


def require_function(actor: Actor, function: str) -> None:
    """Raise NotAllowed unless `holds_function`."""
    if not holds_function(actor, function):
        raise NotAllowed("function", "This page belongs to another office")
