"""A document signed elsewhere and handed in: the same document, soundly signed, by whoever is signed in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509
from django.conf import settings

from commonweal.core.errors import Refused
from commonweal.core.trust import documents
from commonweal.core.trust.documents import SignatureReport

LARGEST = 25 * 1024 * 1024


def judge(original: bytes, handed_in: bytes, name: str) -> SignatureReport:
    """The signature of `name` on the document that `original` is the beginning of.

    Raises Refused: `upload-too-large`, `upload-unsigned`, `upload-other-document`, `upload-unreadable`,
    `upload-problem` (params: why, a word of documents.SignatureReport.problem), `upload-other-name` (params: found).
    """
    if len(handed_in) > LARGEST:
        raise Refused("upload-too-large", "The file is too large to be this document", limit=LARGEST)
    if not handed_in.startswith(b"%PDF-"):
        raise Refused("upload-unreadable", "This is no PDF")
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
        found = ", ".join(each.name for each in report.signatures)[:200]
        raise Refused("upload-other-name", f"It is signed by {found}, not by you", found=found)
    best = next((each for each in own if each.problem is None), None)
    if best is None:
        why = str(own[0].problem)
        raise Refused(f"upload-{why}", "The signature does not hold", why=why)
    return best


def same_name(certificate: str, person: str) -> bool:
    """Whether every part of a person's name stands in a certificate's, in any order and any writing of case."""
    mine, theirs = _parts(person), _parts(certificate)
    return bool(mine) and mine <= theirs


def _parts(name: str) -> set[str]:
    return set(unicodedata.normalize("NFKC", name).casefold().replace(",", " ").split())


def trusted() -> Sequence[x509.Certificate]:
    """The authorities whose certificates people may sign with, besides this deployment's own."""
    path = Path(settings.TRUSTED) if settings.TRUSTED else None
    return _read(str(path), path.stat().st_mtime_ns) if path is not None and path.is_file() else ()


@lru_cache(maxsize=4)
def _read(path: str, _changed: int) -> tuple[x509.Certificate, ...]:
    blocks: Iterator[Any] = pem.unarmor(Path(path).read_bytes(), multiple=True)
    return tuple(x509.Certificate.load(der) for kind, _headers, der in blocks if kind == "CERTIFICATE")
