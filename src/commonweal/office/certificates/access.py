"""Who may: fetch and authorise in one call. Missing and forbidden look the same.

A holder sees their own. An official sees and changes what the register gives a post of theirs the power over
(`kept_by` of the output), in their own branch.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed, Refused
from commonweal.core.identity.actor import Actor
from commonweal.core.ids import is_reference
from commonweal.office.certificates import sealing
from commonweal.office.certificates.models import Certificate
from commonweal.register import Register
from commonweal.register.models import Output


def held(actor: Actor) -> QuerySet[Certificate]:
    """The actor's own certificates."""
    if actor.kind != "person":
        return Certificate.objects.none()
    return Certificate.objects.filter(holder__ref=actor.id)


def own(actor: Actor, ref: str) -> Certificate:
    """One of the actor's own. Raises NotAllowed."""
    found = held(actor).filter(ref=ref).first() if is_reference(ref, "K") else None
    if found is None:
        raise _nothing()
    return found


def to_take(actor: Actor, ref: str) -> Certificate:
    """One of the actor's own that may be taken along in any form. What is signed for them must be what was decided.

    Raises NotAllowed, Refused `damaged-record`, and `certificate-state` for one that is over for good.
    """
    row = sound(own(actor, ref))
    if row.status in {Certificate.REVOKED, Certificate.REPLACED}:
        raise Refused("certificate-state", "This certificate is not in force any more", status=row.status)
    return row


def sound(row: Certificate) -> Certificate:
    """The row, where it is as this software wrote it. Raises Refused `damaged-record`."""
    if not sealing.unbroken(row):
        raise Refused("damaged-record", "The record of this certificate was changed outside this software")
    return row


def kept(actor: Actor) -> QuerySet[Certificate]:
    """The certificates an official has power over."""
    wanted = Q(pk__in=[])
    if actor.is_staff:
        for seat in actor.posts:
            for service, output in _powers(seat.post):
                wanted |= Q(service=service, output=output, region=seat.region)
    return Certificate.objects.filter(wanted)


def keeps_any(actor: Actor) -> bool:
    """Whether the register gives one of the actor's posts power over some certificate."""
    return actor.is_staff and any(_powers(seat.post) for seat in actor.posts)


def to_change(actor: Actor, ref: str, *, lock: bool = False) -> Certificate:
    """A certificate the official has power over, locked until the transaction ends when `lock`. Raises NotAllowed."""
    rows = kept(actor)
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(ref=ref).first() if is_reference(ref, "K") else None
    if found is None:
        raise _nothing()
    return found


def declared_output(certificate: Certificate) -> Output | None:
    """The output as the register in force declares it; None where it no longer does."""
    service = declared.current().services.get(certificate.service)
    outputs = service.outputs if service is not None else ()
    return next((each for each in outputs if each.id == certificate.output), None)


def _powers(post: str) -> list[tuple[str, str]]:
    register = declared.current()
    return _by_post(register).get(post, [])


_known: dict[str, dict[str, list[tuple[str, str]]]] = {}


def _by_post(register: Register) -> dict[str, list[tuple[str, str]]]:
    """Which outputs each post keeps, by the register's hash; only the newest is remembered."""
    if register.hash not in _known:
        found: dict[str, list[tuple[str, str]]] = {}
        for service in register.services.values():
            for output in service.outputs:
                for post in output.kept_by:
                    found.setdefault(post, []).append((service.id, output.id))
        _known.clear()
        _known[register.hash] = found
    return _known[register.hash]


def _nothing() -> NotAllowed:
    return NotAllowed("not-found", "There is no such certificate here")
