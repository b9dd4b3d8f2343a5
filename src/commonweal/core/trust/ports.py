"""What a key store must offer; a hardware module or a vault can stand in for the files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from commonweal.core.trust.algorithms import ED25519


class KeyProblem(Exception):
    """A key is missing, damaged or open to other users; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key as SubjectPublicKeyInfo (DER) and the name of its algorithm."""

    algorithm: str
    spki: bytes

    @property
    def raw(self) -> bytes:
        """The bare key as signed notes write it: without the wrapping that names the algorithm."""
        return self.spki[-32:] if self.algorithm == ED25519 else _bare(self.spki)

    @property
    def id(self) -> str:
        """The first 16 hex digits of the SHA-256 of the bare key."""
        return hashlib.sha256(self.raw).hexdigest()[:16]

    @property
    def pem(self) -> str:
        """The key as a PEM block."""
        from asn1crypto import pem

        return pem.armor("PUBLIC KEY", self.spki).decode()


def _bare(spki: bytes) -> bytes:
    """What the bit string of a SubjectPublicKeyInfo holds."""
    from asn1crypto.parser import parse

    content = parse(spki)[4]
    algorithm = parse(content, strict=False)
    return parse(content[sum(len(part) for part in algorithm[3:6]) :])[4][1:]


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature, the key that made it and its algorithm."""

    key_id: str
    bytes: bytes
    algorithm: str = ED25519


class KeyStore(Protocol):
    """Keys by purpose. Purposes never share a key; retired keys stay, so that old signatures verify."""

    def sign(self, purpose: str, message: bytes, algorithm: str = ED25519, key_id: str | None = None) -> Signature:
        """Sign with the newest key of `purpose` in that algorithm, made on first use, or with the one of `key_id`.

        A retired key signs only what belongs to its own time, such as a list of what it revoked. Raises KeyProblem.
        """

    def public_keys(self, purpose: str, algorithm: str = ED25519) -> Sequence[PublicKey]:
        """Every public key `purpose` ever had in that algorithm, oldest first; at least one."""

    def rotate(self, purpose: str, algorithm: str = ED25519) -> PublicKey:
        """Make a new signing key for `purpose`, and a new secret; later signatures and codes use them."""

    def mac(self, purpose: str, message: bytes, serial: int | None = None) -> tuple[int, bytes]:
        """HMAC-SHA-256 of `message` (RFC 2104) under secret number `serial` of `purpose`, the newest when None.

        Returns the number used and 32 bytes. Raises KeyProblem where there is no such secret.
        """
