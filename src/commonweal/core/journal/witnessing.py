"""Witnesses: others who remember how large our record was, and we who remember it of theirs.

Protocol: https://c2sp.org/tlog-witness (`add-checkpoint`); signatures: https://c2sp.org/tlog-cosignature, version 1. A
witness signs a checkpoint only when it continues the one it saw before, so a log that goes back or forks finds none.
"""

from __future__ import annotations

import base64
import binascii
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from commonweal.core import clock
from commonweal.core.journal import checkpoints, tiles
from commonweal.core.journal.merkle import EMPTY_ROOT, verify_consistency
from commonweal.core.journal.models import Checkpoint, Cosignature, WitnessedLog
from commonweal.core.trust import keys, notes
from commonweal.core.trust.notes import BadNote, Verifier

KEY = "witness"
BODY_LIMIT = 64 * 1024
MOST_LINES = 63
PATIENCE = 10
SKEW = timedelta(minutes=10)
log = logging.getLogger("commonweal.witness")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers: an HTTP status and a text."""

    status: int
    body: str


def name() -> str:
    """The name under which this deployment witnesses."""
    return f"{settings.ORIGIN}/witness"


def verifier() -> Verifier:
    """The key this deployment cosigns with now."""
    return Verifier(name(), keys.public_keys(KEY)[-1].raw, notes.COSIGNATURE)


def witnesses() -> list[tuple[Verifier, str]]:
    """Who witnesses our record, and where they are asked. Raises BadNote for a key that is none."""
    return [(Verifier.parse(key), address) for key, address in settings.WITNESSES]


def add_checkpoint(body: str) -> Answer:
    """Answer another log that asks for our signature. Raises nothing; each refusal has the protocol's status."""
    try:
        old, proof, note = _read(body)
        origin = note.split("\n", 1)[0]
    except ValueError as error:
        return Answer(400, f"{error}\n")
    known = [each for each in map(Verifier.parse, settings.WITNESS_LOGS) if each.name == origin]
    if not known:
        return Answer(404, "This log is not witnessed here\n")
    try:
        head = checkpoints.read(note, *known)
    except BadNote as error:
        return Answer(403, f"{error}\n")
    if old > head.size:
        return Answer(400, "The old size is larger than the checkpoint's\n")
    with transaction.atomic():
        seen, _ = WitnessedLog.objects.select_for_update().get_or_create(
            origin=origin, defaults={"size": 0, "root": EMPTY_ROOT, "note": "", "seen_at": clock.now()}
        )
        if seen.size != old:
            return Answer(409, f"{seen.size}\n")
        if head.size == seen.size and seen.size and bytes(seen.root) != head.root:
            return Answer(409, f"{seen.size}\n")
        if old and not verify_consistency(old, head.size, bytes(seen.root), head.root, proof):
            return Answer(422, "The proof does not show that this record continues the one seen before\n")
        seen.size, seen.root, seen.note, seen.seen_at = head.size, head.root, note, clock.now()
        seen.save()
    return Answer(200, notes.cosign(KEY, name(), checkpoints.text_of(note), clock.now()))


def ask_witnesses() -> int:
    """Send the newest checkpoint to every declared witness that has not signed it; how many signed.

    A duty of the worker, outside transactions. A witness that cannot be reached, or remembers another record, is
    logged and asked again next time.
    """
    newest = Checkpoint.objects.order_by("-size").first()
    signed = 0
    for known, address in witnesses():
        last = Cosignature.objects.filter(witness=known.name).order_by("-size").first()
        if newest is None or (last is not None and last.size >= newest.size):
            continue
        line = _ask(known, address, newest, last.size if last is not None else 0)
        if line is not None:
            Cosignature.objects.create(size=newest.size, witness=known.name, line=line, signed_at=clock.now())
            signed += 1
    return signed


