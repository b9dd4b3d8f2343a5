"""Who may see findings: anybody where both datasets are open, civil servants in post the rest."""

from __future__ import annotations

from django.db.models import QuerySet

from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.knowledge.insight.models import Finding


def in_office(actor: Actor | None) -> bool:
    """Whether the actor holds a post, or is the platform."""
    return actor is not None and (actor.kind == "system" or (actor.is_staff and bool(actor.posts)))


def visible(actor: Actor | None) -> QuerySet[Finding]:
    """The findings an actor may see."""
    shown = Finding.objects.filter(listed=True)
    return shown if in_office(actor) else shown.filter(open=True)


def visible_finding(actor: Actor | None, ref: str) -> Finding:
    """One finding, fetched and authorised. Raises NotAllowed; an unlisted one stays readable by its name."""
    found = Finding.objects.select_related("scan").filter(ref=ref).first()
    if found is None or not (found.open or in_office(actor)):
        raise NotAllowed("no-finding", "There is no such finding, or you may not see it")
    return found


def must_be_in_office(actor: Actor | None) -> None:
    """Raises NotAllowed unless the actor holds a post."""
    if not in_office(actor):
        raise NotAllowed("staff-only", "Only civil servants in post see this page")
