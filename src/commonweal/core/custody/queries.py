"""Keys, certificates and what was asked for them, for the desk and the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cryptography import x509

from commonweal.core import clock, pages
from commonweal.core.custody import access
from commonweal.core.custody.models import KeyRequest
from commonweal.core.errors import Invalid
from commonweal.core.identity.actor import Actor
from commonweal.core.identity.queries import names
from commonweal.core.pages import Page
from commonweal.core.trust import authority, keys, shelf, suites
from commonweal.core.trust.algorithms import P256

LIMIT = 20
PURPOSES = (*authority.PURPOSES, authority.ISSUING, authority.ROOT)


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A key with its certificate. `state`: current, expired, revoked, or retired for the key before the newest."""

    purpose: str
    key: str
    algorithm: str
    suite: str
    serial: str
    issuer: str
    since: datetime
    until: datetime
    state: Literal["current", "retired", "revoked", "expired"]
    soon: bool


@dataclass(frozen=True, slots=True)
class RequestRow:
    """Something asked for a key. `mine`: the reader asked, so another person decides."""

    ref: str
    act: str
    purpose: str
    serial: str
    reason: str
    asked_by: str
    asked_at: datetime
    state: str
    decided_by: str
    decided_at: datetime | None
    note: str
    mine: bool


def listed(actor: Actor) -> tuple[CertificateRow, ...]:
    """Every key that has a certificate, the newest of each purpose first. Raises NotAllowed."""
    access.may_see(actor)
    return certificates()


def certificates() -> tuple[CertificateRow, ...]:
    """The same for the worker and for figures, which show nobody anything."""
    authority.current()
    for purpose in authority.PURPOSES:
        authority.chain(purpose)
    revoked, now = shelf.revoked(), clock.now()
    rows = []
    for purpose in PURPOSES:
        held = keys.public_keys(purpose, P256)
        for key in reversed(held):
            chain = shelf.chain(purpose, key.id)
            if chain is not None:
                rows.append(_row(purpose, key.id, chain[0], key is held[-1], chain[0].serial_number in revoked, now))
    return tuple(rows)


def requests(actor: Actor, cursor: str | None = None, limit: int = LIMIT) -> Page[RequestRow]:
    """What was asked, the newest first. Raises NotAllowed, Invalid for a cursor not made here."""
    access.may_see(actor)
    rows = KeyRequest.objects.order_by("-id")
    if cursor is not None:
        (place,) = pages.decode(cursor, 1)
        if not isinstance(place, int) or not 0 <= place < 2**63:
            raise Invalid({"cursor": "Start again from the first page"})
        rows = rows.filter(id__lt=place)
    page = pages.page(list(rows[: limit + 1]), limit, lambda row: (row.id,))
    known = names({ref for row in page.rows for ref in (row.asked_by, row.decided_by) if ref})
    return page.map(lambda row: _request(row, known, actor))


def waiting() -> int:
    """How many requests wait for a second person."""
    return KeyRequest.objects.filter(state=KeyRequest.WAITING).count()


def _row(purpose: str, key: str, found: x509.Certificate, newest: bool, revoked: bool, now: datetime) -> CertificateRow:
    state: Literal["current", "retired", "revoked", "expired"] = "current" if newest else "retired"
    if found.not_valid_after_utc < now:
        state = "expired"
    if revoked:
        state = "revoked"
    return CertificateRow(
        purpose, key, P256, suites.INTERNATIONAL.name, f"{found.serial_number:x}", _name(found.issuer),
        found.not_valid_before_utc, found.not_valid_after_utc, state,
        soon=state == "current" and found.not_valid_after_utc - now < timedelta(days=60),
    )  # fmt: skip


def _name(of: x509.Name) -> str:
    found = of.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else of.rfc4514_string()


def _request(row: KeyRequest, known: dict[str, str], actor: Actor) -> RequestRow:
    return RequestRow(
        row.ref, row.act, row.purpose, row.serial, row.reason, known.get(row.asked_by, row.asked_by), row.asked_at,
        row.state, known.get(row.decided_by, row.decided_by), row.decided_at, row.note, row.asked_by == actor.id,
    )  # fmt: skip
