"""What has become of certificates, published as one compressed list that tells nobody whom anyone asked about (pure).

Token Status List (draft-ietf-oauth-status-list), JWT form, two bits each: valid, invalid or suspended. Whoever checks
fetches the whole list, so the issuer does not learn which certificate was shown where.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from commonweal.office.certificates import jose
from commonweal.office.certificates.jose import Malformed

VALID, INVALID, SUSPENDED = 0, 1, 2
"""The values of section 7.1 of the draft."""
TYPE = "statuslist+jwt"
BITS = 2
PLACES = 1 << 16
"""Places of one list: 16 KiB before compression, so that one certificate is one of a crowd."""
LIVES = 3600
"""Seconds for which a copy may be used."""
KEPT = 12 * 3600
"""Seconds after which a copy proves nothing any more."""
_UNPACKED_LIMIT = 1 << 20


def pack(states: Iterable[tuple[int, int]], places: int = PLACES) -> bytes:
    """The list with each (index, state) of `states` set and every other place valid: two bits, lowest first."""
    content = bytearray(places * BITS // 8)
    for index, state in states:
        if not 0 <= index < places or state not in (VALID, INVALID, SUSPENDED):
            raise ValueError(f"there is no place {index} or no state {state}")
        content[index // 4] |= state << (index % 4 * BITS)
    return bytes(content)


def token(uri: str, content: bytes, kid: str, signer: jose.Sign, now: int) -> str:
    """The signed list as published at `uri`; `now` in seconds since 1970."""
    payload = {
        "sub": uri, "iat": now, "exp": now + KEPT, "ttl": LIVES,
        "status_list": {"bits": BITS, "lst": jose.encode(zlib.compress(content, 9))},
    }  # fmt: skip
    return jose.sign({"typ": TYPE, "kid": kid}, payload, signer)


def read(text: str, keys: Sequence[bytes], now: int) -> tuple[str, bytes, int]:
    """The address, the unpacked list and the bits a place of a published list, checked.

    Raises Malformed: for a list nobody of `keys` signed, or one too old to prove anything.
    """
    parsed = jose.parse(text.strip())
    body = parsed.payload.get("status_list")
    if parsed.header.get("typ") != TYPE or not isinstance(body, Mapping):
        raise Malformed("this is not a status list")
    if not any(parsed.signed_by(key) for key in keys):
        raise Malformed("the status list is not signed by the issuer")
    expires = parsed.payload.get("exp")
    if not isinstance(expires, int) or now >= expires:
        raise Malformed("the status list is too old: fetch it again")
    bits, packed = body.get("bits"), body.get("lst")
    if not isinstance(bits, int) or bits not in (1, 2, 4, 8) or not isinstance(packed, str):
        raise Malformed("this is not a status list")
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(jose.decode(packed), _UNPACKED_LIMIT)
    except zlib.error:
        raise Malformed("the status list cannot be unpacked") from None
    if not unpacking.eof:
        raise Malformed("the status list is cut short, or larger than any of ours")
    return str(parsed.payload.get("sub", "")), content, bits


def state(content: bytes, bits: int, index: Any) -> int:
    """The state at `index`. Raises Malformed where there is no such place."""
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(content) * 8 // bits:
        raise Malformed("the certificate names a place that the status list does not have")
    at = index * bits
    return content[at // 8] >> (at % 8) & ((1 << bits) - 1)
