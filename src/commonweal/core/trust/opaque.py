"""A key of the key store in the shape the `cryptography` library signs certificates with, wherever the key lies.

The library asks an elliptic-curve key only to sign and for its public half, so a key in hardware serves as well.
"""

from __future__ import annotations

from typing import Any, NoReturn

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from commonweal.core.trust import keys
from commonweal.core.trust.algorithms import P256
from commonweal.core.trust.ports import KeyProblem, PublicKey


class OpaqueKey(ec.EllipticCurvePrivateKey):
    """The P-256 key `key` of `purpose`: it signs and never shows itself."""

    def __init__(self, purpose: str, key: PublicKey) -> None:
        self.purpose, self.held = purpose, key

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """An ECDSA signature with SHA-256 over `data`. Raises KeyProblem for another algorithm."""
        digest = getattr(signature_algorithm, "algorithm", None)
        if not isinstance(digest, hashes.SHA256):
            raise KeyProblem("keys of this store sign with ECDSA and SHA-256")
        return keys.store().sign(self.purpose, bytes(data), P256, self.held.id).bytes

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The public half."""
        public = serialization.load_der_public_key(self.held.spki)
        if not isinstance(public, ec.EllipticCurvePublicKey):
            raise KeyProblem(f"the key of {self.purpose} is not an elliptic-curve key")
        return public

    @property
    def curve(self) -> ec.EllipticCurve:
        """P-256."""
        return ec.SECP256R1()

    @property
    def key_size(self) -> int:
        """256 bits."""
        return 256

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> bytes:
        """Refused: these keys sign and do nothing else."""
        self._refuse()

    def private_numbers(self) -> ec.EllipticCurvePrivateNumbers:
        """Refused."""
        self._refuse()

    def private_bytes(self, encoding: Any, format: Any, encryption_algorithm: Any) -> bytes:
        """Refused."""
        self._refuse()

    def __copy__(self) -> OpaqueKey:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> OpaqueKey:
        return self

    def _refuse(self) -> NoReturn:
        raise KeyProblem("a key of the key store signs; it is neither shown nor used for anything else")


def newest(purpose: str) -> OpaqueKey:
    """The signing key of `purpose`, made on first use. Raises KeyProblem."""
    return OpaqueKey(purpose, keys.public_keys(purpose, P256)[-1])


def of(purpose: str, key_id: str) -> OpaqueKey:
    """The key of `purpose` with that identifier, however old. Raises KeyProblem."""
    for key in keys.public_keys(purpose, P256):
        if key.id == key_id:
            return OpaqueKey(purpose, key)
    raise KeyProblem(f"{purpose} has no key {key_id}; restore it from a backup")
