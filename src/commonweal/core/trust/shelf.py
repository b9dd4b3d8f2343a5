"""Certificates as files beside the keys: whose they are, which were issued here and which were revoked.

    <root>/<purpose>/<key id>.pem             the chain of a key, its own certificate first
    <root>/<purpose>/<key id>.installed.pem   the chain another authority gave for the same key, which then counts
    <root>/issued/<serial>.pem                every certificate made here
    <root>/revoked/<serial>.json              when it was revoked and why

A file is only ever added (an installed chain may be replaced by the next one), whole or not at all, so any number of
processes share the folder without a lock.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from asn1crypto import x509 as der
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from commonweal.core import clock
from commonweal.core.trust.adapters.placing import place, replace
from commonweal.core.trust.ports import KeyProblem

Chain = tuple[x509.Certificate, ...]


def root() -> Path:
    """The folder of certificates."""
    return Path(settings.TRUST_ROOT)


def pem(chain: Sequence[x509.Certificate]) -> bytes:
    """Certificates as PEM blocks, in the order given."""
    return b"".join(each.public_bytes(Encoding.PEM) for each in chain)


def read(content: bytes) -> Chain:
    """Certificates from PEM blocks. Raises ValueError when there is none or one is damaged."""
    return tuple(x509.load_pem_x509_certificates(content))


def parsed(given: Sequence[x509.Certificate]) -> list[der.Certificate]:
    """The same certificates as pyHanko and asn1crypto take them."""
    return [der.Certificate.load(each.public_bytes(Encoding.DER)) for each in given]


def chain(purpose: str, key_id: str) -> Chain | None:
    """The chain of a key: what was installed, else what was issued here, else None. Raises KeyProblem."""
    for name in (f"{key_id}.installed.pem", f"{key_id}.pem"):
        path = root() / purpose / name
        try:
            return read(path.read_bytes())
        except FileNotFoundError:
            continue
        except ValueError as problem:
            raise KeyProblem(f"{path} is damaged ({problem}); restore it from a backup") from problem
    return None


def keep(purpose: str, key_id: str, given: Sequence[x509.Certificate]) -> Chain:
    """Keep the chain made here for a key, unless another process kept one first; returns the one that counts."""
    path = _folder(purpose) / f"{key_id}.pem"
    place(path, pem(given))
    return read(path.read_bytes())


def install(purpose: str, key_id: str, given: Sequence[x509.Certificate]) -> None:
    """Let the chain of another authority count for a key from now on."""
    replace(_folder(purpose) / f"{key_id}.installed.pem", pem(given))


def is_installed(purpose: str, key_id: str) -> bool:
    """Whether the chain that counts for a key is of another authority."""
    return (root() / purpose / f"{key_id}.installed.pem").exists()


def note_issued(certificate: x509.Certificate) -> None:
    """Keep a certificate made here under its serial number."""
    place(_folder("issued") / f"{certificate.serial_number:x}.pem", pem([certificate]))


def issued(serial: int) -> x509.Certificate | None:
    """The certificate made here with that serial number."""
    try:
        return read((root() / "issued" / f"{serial:x}.pem").read_bytes())[0]
    except FileNotFoundError:
        return None


def note_revoked(serial: int, reason: str) -> None:
    """Keep that a certificate is revoked as of now; the first word stands."""
    told = {"at": clock.now().isoformat(timespec="seconds"), "reason": reason}
    place(_folder("revoked") / f"{serial:x}.json", json.dumps(told).encode())


def revoked() -> dict[int, tuple[datetime, str]]:
    """Serial number to the moment and the reason of its revocation."""
    found = {}
    for path in sorted((root() / "revoked").glob("*.json")):
        told = json.loads(path.read_text())
        found[int(path.stem, 16)] = (datetime.fromisoformat(told["at"]), str(told["reason"]))
    return found


def _folder(name: str) -> Path:
    folder = root() / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
