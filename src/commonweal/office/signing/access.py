"""Who may: fetch and authorise in one call. Whoever opened it, for whom it is, and everybody who signs see a round."""

from __future__ import annotations

from django.db.models import Q

from commonweal.core.errors import NotAllowed
from commonweal.core.identity import mandates
from commonweal.core.identity.actor import Actor
from commonweal.core.ids import is_reference
from commonweal.office.signing.models import Place, Round


def round_for(actor: Actor, ref: str, *, write: bool = False) -> Round:
    """A round the actor has to do with, locked until the transaction ends when `write`. Raises NotAllowed."""
    rows = Round.objects.select_for_update() if write else Round.objects.all()
    found = rows.filter(ref=ref).first() if is_reference(ref, "S") else None
    if found is None or not _concerned(actor, found):
        raise nothing()
    return found


def place_for(actor: Actor, round: Round) -> Place:
    """The actor's own place; the one still empty where they have several. Raises NotAllowed."""
    mine = list(round.places.filter(person_id=actor.id).order_by("number")) if actor.kind == "person" else []
    if not mine:
        raise nothing()
    return next((each for each in mine if each.status == Place.WAITING), mine[0])


def opened_by(actor: Actor, round: Round) -> None:
    """Pass for whoever opened it or is applied for. Raises NotAllowed."""
    if actor.kind != "person" or actor.id not in {round.opener_id, round.principal_id}:
        raise nothing()


def mine(actor: Actor) -> Q:
    """The places a person signs at."""
    return Q(person_id=actor.id) if actor.kind == "person" else Q(pk__in=[])


def _concerned(actor: Actor, round: Round) -> bool:
    if actor.kind == "system":
        return True
    if actor.kind != "person":
        return False
    if actor.id in {round.opener_id, round.principal_id} or round.places.filter(person_id=actor.id).exists():
        return True
    return mandates.may_act(actor, round.principal_id, round.services, "see") is not None


def nothing() -> NotAllowed:
    """There is nothing, or it is not theirs: one answer for both."""
    return NotAllowed("not-found", "There is nothing here, or it is not yours to see")
