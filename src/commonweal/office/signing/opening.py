"""Making the document and asking for signatures; inviting; taking it all back."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from commonweal.core import clock, ids
from commonweal.core.errors import Refused
from commonweal.core.identity.actor import Actor
from commonweal.core.identity.models import Person
from commonweal.core.journal.actions import record
from commonweal.office.signing import access, events, paper, shelf
from commonweal.office.signing.models import Place, Round, round_reference
from commonweal.office.signing.views import Asked, Wanted

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE = 12
"""Letters of an invitation code: 58 bits, good once."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A round and, shown this once, the codes to hand to signers who are named and not known: number to code."""

    round: Round
    codes: dict[int, str]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document set and kept, for which no round is written yet."""

    ref: str
    asked: Asked
    document: str
    size: int


def prepare(asked: Asked) -> Prepared:
    """Set the document and keep it; needs no transaction and may be thrown away. Raises Refused."""
    ref = round_reference()
    pdf = paper.compose({**asked.content, "reference": ref}, asked.language)
    return Prepared(ref, asked, shelf.put(pdf), len(pdf))


@transaction.atomic
def open_round(actor: Actor, prepared: Prepared) -> Opened:
    """Ask everybody to sign. Where a round of the same subject stands already, that one is returned, without codes.

    A place for somebody who cannot be known by reference gets an invitation code. Raises Refused `no-such-signer`,
    `same-signer`.
    """
    asked = prepared.asked
    standing = Round.objects.select_for_update().filter(subject=asked.subject, status__in=Round.STANDING).first()
    if standing is not None:
        return Opened(standing, {})
    _refuse_strangers(asked)
    now = clock.now()
    round = Round.objects.create(
        ref=prepared.ref, subject=asked.subject, principal_id=asked.principal, opener_id=actor.id,
        mandate=actor.on_behalf_of.mandate if actor.on_behalf_of else "", assurance=actor.assurance,
        services=list(asked.services), title=asked.title.root, language=asked.language,
        content={**asked.content, "reference": prepared.ref}, document=prepared.document, size=prepared.size,
        level=asked.level, order=asked.order, accepts=list(asked.accepts), opened_at=now, due_at=asked.due,
        remind_at=now + (asked.due - now) / 2,
    )  # fmt: skip
    codes = {number: _place(round, number, each) for number, each in enumerate(asked.signers, 1)}
    data = {
        "round": round.ref, "of": round.subject, "document": round.document, "size": round.size, "level": round.level,
        "order": round.order, "places": [{"number": n, "role": s.role} for n, s in enumerate(asked.signers, 1)],
        "due": asked.due.isoformat(),
    }  # fmt: skip
    record(actor, events.ROUND_OPENED, subject(round), data, about=about(round))
    return Opened(round, {number: code for number, code in codes.items() if code})


@transaction.atomic
def renew_invitation(actor: Actor, ref: str, number: int) -> str:
    """A new code for a place nobody has taken; the old one opens nothing. Raises NotAllowed, Refused `round-over`."""
    round = access.round_for(actor, ref, write=True)
    access.opened_by(actor, round)
    refuse_unless_open(round)
    place = round.places.filter(number=number, person=None).first()
    if place is None:
        raise access.nothing()
    code = _code()
    place.code = hashed(code)
    place.save(update_fields=["code"])
    record(actor, events.INVITATION_RENEWED, subject(round), told(round, place), about=about(round))
    return code


@transaction.atomic
def take_invitation(actor: Actor, code: str) -> Round:
    """Take the place one was invited to. A code is good once; whoever signs already has one place and needs no other.

    Raises Refused `bad-code`, `round-over`, `same-signer`.
    """
    if actor.kind != "person":
        raise access.nothing()
    place = Place.objects.filter(code=hashed(code), person=None).exclude(code="").first()
    if place is None:
        raise Refused("bad-code", "This code opens nothing; it may have been used")
    round = Round.objects.select_for_update().get(pk=place.round_id)
    refuse_unless_open(round)
    if round.places.filter(person_id=actor.id).exists():
        raise Refused("same-signer", "You sign this document already; another person takes this place")
    taken = Place.objects.filter(pk=place.pk, person=None, code=place.code).update(person_id=actor.id, code="")
    if not taken:
        raise Refused("bad-code", "This code opens nothing; it may have been used")
    record(actor, events.INVITATION_TAKEN, subject(round), told(round, place), about=about(round))
    return round


@transaction.atomic
def withdraw(actor: Actor, ref: str) -> Round:
    """Take the document back before it is sealed. Twice is once. Raises NotAllowed, Refused `round-over`."""
    round = access.round_for(actor, ref, write=True)
    access.opened_by(actor, round)
    if round.status == Round.WITHDRAWN:
        return round
    if round.status not in Round.STANDING:
        refuse_unless_open(round)
    close(round, Round.WITHDRAWN)
    record(actor, events.ROUND_WITHDRAWN, subject(round), {"round": round.ref}, about=about(round))
    return round


def overtake(actor: Actor, of: str) -> None:
    """The answers changed: what was signed of them counts no more. Within the transaction that changes them."""
    round = Round.objects.select_for_update().filter(subject=of, status__in=Round.STANDING).first()
    if round is not None:
        close(round, Round.OVERTAKEN)
        signed = list(round.places.filter(status=Place.SIGNED).values_list("number", flat=True))
        data = {"round": round.ref, "signed": signed}
        record(actor, events.ROUND_OVERTAKEN, subject(round), data, about=about(round))


def close(round: Round, status: str) -> None:
    """Mark a round as over."""
    round.status, round.closed_at, round.remind_at = status, clock.now(), None
    round.save(update_fields=["status", "closed_at", "remind_at"])
    round.places.filter(person=None).update(code="")


def refuse_unless_open(round: Round) -> None:
    """Raise Refused `round-over` (params: status) when nobody signs any more."""
    if round.status != Round.OPEN or round.due_at <= clock.now():
        raise Refused("round-over", "This document is not to be signed any more", status=round.status)


def subject(round: Round) -> str:
    """How the journal names a round."""
    return f"signing:{round.ref}"


def about(round: Round) -> list[str]:
    """Everybody known whom a round concerns."""
    signers: list[Any] = list(round.places.exclude(person=None).values_list("person_id", flat=True))
    return sorted({round.principal_id, round.opener_id, *(each for each in signers if each)})


def told(round: Round, place: Place) -> dict[str, Any]:
    """What every event about a place says."""
    return {"round": round.ref, "number": place.number, "role": place.role}


def hashed(code: str) -> str:
    """A code as it is kept, however it was typed."""
    plain = "".join(c for c in code.upper() if c in _LETTERS)
    return hashlib.sha256(plain.encode()).hexdigest() if len(plain) == CODE else "no code"


def _code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(CODE))
    return "-".join(letters[i : i + 4] for i in range(0, CODE, 4))


def _place(round: Round, number: int, wanted: Wanted) -> str:
    code = "" if wanted.person else _code()
    Place.objects.create(
        round=round, number=number, role=wanted.role, role_name=wanted.role_name.root, person_id=wanted.person,
        invited=wanted.invited[:200], code=hashed(code) if code else "",
    )  # fmt: skip
    return code


def _refuse_strangers(asked: Asked) -> None:
    known = [each.person for each in asked.signers if each.person]
    found = set(Person.objects.filter(ref__in=known, is_active=True).values_list("ref", flat=True))
    if missing := next((each for each in known if each not in found), None):
        raise Refused("no-such-signer", "Nobody here has this reference", who=missing)
    if len(set(known)) < len(known):
        raise Refused("same-signer", "One person cannot sign for two; name somebody else")


def is_reference(text: str) -> bool:
    """Whether an answer names a person by reference rather than by name."""
    return ids.is_reference(text.strip().upper(), "P")
