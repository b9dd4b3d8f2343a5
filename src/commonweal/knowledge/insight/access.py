"""Who may see findings: anybody where both datasets are open, civil servants in post the rest."""

from __future__ import annotations

from django.db.models import QuerySet

from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.knowledge.insight.models import Assignment, Finding


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


def supervises(actor: Actor | None) -> bool:
    """Whether one of the actor's posts supervises, so that they may give a finding to an organisation."""
    if actor is None or not actor.is_staff:
        return False
    posts = declared.current().posts
    return any(seat.post in posts and posts[seat.post].supervises for seat in actor.posts)


def must_supervise(actor: Actor | None) -> None:
    """Raises NotAllowed unless the actor holds a supervising post."""
    if not supervises(actor):
        raise NotAllowed("supervisors-only", "Only somebody in a supervising post gives a finding to an organisation")


def assignments(actor: Actor | None) -> QuerySet[Assignment]:
    """The tasks from findings an actor may see: those of their organisation, those they gave, all for a supervisor."""
    if actor is None or not actor.is_staff:
        return Assignment.objects.none()
    if supervises(actor):
        return Assignment.objects.all()
    return Assignment.objects.filter(organisation__in={seat.organisation for seat in actor.posts})


def assignment(actor: Actor | None, ref: str, *, answer: bool = False) -> Assignment:
    """One task, fetched and authorised; to `answer` it one must sit in its organisation. Raises NotAllowed."""
    rows = Assignment.objects.select_for_update() if answer else Assignment.objects.select_related("finding")
    found = rows.filter(ref=ref, pk__in=assignments(actor).values("pk")).first()
    mine = actor is not None and found is not None and found.organisation in {seat.organisation for seat in actor.posts}
    if found is None or (answer and not mine):
        raise NotAllowed("no-assignment", "There is no such task, or it is another office's")
    return found
