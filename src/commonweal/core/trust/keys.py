"""Signing and checking, by purpose. Everything here uses the key store in `settings.KEYS_ROOT`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from commonweal.core.trust.adapters.files import FileKeyStore
from commonweal.core.trust.ports import KeyStore, PublicKey, Signature


@lru_cache(maxsize=8)
def _at(root: str) -> KeyStore:
    return FileKeyStore(Path(root))


def store() -> KeyStore:
    """The key store of this deployment."""
    return _at(str(settings.KEYS_ROOT))


def sign(purpose: str, message: bytes) -> Signature:
    """Sign `message` (Ed25519, RFC 8032) with the newest key of `purpose`. Raises KeyProblem."""
    return store().sign(purpose, message)


def verify(purpose: str, message: bytes, signature: Signature) -> bool:
    """Whether any key that `purpose` ever had made `signature` over `message`."""
    return any(
        key.id == signature.key_id and verify_with(key.raw, message, signature.bytes)
        for key in store().public_keys(purpose)
    )


def verify_with(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of `public` (32 raw bytes) made `signature` (64 bytes) over `message`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_keys(purpose: str) -> Sequence[PublicKey]:
    """Every public key of `purpose`, oldest first, to be published for others to check with."""
    return store().public_keys(purpose)


def rotate(purpose: str) -> PublicKey:
    """Sign with a new key from now on; what the old keys signed still verifies."""
    return store().rotate(purpose)


def seal(purpose: str, message: bytes) -> bytes:
    """A code only this deployment can make for `message` (HMAC-SHA-256); for its own later checking."""
    return store().seal(purpose, message)


def unbroken(purpose: str, message: bytes, code: bytes) -> bool:
    """Whether `code` is this deployment's own seal over `message`."""
    return store().unbroken(purpose, message, code)
