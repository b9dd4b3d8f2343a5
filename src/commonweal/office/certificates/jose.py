"""Signed tokens in the compact form every wallet reads (JWS, RFC 7515) with ES256, and keys as JWK (RFC 7517).

The private key never comes here: a signer is a call, so that it may lie in hardware.
"""

from __future__ import annotations

import binascii
import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from commonweal.core.trust import algorithms

Sign = Callable[[bytes], bytes]
"""The raw signature (r ‖ s, 64 bytes) over a message with P-256 and SHA-256."""
_HALF = 32


class Malformed(ValueError):
    """The text is not what it says it is; the message says where."""


@dataclass(frozen=True, slots=True)
class Jws:
    """A token taken apart. Nothing in it is true until `signed_by` says so."""

    header: Mapping[str, Any]
    payload: Mapping[str, Any]
    message: bytes
    signature: bytes

    def signed_by(self, spki: bytes) -> bool:
        """Whether the holder of the P-256 key `spki` (DER) signed it with ES256 (RFC 7518, section 3.4)."""
        if self.header.get("alg") != "ES256" or self.header.get("crit") is not None:
            return False
        return verify_raw(spki, self.message, self.signature)


def encode(content: bytes) -> str:
    """Base64url without padding (RFC 7515, section 2)."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of `encode`. Raises Malformed, also for a text that another spelling would stand for."""
    try:
        content = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise Malformed("this is not base64url") from None
    if encode(content) != text:
        raise Malformed("this is not base64url")
    return content


def sign(header: Mapping[str, Any], payload: Mapping[str, Any], signer: Sign) -> str:
    """A compact JWS over the JSON of `payload`, with `alg` set to ES256."""
    head = encode(_json({"alg": "ES256", **header}))
    message = f"{head}.{encode(_json(payload))}"
    return f"{message}.{encode(signer(message.encode()))}"


def parse(text: str) -> Jws:
    """Take a compact JWS apart without believing it. Raises Malformed."""
    parts = text.split(".")
    if len(parts) != 3:
        raise Malformed("a signed token has three parts with dots between them")
    header, payload = _object(parts[0]), _object(parts[1])
    return Jws(header, payload, f"{parts[0]}.{parts[1]}".encode(), decode(parts[2]))


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The name of an elliptic key: SHA-256 over its required members, base64url (RFC 7638)."""
    members = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return encode(hashlib.sha256(_json(members)).digest())


def jwk_of(spki: bytes) -> dict[str, str]:
    """A P-256 public key (DER) as JWK with its thumbprint as `kid`. Raises Malformed."""
    try:
        key = load_der_public_key(spki)
    except ValueError:
        raise Malformed("this is not a public key") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise Malformed("this is not a P-256 key")
    point = key.public_numbers()
    jwk = {"kty": "EC", "crv": "P-256", "x": encode(point.x.to_bytes(_HALF)), "y": encode(point.y.to_bytes(_HALF))}
    return {**jwk, "kid": thumbprint(jwk), "use": "sig", "alg": "ES256"}


def spki_of(jwk: Any) -> bytes:
    """The DER of a P-256 public key given as JWK. Raises Malformed for another kind, and for a private key."""
    if not isinstance(jwk, Mapping) or jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
        raise Malformed('the key must be a JWK with "kty": "EC" and "crv": "P-256"')
    if "d" in jwk:
        raise Malformed('this JWK holds a private key ("d"): keep that to yourself and give the public part only')
    x, y = (_coordinate(jwk.get(name)) for name in ("x", "y"))
    try:
        key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except ValueError:
        raise Malformed("x and y of this JWK are not a point of P-256") from None
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def raw_of(der: bytes) -> bytes:
    """An ECDSA signature as r ‖ s, 64 bytes (RFC 7518, section 3.4), from the DER that key stores return."""
    r, s = decode_dss_signature(der)
    return r.to_bytes(_HALF) + s.to_bytes(_HALF)


def verify_raw(spki: bytes, message: bytes, raw: bytes) -> bool:
    """Whether `raw` (r ‖ s) is a signature over `message` by the P-256 key `spki`; never raises."""
    if len(raw) != 2 * _HALF:
        return False
    der = encode_dss_signature(int.from_bytes(raw[:_HALF]), int.from_bytes(raw[_HALF:]))
    return algorithms.named(algorithms.P256).verify(spki, message, der)


def keys_of(jwks: Any) -> Sequence[bytes]:
    """The P-256 keys of a published set, bare (`{"keys": […]}`) or as issuer metadata. Raises Malformed."""
    if isinstance(jwks, Mapping) and "jwks" in jwks:
        jwks = jwks["jwks"]
    if not isinstance(jwks, Mapping) or not isinstance(jwks.get("keys"), list):
        raise Malformed('a set of keys is JSON with a list named "keys"')
    return [spki_of(each) for each in jwks["keys"]]


def unpacked(text: str) -> Any:
    """The JSON behind base64url. Raises Malformed, also for JSON with a text that cannot be written in UTF-8 again."""
    try:
        value = json.loads(decode(text).decode())
        _json(value)
    except (ValueError, RecursionError):
        # Half of a surrogate pair is JSON, and would break every page and log that says what was found.
        raise Malformed("a part of the token is not JSON") from None
    return value


def _coordinate(text: Any) -> int:
    if not isinstance(text, str) or len(content := decode(text)) != _HALF:
        raise Malformed("x and y of a P-256 JWK are 32 bytes in base64url")
    return int.from_bytes(content)


def _object(text: str) -> Mapping[str, Any]:
    value = unpacked(text)
    if not isinstance(value, dict):
        raise Malformed("a part of the token is not a JSON object")
    return value


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=False).encode()
