"""This deployment's own seal over a certificate's row, and the key that signs what holders take away."""

from __future__ import annotations

from collections.abc import Sequence

import rfc8785
from django.conf import settings

from commonweal.core.trust import algorithms, keys
from commonweal.office.certificates import content, jose
from commonweal.office.certificates.models import Certificate

PURPOSE = "certificate"
"""The key store's purpose, for signatures (P-256) and for the seal of rows."""


def seal(row: Certificate) -> bytes:
    """The code that only this deployment can make for the row as it stands."""
    return keys.seal(PURPOSE, _row(row))


def unbroken(row: Certificate) -> bool:
    """Whether the row is as this software wrote it: content, number, holder, place and status."""
    return content.digest(row.content) == row.digest and keys.unbroken(PURPOSE, _row(row), bytes(row.seal))


def sign(message: bytes) -> bytes:
    """The raw ES256 signature of this deployment."""
    return jose.raw_of(keys.sign(PURPOSE, message, algorithms.P256).bytes)


def public() -> Sequence[bytes]:
    """Every key (DER) certificates were ever signed with, oldest first."""
    return [key.spki for key in keys.public_keys(PURPOSE, algorithms.P256)]


def kid() -> str:
    """The name of the key that signs now."""
    return jose.jwk_of(public()[-1])["kid"]


def jwks() -> dict[str, object]:
    """The keys as published (RFC 7517)."""
    return {"keys": [jose.jwk_of(each) for each in public()]}


def issuer() -> str:
    """The address this deployment issues under."""
    return f"https://{settings.ORIGIN}"


def status_address(list_: int) -> str:
    """Where a status list is published."""
    return f"{issuer()}/status-lists/{list_}"


def _row(row: Certificate) -> bytes:
    return rfc8785.dumps(
        {
            "ref": row.ref, "number": row.number, "version": row.version, "case": row.case, "service": row.service,
            "output": row.output, "region": row.region, "holder": row.holder_id, "digest": row.digest,
            "status": row.status, "reason": row.reason, "changed": row.changed_at.isoformat(),
            "revision": row.revision, "issued": row.issued_at.isoformat(),
            "until": row.valid_until.isoformat() if row.valid_until else None,
            "replaces": row.replaces_id, "list": row.status_list_id, "index": row.status_index,
        }
    )  # fmt: skip
