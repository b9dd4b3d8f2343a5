"""A document signed elsewhere and handed in: the same document, soundly signed, by whoever is signed in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509
from cryptography import x509 as cryptography_x509
from django.conf import settings

from commonweal.core import clock
from commonweal.core.errors import Refused
from commonweal.core.trust import documents, xades
from commonweal.office.signing import asic

LARGEST = 25 * 1024 * 1024
LEEWAY = timedelta(minutes=5)
"""How far ahead of ours a signer's clock may be."""


@dataclass(frozen=True, slots=True)
class Found:
    """A sound signature in what was handed in. `form` is `pades` (a PDF), `xades` (XML beside the document) or `asic`
    (a container of both); `suffix` is how such a file's name ends."""

    form: str
    suffix: str
    name: str
    issuer: str
    fingerprint: str
    signed_at: datetime | None
    level: str
    field: str = ""


def judge(original: bytes, handed_in: bytes, name: str) -> Found:
    """The signature of `name` on the document `original`: a PDF that begins with it, XML over its digest, a container.

    Raises Refused: `upload-too-large`, `upload-unsigned`, `upload-other-document`, `upload-unreadable`,
    `upload-<problem>` (a word of documents.SignatureReport.problem), `upload-other-name` (params: found).
    """
    if len(handed_in) > LARGEST:
        raise Refused("upload-too-large", "The file is too large to be this document", limit=LARGEST)
    if handed_in.startswith(b"%PDF-"):
        return _of_pdf(original, handed_in, name)
    if handed_in.startswith(b"PK\x03\x04"):
        return _of_xml(original, asic.signatures(handed_in, original), name, "asic")
    if handed_in.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _of_xml(original, [handed_in], name, "xades")
    raise Refused("upload-unreadable", "This is neither a PDF nor a signature in XML, nor a container of both")


def _of_pdf(original: bytes, handed_in: bytes, name: str) -> Found:
    if handed_in == original:
        raise Refused("upload-unsigned", "There is no signature in this file yet")
    if not handed_in.startswith(original):
        raise Refused("upload-other-document", "This is not the document to be signed, or it was saved anew")
    report = documents.validate(handed_in, trust=trusted())
    if report.verdict == "unreadable":
        raise Refused("upload-unreadable", "This PDF cannot be read", why=report.why)
    if not report.signatures:
        raise Refused("upload-unsigned", "There is no signature in this file yet")
    own = [each for each in report.signatures if same_name(each.name, name)]
    if not own:
        raise _other([each.name for each in report.signatures])
    best = next((each for each in own if each.problem is None), None)
    if best is None:
        raise Refused(f"upload-{own[0].problem}", "The signature does not hold", why=str(own[0].problem))
    return Found("pades", "pdf", best.name, best.issuer, best.fingerprint, best.signed_at, best.level, best.field)


def _of_xml(original: bytes, signatures: Sequence[bytes], name: str, form: str) -> Found:
    reports = [xades.validate(each, original, trust=known()) for each in signatures]
    named = [each for each in reports if each.name]
    own = [each for each in named if same_name(each.name, name)]
    best = next((each for each in own if each.verdict == "valid"), None)
    if best is not None:
        if best.signed_at is not None and best.signed_at > clock.now() + LEEWAY:
            raise Refused("upload-clock", "The signature says it was made in the future", why="clock")
        suffix = "asice" if form == "asic" else "xml"
        return Found(form, suffix, best.name, best.issuer, best.fingerprint, best.signed_at, "B-B")
    if named and not own:
        raise _other([each.name for each in named])
    first = (own or reports)[0] if reports else None
    if first is None or first.verdict == "unsigned":
        raise Refused("upload-unsigned", "There is no signature in this file yet")
    if first.verdict == "unreadable":
        raise Refused("upload-unreadable", "This signature cannot be read", why=first.why)
    raise Refused(f"upload-{first.why}", "The signature does not hold", why=first.why)


def _other(names: Sequence[str]) -> Refused:
    found = ", ".join(names)[:200]
    return Refused("upload-other-name", f"It is signed by {found}, not by you", found=found)


def still_holds(form: str, handed_in: bytes, original: bytes, fingerprint: str) -> str | None:
    """What speaks against a signature that was handed in once, by the files alone; None where nothing does. Whether its
    certificate was trusted then is what the seal over the whole says."""
    if form == "pades":
        if not handed_in.startswith(original):
            return "another document was signed"
        signed = documents.validate(handed_in, trust=trusted()).signatures
        found = next((each for each in signed if each.fingerprint == fingerprint), None)
        if found is None:
            return "the signature that was handed in is not in its file"
        return None if found.intact else "the signature handed in does not fit its document"
    try:
        held = asic.signatures(handed_in, original) if form == "asic" else [handed_in]
    except Refused:
        return "the container that was handed in cannot be read, or holds another document"
    reports = [xades.validate(each, original, trust=known()) for each in held]
    own = next((each for each in reports if each.fingerprint == fingerprint), None)
    if own is None:
        return "the signature handed in does not fit its document"
    return "another document was signed" if own.why in ("altered", "other-document") else None


def same_name(certificate: str, person: str) -> bool:
    """Whether every part of a person's name stands in a certificate's, in any order and any writing of case."""
    mine, theirs = _parts(person), _parts(certificate)
    return bool(mine) and mine <= theirs


def _parts(name: str) -> set[str]:
    return set(unicodedata.normalize("NFKC", name).casefold().replace(",", " ").split())


def known() -> Sequence[cryptography_x509.Certificate]:
    """The same authorities as the library for XML signatures holds them."""
    return [cryptography_x509.load_der_x509_certificate(each.dump()) for each in trusted()]


def trusted() -> Sequence[x509.Certificate]:
    """The authorities whose certificates people may sign with, besides this deployment's own."""
    path = Path(settings.TRUSTED) if settings.TRUSTED else None
    return _read(str(path), path.stat().st_mtime_ns) if path is not None and path.is_file() else ()


@lru_cache(maxsize=4)
def _read(path: str, _changed: int) -> tuple[x509.Certificate, ...]:
    blocks: Iterator[Any] = pem.unarmor(Path(path).read_bytes(), multiple=True)
    return tuple(x509.Certificate.load(der) for kind, _headers, der in blocks if kind == "CERTIFICATE")
