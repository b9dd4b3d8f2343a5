"""SM2 signatures with SM3 (GB/T 32918.2, RFC 8998 section 3.2.1), keys in the forms of GM/T 0009.

The arithmetic is the `gmalg` library's: plain Python, a few milliseconds a signature and not constant in time, so a
machine shared with strangers should keep its SM2 keys in hardware (adapters/pkcs11.py).
"""

from __future__ import annotations

from functools import lru_cache

from asn1crypto.algos import DSASignature
from asn1crypto.keys import ECPrivateKey, NamedCurve, PrivateKeyInfo, PublicKeyInfo
from cryptography.hazmat.primitives import hashes

CURVE = "1.2.156.10197.1.301"
SIGNATURE = "1.2.156.10197.1.501"
DIGEST = "1.2.156.10197.1.401"
USER = b"1234567812345678"
"""The identity every signer has where none is agreed (GM/T 0009, section 10)."""

NamedCurve.register("sm2p256v1", CURVE, 32)


def sm3(message: bytes) -> bytes:
    """The SM3 digest, 32 bytes (GB/T 32905)."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(message)
    return digest.finalize()


class Key:
    """An SM2 private key in memory."""

    def __init__(self, secret: bytes) -> None:
        from gmalg import SM2

        point = SM2().generate_pk(secret)
        self._engine = SM2(secret, USER, point)
        self.public = _spki(point)

    def sign(self, message: bytes) -> bytes:
        """The pair (r, s) as a DER sequence."""
        r, s = self._engine.sign(message)
        return DSASignature({"r": int.from_bytes(r, "big"), "s": int.from_bytes(s, "big")}).dump()


def generate() -> bytes:
    """A fresh private key as PKCS #8."""
    from gmalg import SM2

    secret, public = SM2().generate_keypair()
    inner = ECPrivateKey(
        {"version": 1, "private_key": int.from_bytes(secret, "big"), "public_key": public}, tag_type=None
    )
    return PrivateKeyInfo(
        {
            "version": 0,
            "private_key_algorithm": {"algorithm": "ec", "parameters": {"named": "sm2p256v1"}},
            "private_key": inner,
        }
    ).dump()


def load(content: bytes) -> Key:
    """A private key from PKCS #8. Raises ValueError."""
    try:
        info = PrivateKeyInfo.load(content, strict=True)
        curve = info["private_key_algorithm"]["parameters"].chosen.dotted
        secret = info["private_key"].parsed["private_key"].native.to_bytes(32, "big")
    except (KeyError, TypeError, AttributeError, OverflowError):
        raise ValueError("not a key of sm2") from None
    if curve != CURVE:
        raise ValueError("not a key of sm2")
    return Key(secret)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of `public` (SubjectPublicKeyInfo) signed `message`; False for anything malformed."""
    try:
        pair = DSASignature.load(signature, strict=True)
        numbers = [pair[name].native.to_bytes(32, "big") for name in ("r", "s")]
        engine = _verifier(bytes(public))
        return engine is not None and bool(engine.verify(message, *numbers))
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError):
        return False


@lru_cache(maxsize=64)
def _verifier(public: bytes):  # type: ignore[no-untyped-def]
    """An engine that verifies, or None when the point does not lie on the curve."""
    from gmalg import SM2

    info = PublicKeyInfo.load(public, strict=True)
    algorithm = info["algorithm"]
    if algorithm["algorithm"].native != "ec" or algorithm["parameters"].chosen.dotted != CURVE:
        return None
    point = info["public_key"].native
    if len(point) != 65 or point[0] != 4 or not SM2().verify_pk(point):
        return None
    return SM2(uid=USER, pk=point)


def _spki(point: bytes) -> bytes:
    return PublicKeyInfo(
        {"algorithm": {"algorithm": "ec", "parameters": {"named": "sm2p256v1"}}, "public_key": point}
    ).dump()
