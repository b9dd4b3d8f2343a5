"""What a key store must offer; a hardware module or a vault can stand in for the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class KeyProblem(Exception):
    """A key is missing, damaged or open to other users; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An Ed25519 public key: `id` is the first 16 hex digits of the SHA-256 of its 32 raw bytes."""

    id: str
    raw: bytes
    pem: str


@dataclass(frozen=True, slots=True)
class Signature:
    """A 64-byte Ed25519 signature (RFC 8032) and the key that made it."""

    key_id: str
    bytes: bytes


class KeyStore(Protocol):
    """Keys by purpose. Purposes never share a key; retired keys stay, so that old signatures verify."""

    def sign(self, purpose: str, message: bytes) -> Signature:
        """Sign with the newest key of `purpose`, made on first use."""

    def public_keys(self, purpose: str) -> Sequence[PublicKey]:
        """Every public key `purpose` ever had, oldest first; at least one."""

    def rotate(self, purpose: str) -> PublicKey:
        """Make a new signing key for `purpose`; later signatures use it."""

    def seal(self, purpose: str, message: bytes) -> bytes:
        """A message authentication code under the newest secret of `purpose`, which it names."""

    def unbroken(self, purpose: str, message: bytes, seal: bytes) -> bool:
        """Whether `seal` was made for `message` by this store."""
