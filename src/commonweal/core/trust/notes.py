"""Signed notes: short texts with signatures below, as Go's checksum database and certificate logs use them.

Format: https://c2sp.org/signed-note. A key hash is SHA-256(name || 0x0A || 0x01 || public key), first 4 bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from commonweal.core.trust import algorithms, keys
from commonweal.core.trust.ports import PublicKey

_ED25519 = b"\x01"
COSIGNATURE = b"\x04"
"""The type of a witness's signature, which says when it was made (https://c2sp.org/tlog-cosignature)."""
_OTHER = b"\xff"
"""The type of every algorithm the format has no number for; its name stands behind."""
_DASH = "\u2014"


class BadNote(ValueError):
    """The text is no signed note, or nobody known has signed it."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A name and the public key that may sign notes under it; written `name+hash+key`."""

    name: str
    public: bytes
    kind: bytes = _ED25519

    @property
    def hash(self) -> bytes:
        """The four bytes by which a signature line says which key made it."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{base64.b64encode(self.kind + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Read `name+hash+key`. Raises BadNote when it is malformed or its hash does not fit."""
        try:
            name, claimed, encoded = text.strip().split("+", 2)
            content = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error):
            raise BadNote("a verifier key reads name+hash+key") from None
        verifier = cls(name, content[1:], content[:1])
        known = content[:1] in (_ED25519, COSIGNATURE)
        if not name or not known or len(content) != 33 or verifier.hash.hex() != claimed:
            raise BadNote("the verifier key is not an Ed25519 key, or its hash does not fit")
        return verifier


def write(purpose: str, name: str, text: str, also: Sequence[str] = ()) -> str:
    """Sign `text` (ends in a newline) as `name` with the key of `purpose`; returns the note.

    `also` names further algorithms that sign below, each with a key of its own; readers pass over what they do not
    know, so that a signature of the future can stand beside today's.
    """
    if not text.endswith("\n"):
        raise BadNote("the text of a note ends in a newline")
    if not name or "+" in name or any(c.isspace() for c in name):
        raise BadNote("the name of a note's key has no spaces and no plus sign")
    signature = keys.sign(purpose, text.encode())
    public = next(key.raw for key in keys.public_keys(purpose) if key.id == signature.key_id)
    line = base64.b64encode(Verifier(name, public).hash + signature.bytes).decode()
    more = "".join(_other(purpose, name, text, algorithm) for algorithm in also)
    return f"{text}\n{_DASH} {name} {line}\n{more}"


def _other(purpose: str, name: str, text: str, algorithm: str) -> str:
    signature = keys.sign(purpose, text.encode(), algorithm)
    public = next(key.raw for key in keys.public_keys(purpose, algorithm) if key.id == signature.key_id)
    hash = other_hash(name, algorithm, public)
    return f"{_DASH} {name} {base64.b64encode(hash + signature.bytes).decode()}\n"


def other_hash(name: str, algorithm: str, public: bytes) -> bytes:
    """The four bytes of a key whose algorithm the format has no number for: its name stands before the key."""
    return hashlib.sha256(name.encode() + b"\n" + _OTHER + algorithm.encode() + b"\n" + public).digest()[:4]


def signed_also(note: str, name: str, algorithm: str, spki: bytes) -> bool:
    """Whether the holder of a key in another algorithm (SubjectPublicKeyInfo) signed the note as `name`."""
    text, signatures = _split(note)
    key = PublicKey(algorithm, spki)
    wanted = other_hash(name, algorithm, key.raw)
    check = algorithms.named(algorithm).verify
    return any(
        signer == name and content[:4] == wanted and check(spki, text.encode(), content[4:])
        for signer, content in signatures
    )


def cosign(purpose: str, name: str, text: str, moment: datetime) -> str:
    """A witness's line under a checkpoint's text, saying when it was made."""
    seconds = int(moment.timestamp())
    signature = keys.sign(purpose, _cosigned(text, seconds))
    public = next(key.raw for key in keys.public_keys(purpose) if key.id == signature.key_id)
    content = Verifier(name, public, COSIGNATURE).hash + seconds.to_bytes(8, "big") + signature.bytes
    return f"{_DASH} {name} {base64.b64encode(content).decode()}\n"


def cosigned(note: str, line: str, witness: Verifier) -> datetime | None:
    """When `witness` signed the text of `note` by this line; None where it did not. Raises BadNote."""
    name, content = _signature(line.strip())
    if name != witness.name or content[:4] != witness.hash or len(content) != 4 + 8 + 64:
        return None
    seconds = int.from_bytes(content[4:12], "big")
    text = _split(note)[0]
    if not keys.verify_with(witness.public, _cosigned(text, seconds), content[12:]):
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


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


def text_of(note: str) -> str:
    """The text of a note, unchecked. Raises BadNote."""
    return _split(note)[0]


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
