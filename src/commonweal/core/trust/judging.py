"""What the signatures on a PDF are worth. Whatever is handed in is judged, never an error."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from asn1crypto import x509

from commonweal.core import clock
from commonweal.core.trust import authority, shelf

MOST_BYTES = 25 * 1024 * 1024
MOST_SIGNATURES = 30
PATIENCE = 30
"""Seconds a document may take to be judged."""
Problem = Literal[
    "altered", "changed-after", "untrusted", "revoked", "expired", "not-yet", "clock", "unreadable", "weak"
]
log = logging.getLogger("commonweal.trust")


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature. `signed_at` is proven by a time stamp where `stamped`, else only claimed; `problem` is the worst
    thing about it, None for one that is sound."""

    field: str
    name: str
    issuer: str
    signed_at: datetime | None
    stamped: bool
    level: Literal["B-B", "B-T", "B-LT", "B-LTA"]
    intact: bool
    trusted: bool
    revoked: bool
    expired: bool
    covers_whole: bool
    problem: Problem | None
    spki: bytes = b""
    fingerprint: str = ""
    """SHA-256 of the certificate, hex."""


@dataclass(frozen=True, slots=True)
class Report:
    """A document. `valid`: every signature on it is sound and nothing stands behind the last.

    `closed`: a signature or time stamp reaches to the end of the file, as on everything sealed here. Other software
    may put what proves a certificate behind it.
    """

    verdict: Literal["valid", "invalid", "unsigned", "unreadable"]
    signatures: tuple[SignatureReport, ...] = ()
    altered_after: bool = False
    why: str = ""
    closed: bool = False

    @property
    def problem(self) -> str | None:
        """The first problem of any signature."""
        return next((each.problem for each in self.signatures if each.problem), None)


def validate(
    pdf: bytes,
    *,
    at: datetime | None = None,
    trust: Sequence[x509.Certificate] | None = None,
) -> Report:
    """Judge every signature of a PDF as of a moment (now where absent).

    Trusted are our own root, and the `trust`ed ones. Takes at most PATIENCE seconds; a file that is too large, broken
    or made to take for ever is `unreadable`, with why.
    """
    if len(pdf) > MOST_BYTES:
        return Report("unreadable", why="too-large")
    moment = at or clock.now()
    anchors = (*shelf.parsed(authority.roots()), *(trust or ()))
    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(_judge, pdf, moment, anchors).result(timeout=PATIENCE)
    except TimeoutError:
        return Report("unreadable", why="too-slow")
    except Exception as error:
        # A stranger's file may break a parser in ways nobody listed; that is an answer about the file.
        log.info("a PDF could not be judged: %s", type(error).__name__)
        return Report("unreadable", why=_damage(pdf))
    finally:
        pool.shutdown(wait=False)


def _damage(pdf: bytes) -> str:
    """What to call a file that cannot be read: no PDF at all, cut short, or damaged."""
    if b"%PDF-" not in pdf[:1024]:
        return "not-a-pdf"
    return "damaged" if b"%%EOF" in pdf[-1024:] else "truncated"


def _judge(pdf: bytes, moment: datetime, trust: tuple[x509.Certificate, ...]) -> Report:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    if reader.encrypted:
        return Report("unreadable", why="encrypted")
    found = reader.embedded_signatures
    if len(found) > MOST_SIGNATURES:
        return Report("unreadable", why="too-many")
    kinds = [str(each.sig_object_type) for each in found]
    stamps = [each for each, kind in zip(found, kinds, strict=True) if kind == "/DocTimeStamp"]
    signatures = [each for each, kind in zip(found, kinds, strict=True) if kind == "/Sig"]
    if not signatures:
        return Report("unsigned")
    told = tuple(_signature(each, reader, stamps, moment, trust) for each in signatures)
    known = len(stamps) + len(signatures) == len(found)  # a broken time stamp is called by another name
    stamped = known and all(_whole(each, _context(reader, trust, moment)) for each in stamps)
    if not stamped or _trailing(pdf, reader, found):
        told = tuple(replace(each, problem=each.problem or "changed-after", covers_whole=False) for each in told)
    after = any(each.problem == "changed-after" for each in told)
    sound = all(each.problem is None for each in told)
    return Report("valid" if sound else "invalid", told, after, closed=_covered(found) >= len(pdf.rstrip()))


def _trailing(pdf: bytes, reader: Any, found: Sequence[Any]) -> bool:
    """Whether something stands at the end that no signature covers and that is no later state of the document either:
    a file that does not end as one, or bytes behind the last covered one that point back before it."""
    end = len(pdf.rstrip())
    covered = _covered(found)
    return pdf[:end][-5:] != b"%%EOF" or (end > covered and reader.last_startxref < covered)


