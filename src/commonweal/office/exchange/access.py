"""Who may put records in, and who may read what is held."""

from __future__ import annotations

from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actor import Actor


def may_hold(actor: Actor, publisher: str) -> None:
    """Pass for staff of the department that answers for the dataset, and for the system. Raises NotAllowed."""
    if actor.kind == "system":
        return
    if not (actor.is_staff and any(seat.organisation == publisher for seat in actor.posts)):
        raise NotAllowed("not-found", "Only the department that keeps this register writes in it")


def may_read_about(actor: Actor, person_ref: str) -> None:
    """Pass for the person themself and for the system. Raises NotAllowed.

    Departments never read this list: they ask for one kind of evidence, for one case, under one article.
    """
    if actor.kind != "system" and not (actor.kind == "person" and actor.id == person_ref):
        raise NotAllowed("not-found", "There is nothing to see here")
