"""What the QR code of a certificate holds: the essentials, signed, in the address of the page that checks them (pure).

A COSE_Sign1 (RFC 9052) over a CBOR map with the registered claims of a CWT (RFC 8392), written in base32 as the last
part of an address in capitals. Capitals and digits are what a QR code packs closest after bytes (ISO/IEC 18004,
alphanumeric mode), so the address that any phone's camera opens costs little more than the bare bytes would. The
signature verifies without that address.
"""

from __future__ import annotations

import binascii
import re
import struct
from base64 import b32decode, b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fido2 import cbor

from commonweal.office.certificates import jose
from commonweal.office.certificates.jose import Malformed

LIMIT = 4_000
"""Characters; a QR code holds at most 4,296."""
_ES256 = -7
_ISS, _SUB, _EXP, _IAT = 1, 2, 4, 6
_HOLDER, _SERVICE, _OUTPUT, _VERSION, _LIST, _INDEX = -70001, -70002, -70003, -70004, -70005, -70006
_BROKEN = (ValueError, TypeError, IndexError, KeyError, RecursionError, OverflowError, struct.error)
"""What the reader of CBOR raises for bytes that are none."""
_CODE = re.compile(r"(?:^|/V/)([A-Z2-7]{40,})$")


@dataclass(frozen=True, slots=True)
class Essentials:
    """What the code says. Dates in seconds since 1970; `expires` is None for ever; the status is `list`, `index`."""

    issuer: str
    number: str
    version: int
    holder: str
    service: str
    output: str
    issued: int
    expires: int | None
    list: int
    index: int


def write(essentials: Essentials, kid: bytes, signer: jose.Sign, address: str) -> str:
    """The text of the code: `HTTPS://HOST/V/…` with the signed essentials. `kid` names the key, in bytes."""
    claims: dict[int, Any] = {
        _ISS: essentials.issuer, _SUB: essentials.number, _IAT: essentials.issued, _HOLDER: essentials.holder,
        _SERVICE: essentials.service, _OUTPUT: essentials.output, _VERSION: essentials.version,
        _LIST: essentials.list, _INDEX: essentials.index,
    }  # fmt: skip
    if essentials.expires is not None:
        claims[_EXP] = essentials.expires
    protected, payload = cbor.encode({1: _ES256, 4: kid}), cbor.encode(claims)
    signature = signer(_to_sign(protected, payload))
    return f"{address.upper()}/V/{_written(protected, payload, signature)}"


def recognises(text: str) -> bool:
    """Whether `text` looks like such a code, with or without the address before it."""
    return len(text) <= LIMIT and _CODE.search(_tidy(text)) is not None


def read(text: str, keys: Sequence[bytes]) -> tuple[Essentials, bool]:
    """What a code says, and whether one of `keys` (P-256, DER) signed it. Raises Malformed."""
    found = _CODE.search(_tidy(text)) if len(text) <= LIMIT else None
    if found is None:
        raise Malformed("this is not the text of a certificate's code")
    code = found[1]
    try:
        body = cbor.decode(b32decode(code + "=" * (-len(code) % 8)))
    except (*_BROKEN, binascii.Error):
        raise Malformed("the code is cut short or was not read whole") from None
    if not isinstance(body, list) or len(body) != 4:
        raise Malformed("the code is cut short or was not read whole")
    protected, _, payload, signature = body
    if not all(isinstance(each, bytes) for each in (protected, payload, signature)):
        raise Malformed("the code is not a signed certificate")
    if _written(protected, payload, signature) != code:
        raise Malformed("the code is not written as codes are written here")
    message = _to_sign(protected, payload)
    right_kind = protected[:3] == cbor.encode({1: _ES256, 4: b""})[:3]
    signed = right_kind and any(jose.verify_raw(key, message, signature) for key in keys)
    return _essentials(payload), signed


def _essentials(payload: bytes) -> Essentials:
    try:
        claims = cbor.decode(payload)
    except _BROKEN:
        claims = None
    if not isinstance(claims, dict):
        raise Malformed("the code is not a signed certificate")
    texts = [claims.get(each) for each in (_ISS, _SUB, _HOLDER, _SERVICE, _OUTPUT)]
    numbers = [claims.get(each) for each in (_IAT, _VERSION, _LIST, _INDEX)]
    expires = claims.get(_EXP)
    if not all(isinstance(each, str) for each in texts) or not all(_whole(each) for each in numbers):
        raise Malformed("the code does not say what a certificate says")
    if expires is not None and not _whole(expires):
        raise Malformed("the code does not say what a certificate says")
    issuer, number, holder, service, output = (str(each) for each in texts)
    issued, version, list_, index = (int(str(each)) for each in numbers)
    return Essentials(issuer, number, version, holder, service, output, issued, expires, list_, index)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40


def _written(protected: bytes, payload: bytes, signature: bytes) -> str:
    """The one way to write a code: what the signature does not cover cannot be changed either."""
    return b32encode(cbor.encode([protected, {}, payload, signature])).decode().rstrip("=")


def _to_sign(protected: bytes, payload: bytes) -> bytes:
    """The Sig_structure of RFC 9052, section 4.4."""
    return cbor.encode(["Signature1", protected, b"", payload])


def _tidy(text: str) -> str:
    """Without spaces and line breaks, in capitals: what an application or a typist may have changed on the way."""
    return "".join(text.split()).upper()
