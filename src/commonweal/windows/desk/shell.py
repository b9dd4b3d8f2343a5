"""A page of the desk: its place in the bar, and what the bar may show this official."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commonweal.core.custody import access as custody
from commonweal.core.identity.actor import Actor
from commonweal.knowledge.linkage.queries import reviews_any
from commonweal.office.casework.retaining import supervises
from commonweal.office.certificates.queries import keeps_any
from commonweal.windows.desk.access import AUDIT, CASHIER, holds_function


def show(
    request: HttpRequest, actor: Actor, template: str, section: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render `desk/<template>.html` with `section` marked in the bar."""
    bar = {
        "section": section,
        "at_desk": True,
        "may_audit": holds_function(actor, AUDIT),
        "may_hold_keys": custody.keeps(actor),
        "may_keep": keeps_any(actor),
        "may_link": reviews_any(actor),
        "supervises": supervises(actor),
        "may_take_money": holds_function(actor, CASHIER),
    }
    return render(request, f"desk/{template}.html", {**bar, **context}, status=status)
