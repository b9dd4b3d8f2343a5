"""Signing and checking, sealing and encrypting, by purpose. Everything here uses this deployment's key store."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from commonweal.core.trust import algorithms, suites
from commonweal.core.trust.adapters.files import FileKeyStore
from commonweal.core.trust.adapters.keyring import Keyring
from commonweal.core.trust.algorithms import ED25519
from commonweal.core.trust.ports import KeyProblem, KeyStore, PublicKey, Signature

_SERIAL_BYTES = 2
_ED25519_SPKI = bytes.fromhex("302a300506032b6570032100")


@lru_cache(maxsize=8)
def _at(address: str, passphrase: str) -> KeyStore:
    if address.startswith("pkcs11:"):
        from commonweal.core.trust.adapters.pkcs11 import TokenKeyStore

        return TokenKeyStore(address, passphrase)
    return FileKeyStore(Path(address), Keyring(Path(address), passphrase))


def store() -> KeyStore:
    """The key store of this deployment: a folder, or hardware by a `pkcs11:` address (RFC 7512)."""
    return _at(str(settings.KEYS_ROOT), str(settings.KEYS_PASSPHRASE))


def sign(purpose: str, message: bytes, algorithm: str = ED25519) -> Signature:
    """Sign `message` with the newest key of `purpose`. Raises KeyProblem."""
    return store().sign(purpose, message, algorithm)


def verify(purpose: str, message: bytes, signature: Signature) -> bool:
    """Whether any key that `purpose` ever had made `signature` over `message`."""
    check = algorithms.named(signature.algorithm).verify
    return any(
        key.id == signature.key_id and check(key.spki, message, signature.bytes)
        for key in store().public_keys(purpose, signature.algorithm)
    )


def verify_with(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of the Ed25519 key `public` (32 raw bytes) made `signature` (64 bytes) over `message`."""
    return algorithms.named(ED25519).verify(_ED25519_SPKI + public, message, signature)


def public_keys(purpose: str, algorithm: str = ED25519) -> Sequence[PublicKey]:
    """Every public key of `purpose`, oldest first, to be published for others to check with."""
    return store().public_keys(purpose, algorithm)


def rotate(purpose: str, algorithm: str = ED25519) -> PublicKey:
    """Sign with a new key from now on; what the old keys signed still verifies."""
    return store().rotate(purpose, algorithm)


def seal(purpose: str, message: bytes) -> bytes:
    """A code only this deployment can make for `message` (HMAC-SHA-256); for its own later checking."""
    serial, code = store().mac(purpose, message)
    return serial.to_bytes(_SERIAL_BYTES, "big") + code


def unbroken(purpose: str, message: bytes, code: bytes) -> bool:
    """Whether `code` is this deployment's own seal over `message`; compared in constant time."""
    try:
        _, right = store().mac(purpose, message, int.from_bytes(code[:_SERIAL_BYTES], "big"))
    except KeyProblem:
        return False
    return hmac.compare_digest(right, bytes(code[_SERIAL_BYTES:]))


def encrypt(purpose: str, content: bytes, context: str) -> bytes:
    """`content` encrypted under this deployment's secret of `purpose`, in its suite, bound to `context`.

    `context` names where the box is kept (`person:P-…/national-id`), so that a box moved elsewhere does not open.
    """
    suite = suites.current()
    serial, key = store().mac(purpose, _derivation(suite.name, purpose))
    head = bytes([_SUITES.index(suite.name)]) + serial.to_bytes(_SERIAL_BYTES, "big")
    return head + suite.encrypt(key[: suite.key_bytes], content, context.encode())


def decrypt(purpose: str, box: bytes, context: str) -> bytes:
    """What `encrypt` was given. Raises suites.Broken."""
    if len(box) <= 1 + _SERIAL_BYTES or box[0] >= len(_SUITES):
        raise suites.Broken("the ciphertext is cut short")
    suite = suites.named(_SUITES[box[0]])
    try:
        _, key = store().mac(
            purpose, _derivation(suite.name, purpose), int.from_bytes(box[1 : 1 + _SERIAL_BYTES], "big")
        )
    except KeyProblem:
        raise suites.Broken("the ciphertext names a key that this deployment does not have") from None
    return suite.decrypt(key[: suite.key_bytes], box[1 + _SERIAL_BYTES :], context.encode())


def blind_index(purpose: str, value: str) -> bytes:
    """32 bytes that are equal for equal values and tell nothing else: finds an encrypted value by its exact text.

    Uses the first secret of `purpose` for ever, since an index must not change when the key is rotated.
    """
    store().mac(purpose, b"")
    return store().mac(purpose, b"blind index\0" + value.encode(), 1)[1]


_SUITES = ("international", "sm")


def _derivation(suite: str, purpose: str) -> bytes:
    return f"encrypt\0{suite}\0{purpose}".encode()
