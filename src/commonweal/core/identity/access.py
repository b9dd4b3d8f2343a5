"""Who may see and change people."""

from __future__ import annotations

from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.core.identity.models import Person


def person(actor: Actor, ref: str) -> Person:
    """The person `ref`, for themself or for the system. Raises NotAllowed for anybody else, known or not.

    Staff see people through the cases they work, never by looking a person up.
    """
    if actor.kind != "system" and actor.id != ref:
        raise _refusal()
    try:
        return Person.objects.get(ref=ref)
    except Person.DoesNotExist:
        raise _refusal() from None


def may_manage(actor: Actor, subject: Person) -> None:
    """Pass for the person themself and for the system. Raises NotAllowed."""
    if actor.kind != "system" and actor.id != subject.ref:
        raise _refusal()


def may_appoint(actor: Actor) -> None:
    """Pass for the system: appointments come from an operator's command. Raises NotAllowed."""
    if actor.kind != "system":
        raise _refusal()


def _refusal() -> NotAllowed:
    return NotAllowed("no-such-person", "There is no such person here")
