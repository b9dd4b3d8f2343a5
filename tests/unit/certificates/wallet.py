"""A key in memory, as a wallet or a forger holds one."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from commonweal.office.certificates import jose


class Key:
    """A P-256 key: `spki`, `jwk` (public), `private_jwk`, `sign`."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.spki = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.jwk: dict[str, Any] = jose.jwk_of(self.spki)

    @property
    def private_jwk(self) -> dict[str, Any]:
        """As the reference library takes it."""
        number = self._key.private_numbers().private_value
        return {**self.jwk, "d": jose.encode(number.to_bytes(32))}

    def sign(self, message: bytes) -> bytes:
        """r ‖ s."""
        return jose.raw_of(self._key.sign(message, ec.ECDSA(hashes.SHA256())))
