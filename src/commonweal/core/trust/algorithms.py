"""Signature algorithms by name, each behind the same three verbs: make a key, sign, verify.

Keys travel in the forms every library reads: private keys as PKCS #8 (RFC 5958), public keys as SubjectPublicKeyInfo
(RFC 5280, section 4.1.2.7).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa

from commonweal.core.trust import sm2

ED25519, P256, SM2, ML_DSA = "ed25519", "p256", "sm2", "ml-dsa-44"


class PrivateKey(Protocol):
    """A key held in memory, ready to sign."""

    @property
    def public(self) -> bytes:
        """Its public half as SubjectPublicKeyInfo, DER."""

    def sign(self, message: bytes) -> bytes:
        """The signature over `message`; hashing it is the algorithm's own business."""


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One way to sign. `verify` answers False, never raises, whatever it is given."""

    name: str
    generate: Callable[[], bytes]
    """A fresh private key as PKCS #8, DER."""
    load: Callable[[bytes], PrivateKey]
    """A private key from PKCS #8. Raises ValueError when it is of another algorithm or damaged."""
    verify: Callable[[bytes, bytes, bytes], bool]
    """(public key, message, signature): whether the holder of the key signed the message."""


class _Held:
    """A private key of the `cryptography` library."""

    def __init__(self, key: Any, sign: Callable[[Any, bytes], bytes]) -> None:
        self._key, self._sign = key, sign
        self.public: bytes = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def sign(self, message: bytes) -> bytes:
        return self._sign(self._key, message)


def _of_library(name: str, generate: Callable[[], Any], kind: Any, public_kind: Any, *extra: Any) -> Algorithm:
    """An algorithm of the `cryptography` library; `extra` are the further arguments its sign and verify take."""

    def fresh() -> bytes:
        return generate().private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def load(content: bytes) -> PrivateKey:
        try:
            key = serialization.load_der_private_key(content, password=None)
        except UnsupportedAlgorithm:
            raise ValueError(f"not a key of {name}") from None
        if not isinstance(key, kind) or not _right_curve(key):
            raise ValueError(f"not a key of {name}")
        return _Held(key, lambda held, message: held.sign(message, *extra))

    def verify(public: bytes, message: bytes, signature: bytes) -> bool:
        with contextlib.suppress(InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
            key = serialization.load_der_public_key(public)
            if isinstance(key, public_kind) and _right_curve(key):
                key.verify(signature, message, *extra)
                return True
        return False

    return Algorithm(name, fresh, load, verify)


def _right_curve(key: Any) -> bool:
    return not hasattr(key, "curve") or key.curve.name == "secp256r1"


_ALL = {
    algorithm.name: algorithm
    for algorithm in (
        _of_library(
            ED25519, ed25519.Ed25519PrivateKey.generate, ed25519.Ed25519PrivateKey, ed25519.Ed25519PublicKey
        ),  # RFC 8032
        _of_library(
            P256, lambda: ec.generate_private_key(ec.SECP256R1()), ec.EllipticCurvePrivateKey,
            ec.EllipticCurvePublicKey, ec.ECDSA(hashes.SHA256()),
        ),  # FIPS 186-5
        # FIPS 204
        _of_library(ML_DSA, mldsa.MLDSA44PrivateKey.generate, mldsa.MLDSA44PrivateKey, mldsa.MLDSA44PublicKey),
        Algorithm(SM2, sm2.generate, sm2.load, sm2.verify),  # GB/T 32918.2
    )
}  # fmt: skip


def named(name: str) -> Algorithm:
    """The algorithm called `name`. Raises LookupError."""
    try:
        return _ALL[name]
    except KeyError:
        raise LookupError(f"{name!r} is no algorithm known here: {', '.join(sorted(_ALL))}") from None


def names() -> tuple[str, ...]:
    """Every algorithm there is."""
    return tuple(_ALL)
