"""Acts on keys: one person asks, another decides. Both are recorded, and the act is done when the second agrees."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction

from commonweal.core import clock, ids
from commonweal.core.custody import access, events
from commonweal.core.custody.models import KeyRequest, Warned
from commonweal.core.errors import Invalid, Refused
from commonweal.core.identity.actor import SYSTEM, Actor
from commonweal.core.journal.actions import record
from commonweal.core.trust import authority, keys, profiles, shelf
from commonweal.core.trust.algorithms import P256
from commonweal.core.trust.ports import KeyProblem

OPERATOR = Actor(kind="system", id="operator", name="Operator", assurance="high")
"""Whoever runs commands on the server; asks like anybody else, and decides nothing."""
AHEAD = timedelta(days=60)
"""A certificate that ends within this time is told of."""


@transaction.atomic
def ask(
    actor: Actor, act: str, purpose: str, *, reason: str, serial: str = "", why: str = "", chain: str = ""
) -> KeyRequest:
    """Ask for a new key (`rotate`), for a certificate to be revoked, or for another authority's chain to count.

    Raises Invalid (act, purpose, reason, serial, why), NotAllowed, Refused `key-asked` when the same already waits.
    """
    access.may_see(actor)
    wrong = _wrong(act, purpose, reason, serial, why)
    if wrong:
        raise Invalid(wrong)
    told = {"act": act, "purpose": purpose, "serial": serial, "reason": reason.strip()}
    made = KeyRequest(
        ref=ids.reference("K"), why=why, chain=chain, asked_by=actor.id, asked_at=clock.now(), **told
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise Refused("key-asked", "The same was asked before and waits for a second person") from None
    record(actor, events.ASKED, f"key:{purpose}", {"request": made.ref, **told})
    return made


@transaction.atomic
def approve(actor: Actor, ref: str) -> KeyRequest:
    """Do what was asked. Raises NotAllowed, Refused (`own-request`, `key-decided`, `key-problem`: what is wrong)."""
    request = access.to_decide(actor, ref)
    try:
        came = _do(request)
    except KeyProblem as problem:
        raise Refused("key-problem", str(problem), problem=str(problem)) from problem
    _decide(request, actor, KeyRequest.APPROVED)
    told = {"request": ref, "act": request.act, "purpose": request.purpose, "serial": request.serial, "came": came}
    record(actor, events.APPROVED, f"key:{request.purpose}", {**told, "asked_by": request.asked_by})
    return request


@transaction.atomic
def refuse(actor: Actor, ref: str, note: str) -> KeyRequest:
    """Turn a request down, with a word about why. Raises NotAllowed, Invalid, Refused as `approve`."""
    request = access.to_decide(actor, ref)
    if not 5 <= len(note.strip()) <= 500:
        raise Invalid({"note": "Say why, in a sentence or two"})
    request.note = note.strip()
    _decide(request, actor, KeyRequest.REFUSED)
    told = {"request": ref, "act": request.act, "purpose": request.purpose, "note": request.note}
    record(actor, events.REFUSED, f"key:{request.purpose}", told)
    return request


def warn() -> int:
    """Record, once for each, that a certificate in use ends soon; returns how many. A duty of the worker."""
    from commonweal.core.custody.queries import certificates

    told = 0
    for row in certificates():
        if row.until > clock.now() + AHEAD or row.state != "current":
            continue
        with transaction.atomic():
            _, fresh = Warned.objects.get_or_create(serial=row.serial, defaults={"at": clock.now()})
            if fresh:
                data = {"purpose": row.purpose, "serial": row.serial, "until": row.until.isoformat()}
                record(SYSTEM, events.EXPIRING, f"key:{row.purpose}", data)
                told += 1
    return told


def _do(request: KeyRequest) -> str:
    """Carry a request out; returns what came of it. Raises KeyProblem."""
    if request.act == KeyRequest.REVOKE:
        authority.current().revoke(int(request.serial, 16), request.why)
        return request.serial
    if request.act == KeyRequest.INSTALL:
        return f"{authority.install(request.purpose, request.chain.encode())[0].serial_number:x}"
    fresh = keys.rotate(request.purpose, P256)
    if request.purpose in authority.PURPOSES:
        authority.chain(request.purpose)
    return fresh.id


def _decide(request: KeyRequest, actor: Actor, state: str) -> None:
    request.state, request.decided_by, request.decided_at = state, actor.id, clock.now()
    request.save()


def _wrong(act: str, purpose: str, reason: str, serial: str, why: str) -> dict[str, str]:
    wrong = {}
    if act not in (KeyRequest.ROTATE, KeyRequest.REVOKE, KeyRequest.INSTALL):
        wrong["act"] = "Choose what is to be done"
    if purpose not in (*authority.PURPOSES, authority.ISSUING):
        wrong["purpose"] = "Choose a key of the list"
    if not 5 <= len(reason.strip()) <= 500:
        wrong["reason"] = "Say why, in a sentence or two"
    if act == KeyRequest.REVOKE:
        if not _known(serial):
            wrong["serial"] = "Choose a certificate of the list"
        if why not in profiles.REASONS:
            wrong["why"] = "Choose why it is revoked"
    return wrong


def _known(serial: str) -> bool:
    try:
        return shelf.issued(int(serial, 16)) is not None
    except ValueError:
        return False
