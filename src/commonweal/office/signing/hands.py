"""Signing and declining: every signature is checked against the document before it counts, and sealed as it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785
from django.db import IntegrityError, transaction

from commonweal.core import clock
from commonweal.core.errors import Invalid, Refused
from commonweal.core.identity import mandates
from commonweal.core.identity.actor import Actor
from commonweal.core.identity.passkeys import Used
from commonweal.core.journal.actions import record
from commonweal.core.trust import keys
from commonweal.office.signing import access, assertions, engine, events, opening, proof, shelf, uploads
from commonweal.office.signing.models import Place, Round


def challenge(actor: Actor, ref: str) -> bytes:
    """What the actor's passkey signs: the SHA-256 of the document. Raises NotAllowed, Refused as signing does."""
    round = access.round_for(actor, ref)
    _ready(actor, round, access.place_for(actor, round), "passkey")
    shelf.get(round.document)
    return bytes.fromhex(round.document)


def sign_with_passkey(actor: Actor, ref: str, used: Used, *, host: str, address: str) -> Round:
    """Sign with a passkey's answer over the document's hash, which `identity.passkeys.finish` has let pass.

    It is checked once more as anybody will check it later. The same place signed twice is signed once. Raises
    NotAllowed, Refused `round-over`, `not-your-turn`, `not-accepted`, `signature-refused` (params: why),
    `signature-used`, `document-damaged`, `no-mandate`.
    """
    evidence = assertions.kept(used.answer, used.public_key, host, address)
    once = hashlib.sha256(assertions.binary(evidence, "signature")).hexdigest()
    return _put(actor, ref, "passkey", {"passkey": evidence}, once, used=used)


def sign_with_upload(actor: Actor, ref: str, handed_in: bytes) -> Round:
    """Sign with the document signed elsewhere. Raises as `sign_with_passkey` does, and as uploads.judge does."""
    round = access.round_for(actor, ref)
    place = access.place_for(actor, round)
    if place.status == Place.SIGNED:
        return round
    _ready(actor, round, place, "upload")
    try:
        found = uploads.judge(shelf.get(round.document), handed_in, actor.name)
    except Refused as refused:
        _refused(actor, round, place, refused.code)
        raise
    name = shelf.put(handed_in)
    held = {
        "upload": {
            "sha256": name, "file": f"signature-{place.number}.{found.suffix}", "form": found.form,
            "name": found.name, "issuer": found.issuer, "field": found.field, "certificate": found.fingerprint,
            "signed_at": found.signed_at.isoformat() if found.signed_at else None, "level": found.level,
        }
    }  # fmt: skip
    return _put(actor, ref, "upload", held, name)


@transaction.atomic
def decline(actor: Actor, ref: str, reason: str) -> Round:
    """Say no, and why; nobody needs to sign then. Raises NotAllowed, Invalid (`reason`), Refused `round-over`."""
    if len(reason.strip()) < 3:
        raise Invalid({"reason": "Say why, in a few words"})
    round = access.round_for(actor, ref, write=True)
    place = access.place_for(actor, round)
    if place.status == Place.DECLINED:
        return round
    opening.refuse_unless_open(round)
    if place.status != Place.WAITING:
        raise Refused("round-over", "You have signed this already", status=round.status)
    place.status, place.reason, place.at = Place.DECLINED, reason.strip()[:1000], clock.now()
    place.save(update_fields=["status", "reason", "at"])
    opening.close(round, Round.DECLINED)
    personal = {"reason": place.reason}
    about, told = opening.about(round), opening.told(round, place)
    record(actor, events.DOCUMENT_DECLINED, opening.subject(round), told, personal=personal, about=about)
    return round


def _put(
    actor: Actor, ref: str, method: str, evidence: Mapping[str, Any], once: str, used: Used | None = None
) -> Round:
    try:
        with transaction.atomic():
            return _sign(actor, ref, method, evidence, once, used)
    except IntegrityError as twice:
        raise Refused("signature-used", "This signature was used before; sign again") from twice
    except assertions.NotHeld as wrong:
        round = access.round_for(actor, ref)
        _refused(actor, round, access.place_for(actor, round), wrong.code)
        raise Refused("signature-refused", f"The signature does not hold: {wrong}", why=wrong.code) from wrong


def _sign(actor: Actor, ref: str, method: str, evidence: Mapping[str, Any], once: str, used: Used | None) -> Round:
    round = access.round_for(actor, ref, write=True)
    place = access.place_for(actor, round)
    if place.status == Place.SIGNED and place.once == once:
        return round
    _ready(actor, round, place, method)
    shelf.get(round.document)
    if used is not None:
        if used.person.ref != actor.id:
            raise assertions.NotHeld("other-person", "it is another person's passkey")
        assertions.check(evidence["passkey"], bytes.fromhex(round.document))
    behalf, acting = _behalf(actor, round, place)
    place.status, place.method, place.once, place.at = Place.SIGNED, method, once, clock.now()
    place.evidence = {"person": actor.id, "name": actor.name, **behalf, **evidence}
    place.seal = keys.seal(proof.PURPOSE, proof.row(round, place))
    place.save(update_fields=["status", "method", "once", "at", "evidence", "seal"])
    data = opening.told(round, place) | {
        "method": method, "document": round.document,
        "evidence": hashlib.sha256(rfc8785.dumps(place.evidence)).hexdigest(),
    }  # fmt: skip
    record(acting, events.DOCUMENT_SIGNED, opening.subject(round), data, about=opening.about(round))
    if engine.complete([engine.Turn(each.number, each.status) for each in round.places.all()]):  # type: ignore[arg-type]
        round.status, round.remind_at = Round.SIGNED, None
        round.save(update_fields=["status", "remind_at"])
    return round


def _behalf(actor: Actor, round: Round, place: Place) -> tuple[dict[str, str], Actor]:
    """For whom one signs as applicant, when it is another: under which mandate, asked now. Raises Refused."""
    if place.role != "applicant" or round.principal_id == actor.id:
        return {}, actor
    mandate = mandates.may_act(actor, round.principal_id, round.services, "sign")
    if mandate is None:
        raise Refused("no-mandate", "You may not sign for them")
    acting = actor.acting_for(round.principal_id, mandate.ref)
    name = round.principal.name
    return {"on_behalf_of": round.principal_id, "on_behalf_of_name": name, "mandate": mandate.ref}, acting


def _ready(actor: Actor, round: Round, place: Place, method: str) -> None:
    """Raise Refused unless this place may be signed now and by this means."""
    opening.refuse_unless_open(round)
    if method not in round.accepts or (method == "passkey" and round.level == "qualified"):
        raise Refused("not-accepted", "This document is not signed that way", method=method)
    turns = [engine.Turn(each.number, each.status) for each in round.places.all()]  # type: ignore[arg-type]
    if place.number not in engine.whose_turn(turns, round.order):  # type: ignore[arg-type]
        raise Refused("not-your-turn", "Somebody else signs first, or you have signed already")


def _refused(actor: Actor, round: Round, place: Place, why: str) -> None:
    with transaction.atomic():
        data = opening.told(round, place) | {"reason": why}
        del data["role"]
        record(actor, events.SIGNING_REFUSED, opening.subject(round), data, about=opening.about(round))
