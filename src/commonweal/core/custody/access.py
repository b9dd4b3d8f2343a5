"""Who keeps the keys: staff of an organisation that the register gives the function `key-custody`."""

from __future__ import annotations

from commonweal.core.custody.models import KeyRequest
from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed, Refused
from commonweal.core.identity.actor import Actor

FUNCTION = "key-custody"


def keeps(actor: Actor) -> bool:
    """Whether one of the actor's seats is in an organisation that keeps keys."""
    if not actor.is_staff:
        return False
    try:
        known = declared.current().organisations
    except Refused:
        return False
    return any(FUNCTION in known[seat.organisation].functions for seat in actor.posts if seat.organisation in known)


def may_see(actor: Actor) -> None:
    """Pass for those who keep keys and for the operator. Raises NotAllowed."""
    if actor.kind != "system" and not keeps(actor):
        raise NotAllowed("function", "This page belongs to the office that keeps the keys")


def to_decide(actor: Actor, ref: str) -> KeyRequest:
    """A waiting request that `actor` may decide, locked. Raises NotAllowed, Refused `own-request`, `decided`."""
    if not keeps(actor):
        raise NotAllowed("function", "This page belongs to the office that keeps the keys")
    request = KeyRequest.objects.select_for_update().filter(ref=ref).first()
    if request is None:
        raise NotAllowed("no-request", "There is no such request")
    if request.state != KeyRequest.WAITING:
        raise Refused("key-decided", "Somebody has already decided this")
    if request.asked_by == actor.id:
        raise Refused("own-request", "Whoever asked cannot approve: a second person does")
    return request
