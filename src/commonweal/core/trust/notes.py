"""Signed notes: short texts with signatures below, as Go's checksum database and certificate logs use them.

Format: https://c2sp.org/signed-note. A key hash is SHA-256(name || 0x0A || 0x01 || public key), first 4 bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from commonweal.core.trust import keys

_ED25519 = b"\x01"
_DASH = "\u2014"


class BadNote(ValueError):
    """The text is no signed note, or nobody known has signed it."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A name and the public key that may sign notes under it; written `name+hash+key`."""

    name: str
    public: bytes

    @property
    def hash(self) -> bytes:
        """The four bytes by which a signature line says which key made it."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Read `name+hash+key`. Raises BadNote when it is malformed or its hash does not fit."""
        try:
            name, claimed, encoded = text.strip().split("+", 2)
            content = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error):
            raise BadNote("a verifier key reads name+hash+key") from None
        verifier = cls(name, content[1:])
        if not name or content[:1] != _ED25519 or len(content) != 33 or verifier.hash.hex() != claimed:
            raise BadNote("the verifier key is not an Ed25519 key, or its hash does not fit")
        return verifier


def write(purpose: str, name: str, text: str) -> str:
    """Sign `text` (ends in a newline) as `name` with the key of `purpose`; returns the note."""
    if not text.endswith("\n"):
        raise BadNote("the text of a note ends in a newline")
    if not name or "+" in name or any(c.isspace() for c in name):
        raise BadNote("the name of a note's key has no spaces and no plus sign")
    signature = keys.sign(purpose, text.encode())
    public = next(key.raw for key in keys.public_keys(purpose) if key.id == signature.key_id)
    line = base64.b64encode(Verifier(name, public).hash + signature.bytes).decode()
    return f"{text}\n{_DASH} {name} {line}\n"


def read(note: str, *known: Verifier) -> str:
    """The text of `note` when one of `known` signed it.

    Signatures by others are passed over, as the format asks; a broken one by a known key is refused.
    Raises BadNote.
    """
    text, signatures = _split(note)
    for name, content in signatures:
        for verifier in known:
            if verifier.name == name and verifier.hash == content[:4]:
                if keys.verify_with(verifier.public, text.encode(), content[4:]):
                    return text
                raise BadNote(f"the signature of {name} does not fit the text")
    raise BadNote("no known key has signed this note")


def signer_names(note: str) -> tuple[str, ...]:
    """Who claims to have signed, unchecked. Raises BadNote."""
    return tuple(name for name, _ in _split(note)[1])


def verifiers(purpose: str, name: str) -> tuple[Verifier, ...]:
    """A verifier for every key `purpose` ever had, oldest first."""
    return tuple(Verifier(name, key.raw) for key in keys.public_keys(purpose))


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    body, gap, below = note.rpartition("\n\n")
    lines = below.splitlines()
    if not gap or not lines or not below.endswith("\n") or len(note) > 1_000_000:
        raise BadNote("a note is a text, an empty line and signature lines")
    return body + "\n", [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, bytes]:
    try:
        dash, name, encoded = line.split(" ")
        content = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raise BadNote("a signature line reads: dash, name, base64") from None
    if dash != _DASH or not name or len(content) < 5:
        raise BadNote("a signature line reads: dash, name, base64")
    return name, content