def _ask(known: Verifier, address: str, newest: Checkpoint, old: int, *, again: bool = True) -> str | None:
    proof = tiles.consistency(old, newest.size)[1] if old else []
    answer = _post(known.name, address, _request(old, proof, newest.note))
    if answer is None:
        return None
    remembered = _conflict(answer)
    if remembered is not None and remembered > newest.size:
        log.error("rolled-back: the witness %s remembers %d entries, more than there are", known.name, remembered)
        return None
    if remembered is not None and again and remembered != old:
        return _ask(known, address, newest, remembered, again=False)
    if answer.status == 422 or (remembered is not None and remembered == old):
        log.error("rewritten: the witness %s has signed another record of %d entries", known.name, old)
        return None
    if answer.status != 200:
        log.warning("the witness %s refused: %d", known.name, answer.status)
        return None
    line = answer.body.strip()
    moment = _cosigned(newest.note, line, known)
    if moment is None:
        log.error("the witness %s sent a signature that does not fit", known.name)
        return None
    if abs(moment - clock.now()) > SKEW:
        log.warning("clock-skew: the witness %s says it signed at %s", known.name, moment.isoformat())
    return line


def _cosigned(note: str, line: str, known: Verifier) -> datetime | None:
    try:
        return notes.cosigned(note, line, known)
    except (BadNote, OverflowError, ValueError, OSError):
        return None


def remembered() -> str | None:
    """What is wrong with our record in the light of what witnesses signed; None when nothing is.

    A rolled-back database has forgotten their signatures too, so the witnesses themselves are asked: first how large
    the record was that they saw, then whether ours continues it, since a record put back may have grown again.
    """
    newest = Checkpoint.objects.order_by("-size").first()
    size = newest.size if newest else 0
    note = newest.note if newest else checkpoints.sign(0, EMPTY_ROOT)
    for known, address in witnesses():
        wrong = _contradicted(known.name, address, size, note)
        if wrong is not None:
            return wrong
    return None


def _contradicted(name: str, address: str, size: int, note: str) -> str | None:
    told = _conflict(_post(name, address, _request(0, [], note)))
    if told is None or told == 0:
        return None
    if told > size:
        return f"rolled-back: {name} has seen {told} entries of this record, and there are {size}"
    try:
        proof = tiles.consistency(told, size)[1]
    except KeyError:
        return f"tree-damaged: it cannot be shown that this record continues the {told} entries that {name} has seen"
    answer = _post(name, address, _request(told, proof, note))
    if answer is not None and (answer.status == 422 or _conflict(answer) == told):
        return f"rewritten: the first {told} entries are not those that {name} has signed"
    return None


def _request(old: int, proof: list[bytes], note: str) -> str:
    return "\n".join([f"old {old}", *(base64.b64encode(each).decode() for each in proof), "", note])


def _post(name: str, address: str, body: str) -> Answer | None:
    """What a witness answers; None, and a line in the log, when it cannot be reached."""
    import requests

    try:
        answer = requests.post(
            address, data=body.encode(), timeout=PATIENCE, allow_redirects=False,
            headers={"Content-Type": "text/plain; charset=utf-8"},
        )  # fmt: skip
    except requests.RequestException as error:
        log.warning("the witness %s cannot be reached: %s", name, type(error).__name__)
        return None
    return Answer(answer.status_code, answer.text)


def _conflict(answer: Answer | None) -> int | None:
    """The size that a witness remembers, where it says that it remembers another than it was told."""
    text = answer.body.strip() if answer is not None and answer.status == 409 else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _read(body: str) -> tuple[int, list[bytes], str]:
    """Old size, proof and checkpoint of a request. Raises ValueError with what to mend."""
    if len(body) > BODY_LIMIT:
        raise ValueError("The request is too large")
    head, gap, note = body.partition("\n\n")
    first, *lines = head.split("\n")
    word, _, number = first.partition(" ")
    if not gap or word != "old" or not number.isdigit() or len(number) > 19 or len(lines) > MOST_LINES:
        raise ValueError("A request reads: old and a size, lines of the proof, an empty line, the checkpoint")
    try:
        proof = [base64.b64decode(line, validate=True) for line in lines]
    except (ValueError, binascii.Error):
        raise ValueError("A line of the proof is not base64") from None
    if any(len(each) != 32 for each in proof):
        raise ValueError("A hash of the proof has 32 bytes")
    return int(number), proof, note
