"""Which algorithms a jurisdiction signs, hashes and encrypts with: `international`, or China's national `sm`.

The choice is `settings.CRYPTO_SUITE`, taken from the declared jurisdiction. What was made under the other suite keeps
its own name with it and goes on verifying, so a jurisdiction may change its mind.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from commonweal.core.trust import algorithms

NONCE_BYTES = 12
TAG_BYTES = 16


class Broken(ValueError):
    """The ciphertext was changed, or belongs to another key or another place."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A name and its three algorithms; `key_bytes` is the length of an encryption key."""

    name: str
    signature: str
    digest_name: str
    digest_kind: Callable[[], hashes.HashAlgorithm]
    cipher_name: str
    key_bytes: int

    def digest(self, content: bytes) -> bytes:
        """The 32-byte digest of `content`."""
        running = hashes.Hash(self.digest_kind())
        running.update(content)
        return running.finalize()

    def encrypt(self, key: bytes, content: bytes, context: bytes) -> bytes:
        """Nonce, ciphertext and tag; `context` is bound to it but not in it (GCM, NIST SP 800-38D)."""
        nonce = os.urandom(NONCE_BYTES)
        if self.cipher_name == "aes-256-gcm":
            return nonce + AESGCM(key).encrypt(nonce, content, context)
        encryptor = Cipher(_sm4(key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(context)
        return nonce + encryptor.update(content) + encryptor.finalize() + encryptor.tag

    def decrypt(self, key: bytes, box: bytes, context: bytes) -> bytes:
        """What `encrypt` was given. Raises Broken."""
        nonce, body = box[:NONCE_BYTES], box[NONCE_BYTES:]
        if len(nonce) < NONCE_BYTES or len(body) < TAG_BYTES:
            raise Broken("the ciphertext is cut short")
        try:
            if self.cipher_name == "aes-256-gcm":
                return AESGCM(key).decrypt(nonce, body, context)
            decryptor = Cipher(_sm4(key), modes.GCM(nonce, body[-TAG_BYTES:])).decryptor()
            decryptor.authenticate_additional_data(context)
            return decryptor.update(body[:-TAG_BYTES]) + decryptor.finalize()
        except (InvalidTag, ValueError):
            raise Broken("the ciphertext does not fit its key or its place") from None


def _sm4(key: bytes):  # type: ignore[no-untyped-def]
    from cryptography.hazmat.primitives.ciphers.algorithms import SM4

    return SM4(key)


INTERNATIONAL = Suite("international", algorithms.P256, "sha256", hashes.SHA256, "aes-256-gcm", 32)
SM = Suite("sm", algorithms.SM2, "sm3", hashes.SM3, "sm4-gcm", 16)
_BY_NAME = {suite.name: suite for suite in (INTERNATIONAL, SM)}


def named(name: str) -> Suite:
    """The suite called `name`. Raises LookupError."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise LookupError(f"{name!r} is no suite: international or sm") from None


def of_key(key: bytes) -> Suite:
    """The suite an encryption key was made for: their lengths differ. Raises ValueError for a key of neither."""
    for suite in _BY_NAME.values():
        if suite.key_bytes == len(key):
            return suite
    raise ValueError("an encryption key has 32 bytes (AES-256) or 16 (SM4)")


def current() -> Suite:
    """The suite of this deployment."""
    from django.conf import settings

    return _named(settings.CRYPTO_SUITE)


_named = lru_cache(maxsize=4)(named)
