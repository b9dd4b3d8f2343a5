"""When all have signed: the proof attached, the document sealed. And what falls due by itself: reminders, the end."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from commonweal.core import clock
from commonweal.core.errors import Refused
from commonweal.core.identity.actor import SYSTEM, Actor
from commonweal.core.journal.actions import record
from commonweal.core.trust import documents
from commonweal.office.signing import assertions, engine, events, opening, proof, shelf
from commonweal.office.signing.models import Place, Round

REASON = {"en": "Sealed when everybody had signed", "zh-hans": "全体签名后加盖电子印章"}
TALLY = 200
"""How many rounds fall due in one go."""


def seal_document(round: Round) -> str:
    """The sealed document, kept; its SHA-256. Outside a transaction: it takes a second, and may be done again.

    Raises Refused `record-changed` when a row or the document is not as it was signed, `document-damaged`.
    """
    places = list(round.places.order_by("number"))
    original = shelf.get(round.document)
    for place in places:
        if place.status != Place.SIGNED or not proof.unbroken(round, place):
            raise Refused("record-changed", "What was kept of a signature was changed", number=place.number)
        if place.method == "passkey":
            try:
                assertions.check((place.evidence or {})["passkey"], bytes.fromhex(round.document))
            except assertions.NotHeld as wrong:
                raise Refused("record-changed", str(wrong), number=place.number) from wrong
    files = {proof.NAME: proof.written(round, places)}
    for place in places:
        if place.method == "upload":
            upload = (place.evidence or {})["upload"]
            files[upload["file"]] = shelf.get(upload["sha256"])
    whole = proof.attach(original, files)
    return shelf.put(documents.seal(whole, reason=REASON["zh-hans" if round.language.startswith("zh") else "en"]))


@transaction.atomic
def mark_sealed(actor: Actor, ref: str, sealed: str) -> bool:
    """Write down that a document is sealed; False where somebody did so before. Raises Refused `round-over`."""
    round = Round.objects.select_for_update().get(ref=ref)
    if round.status == Round.SEALED:
        return False
    if round.status != Round.SIGNED:
        raise Refused("round-over", "This document is not to be sealed any more", status=round.status)
    round.sealed, round.trouble = sealed, ""
    round.save(update_fields=["sealed", "trouble"])
    opening.close(round, Round.SEALED)
    data = {"round": round.ref, "of": round.subject, "document": round.document, "sealed": sealed}
    record(actor, events.DOCUMENT_SEALED, opening.subject(round), data, about=opening.about(round))
    return True


def note_trouble(ref: str, code: str) -> None:
    """Keep why a signed document could not be sent on, so that whoever opened it reads it."""
    Round.objects.filter(ref=ref, status=Round.SIGNED).update(trouble=code[:60])


def due(moment: datetime | None = None) -> int:
    """Remind whoever has not signed at half time, and end what nobody finished in time. Returns how many changed."""
    now = moment or clock.now()
    changed = 0
    for pk in Round.objects.filter(status=Round.OPEN, due_at__lte=now).order_by("due_at").values_list("pk")[:TALLY]:
        changed += _expire(pk[0], now)
    for pk in Round.objects.filter(status=Round.OPEN, remind_at__lte=now).order_by("id").values_list("pk")[:TALLY]:
        changed += _remind(pk[0], now)
    return changed


@transaction.atomic
def _expire(pk: int, now: datetime) -> bool:
    round = Round.objects.select_for_update().get(pk=pk)
    if round.status != Round.OPEN or round.due_at > now:
        return False
    missing = list(round.places.filter(status=Place.WAITING).order_by("number").values_list("number", flat=True))
    opening.close(round, Round.EXPIRED)
    data = {"round": round.ref, "missing": missing}
    record(SYSTEM, events.ROUND_EXPIRED, opening.subject(round), data, about=opening.about(round))
    return True


@transaction.atomic
def _remind(pk: int, now: datetime) -> bool:
    round = Round.objects.select_for_update().get(pk=pk)
    if round.status != Round.OPEN or round.remind_at is None or round.remind_at > now:
        return False
    round.remind_at = None
    round.save(update_fields=["remind_at"])
    places = list(round.places.all())
    turns = engine.whose_turn([engine.Turn(p.number, p.status) for p in places], round.order)  # type: ignore[arg-type]
    for place in places:
        if place.number in turns:
            place.reminded_at = now
            place.save(update_fields=["reminded_at"])
            about = [place.person_id] if place.person_id else []
            told = opening.told(round, place)
            record(SYSTEM, events.SIGNER_REMINDED, opening.subject(round), told, about=about)
    return True
