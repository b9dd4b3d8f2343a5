"""Checking a passkey's signature again from what was kept of it: Web Authentication Level 2, section 7.2 (pure).

Only the steps that need no live ceremony are here, and all of those: whoever holds the evidence and the document can
repeat them for ever, without this software, the passkey or a network.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, Final

ALGORITHMS: Final = {-7: "ES256", -8: "EdDSA", -257: "RS256", -35: "ES384", -36: "ES512", -37: "PS256"}
"""COSE algorithms (RFC 9053 and 8812) a passkey may sign with."""


class NotHeld(ValueError):
    """The signature does not hold; `code` says why."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def kept(answer: Mapping[str, Any], public_key: bytes, host: str, address: str) -> dict[str, str]:
    """What is kept of a browser's answer: enough for `check`, and nothing of the person."""
    response = answer["response"]
    return {
        "type": "webauthn.get",
        "relying_party": host,
        "origin": address,
        "credential": str(answer["rawId"]),
        "client_data": str(response["clientDataJSON"]),
        "authenticator_data": str(response["authenticatorData"]),
        "signature": str(response["signature"]),
        "public_key": text(public_key),
    }


def check(evidence: Mapping[str, Any], challenge: bytes) -> str:
    """The name of the algorithm when the passkey signed `challenge`. Raises NotHeld.

    Steps 11 to 20 of section 7.2: type, challenge, origin, the relying party's hash, presence, verification, signature
    over authenticatorData and the hash of clientDataJSON with the COSE key (RFC 9052 section 7).
    """
    client, authenticator, signature, key = (
        binary(evidence, name) for name in ("client_data", "authenticator_data", "signature", "public_key")
    )
    _client(client, evidence, challenge)
    if len(authenticator) < 37:
        raise NotHeld("cut-short", "the authenticator's data is cut short")
    party = hashlib.sha256(str(evidence.get("relying_party")).encode()).digest()
    if not hmac.compare_digest(authenticator[:32], party):
        raise NotHeld("other-site", "it was made for another website")
    flags = authenticator[32]
    if not flags & 0x01:
        raise NotHeld("nobody-present", "nobody touched the device")
    if not flags & 0x04:
        raise NotHeld("holder-not-checked", "the device did not check its holder")
    return _signature(key, authenticator + hashlib.sha256(client).digest(), signature)


def _client(client: bytes, evidence: Mapping[str, Any], challenge: bytes) -> None:
    try:
        said = json.loads(client.decode("utf-8"))
        told, kind, origin = said["challenge"], said["type"], said["origin"]
    except (ValueError, KeyError, TypeError) as broken:
        raise NotHeld("unreadable", "what the browser said cannot be read") from broken
    if kind != "webauthn.get":
        raise NotHeld("other-kind", "it was made for something other than signing")
    if not isinstance(told, str) or not hmac.compare_digest(told.rstrip("="), text(challenge)):
        raise NotHeld("other-document", "another document was signed")
    if origin != evidence.get("origin") or said.get("crossOrigin") is True:
        raise NotHeld("other-site", "it was made on another website")


def _signature(key: bytes, message: bytes, signature: bytes) -> str:
    from fido2 import cbor
    from fido2.cose import CoseKey

    try:
        decoded: Any = cbor.decode(key)
        parsed = CoseKey.parse(decoded)
        name = ALGORITHMS[parsed[3]]
        parsed.verify(message, signature)
    except Exception as broken:  # fido2 and cryptography raise many kinds of error for hostile keys and signatures
        raise NotHeld("wrong-signature", "the signature does not fit the key and the document") from broken
    return name


def binary(evidence: Mapping[str, Any], name: str) -> bytes:
    """The bytes under `name`. Raises NotHeld."""
    value = evidence.get(name)
    if not isinstance(value, str) or len(value) > 100_000:
        raise NotHeld("unreadable", f"the evidence has no {name}")
    try:
        return urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except ValueError as broken:
        raise NotHeld("unreadable", f"{name} is not base64url") from broken


def text(value: bytes) -> str:
    """Base64url without padding (RFC 4648 section 5)."""
    return urlsafe_b64encode(value).rstrip(b"=").decode()
