"""The journal as an auditor reads it: every event, the signed checkpoint, and whether the record still holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from commonweal.core.identity.actor import Actor
from commonweal.core.identity.queries import names
from commonweal.core.journal import queries
from commonweal.core.journal.models import Event
from commonweal.core.journal.verify import verify
from commonweal.windows.desk.access import AUDIT, require_function, staff_only
from commonweal.windows.desk.shell import show


@require_http_methods(["GET", "POST"])
@staff_only
def journal(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Events newest first, by subject or kind; POST recomputes the whole record now."""
    require_function(actor, AUDIT)
    subject = (request.GET.get("subject") or "").strip()[:120] or None
    kind = (request.GET.get("type") or "").strip()[:120] or None
    page = queries.events(request.GET.get("cursor"), subject=subject, type_prefix=kind)
    context: dict[str, Any] = {
        "page": page,
        "officials": _officials(page.rows),
        "subject": subject or "",
        "type": kind or "",
        "checkpoint": queries.checkpoint(),
        "report": verify() if request.method == "POST" else None,
    }
    return show(request, actor, "journal", "journal", **context)


def _officials(rows: Sequence[Event]) -> dict[str, str]:
    """Names of the officials who acted, by the journal's label; applicants stay references."""
    labels = {row.actor for row in rows if row.actor.startswith("staff:")}
    named = names([label.partition(":")[2] for label in labels])
    return {label: named.get(label.partition(":")[2], "") for label in labels}