def _covered(found: Sequence[Any]) -> int:
    """Where what the signatures and time stamps cover ends."""
    return max(int(each.byte_range[-2]) + int(each.byte_range[-1]) for each in found)


def _signature(
    signature: Any, reader: Any, stamps: Sequence[Any], moment: datetime, trust: tuple[x509.Certificate, ...],
) -> SignatureReport:  # fmt: skip
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import validate_pdf_signature

    certificate = signature.signer_cert
    now = _context(reader, trust, moment)
    status = validate_pdf_signature(signature, signer_validation_context=now, ts_validation_context=now)
    stamp = status.timestamp_validity
    sound = stamp is not None and stamp.intact and stamp.valid and stamp.trusted
    stamped_at = stamp.timestamp.astimezone(UTC) if stamp is not None and sound else None
    claimed = signature.self_reported_timestamp
    when = stamped_at or (claimed.astimezone(UTC) if claimed else None)
    judged_at = stamped_at or moment
    if stamped_at is not None:  # what was sound when it was stamped stays so after its certificate has ended
        then = _context(reader, trust, stamped_at)
        status = validate_pdf_signature(signature, signer_validation_context=then, ts_validation_context=now)
    revoked_at = authority.revoked_at(certificate.dump())
    revoked = bool(status.revoked) or (revoked_at is not None and revoked_at <= judged_at)
    ended, begins = certificate.not_valid_after.astimezone(UTC), certificate.not_valid_before.astimezone(UTC)
    level = status.modification_level
    changed = level is None or level == ModificationLevel.OTHER or not status.docmdp_ok or (level in (
        ModificationLevel.FORM_FILLING, ModificationLevel.ANNOTATIONS
    ) and not _only_signed(reader, signature))  # fmt: skip
    problem: Problem | None = None
    if not (status.intact and status.valid):
        problem = "altered"
    elif changed:
        problem = "changed-after"
    elif judged_at < begins or (when is not None and when > moment):
        problem = "not-yet" if judged_at < begins else "clock"
    elif judged_at > ended:
        problem = "expired"
    elif revoked:
        problem = "revoked"
    elif not status.trusted:
        problem = "untrusted"
    names = certificate.subject.native
    return SignatureReport(
        field=signature.field_name,
        name=str(names.get("common_name") or names.get("organization_name") or certificate.subject.human_friendly),
        issuer=str(
            certificate.issuer.native.get("organization_name")
            or certificate.issuer.native.get("common_name")
            or certificate.issuer.human_friendly
        ),
        signed_at=when,
        stamped=stamped_at is not None,
        level=_level(signature, reader, stamps, stamped_at is not None),
        intact=bool(status.intact and status.valid),
        trusted=bool(status.trusted),
        revoked=revoked,
        expired=judged_at > ended,
        covers_whole=not changed,
        problem=problem,
        spki=bytes(certificate.public_key.dump()),
        fingerprint=certificate.sha256.hex(),
    )


def _only_signed(reader: Any, signature: Any) -> bool:
    """Whether whatever came after a signature is further signatures, so that filling their fields is no change."""
    later = [each for each in reader.embedded_signatures if each.signed_revision > signature.signed_revision]
    return bool(later)


def _whole(stamp: Any, context: Any) -> bool:
    """Whether what a time stamp over the document covers is as it was; it covers what stands behind the seal, too."""
    from pyhanko.sign.validation import validate_pdf_timestamp

    status = validate_pdf_timestamp(stamp, context)
    return bool(status.intact and status.valid)


def _level(signature: Any, reader: Any, stamps: Sequence[Any], stamped: bool) -> Literal["B-B", "B-T", "B-LT", "B-LTA"]:
    if not stamped:
        return "B-B"
    if "/DSS" not in reader.root:
        return "B-T"
    after = any(each.signed_revision > signature.signed_revision for each in stamps)
    return "B-LTA" if after else "B-LT"


def _context(reader: Any, trust: tuple[x509.Certificate, ...], moment: datetime) -> Any:
    """What is trusted at a moment, with what the document itself carries about certificates that were revoked."""
    from pyhanko.sign.validation import DocumentSecurityStore
    from pyhanko.sign.validation.errors import NoDSSFoundError

    told = {"trust_roots": list(trust), "moment": moment, "allow_fetching": False, "revocation_mode": "soft-fail"}
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        store = DocumentSecurityStore(None)
    return store.as_validation_context({**told, "crls": authority.lists(moment)})
