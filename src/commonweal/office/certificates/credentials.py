"""What a holder takes away of a certificate: the credential, the text of its QR code, and the published lists."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from commonweal.core import clock
from commonweal.core.errors import Refused
from commonweal.office.certificates import compact, jose, listing, sdjwt, sealing, statuslist
from commonweal.office.certificates.content import New, facts_of
from commonweal.office.certificates.models import Certificate, StatusList
from commonweal.register.base import Text

log = logging.getLogger(__name__)
HOLDER = "holder"
"""The claim with the holder's name."""


def stated(row: Certificate) -> New:
    """What the row's content states."""
    content = row.content
    return New(
        case=row.case, service=content["service"], output=content["output"], number=content["number"],
        region=row.region, name=Text(content["name"]), issuer=content["issuer"]["id"],
        issuer_name=Text(content["issuer"]["name"]), holder=content["holder"]["ref"],
        holder_name=content["holder"]["name"], facts=facts_of(content), issued_at=row.issued_at,
        valid_until=row.valid_until,
    )  # fmt: skip


def type_of(row: Certificate) -> str:
    """The `vct`: what kind of credential it is."""
    return f"{sealing.issuer()}/credentials/{row.service}/{row.output}"


def of(row: Certificate, holder_key: Mapping[str, Any] | None = None) -> tuple[str, str | None]:
    """A fresh SD-JWT VC of the row, and the thumbprint of the key it is bound to. Raises Malformed for a wrong key."""
    bound = jose.jwk_of(jose.spki_of(holder_key)) if holder_key is not None else None
    claims: dict[str, Any] = {
        "iss": sealing.issuer(), "iat": int(row.issued_at.timestamp()), "vct": type_of(row), "number": row.number,
        "version": row.version, "issuing_authority": row.content["issuer"]["id"],
        "status": {"status_list": {"idx": row.status_index, "uri": sealing.status_address(row.status_list_id)}},
    }  # fmt: skip
    if row.valid_until is not None:
        claims["exp"] = int(row.valid_until.timestamp())
    facts = {HOLDER: row.content["holder"]["name"], **{each.key: each.value for each in facts_of(row.content)}}
    text = sdjwt.issue(claims, facts, sealing.kid(), sealing.sign, holder=bound)
    return text, bound["kid"] if bound else None


def code(row: Certificate) -> str:
    """The text of the row's QR code."""
    essentials = compact.Essentials(
        issuer=sealing.issuer(), number=row.number, version=row.version, holder=row.content["holder"]["name"][:60],
        service=row.service, output=row.output, issued=int(row.issued_at.timestamp()),
        expires=int(row.valid_until.timestamp()) if row.valid_until else None,
        list=row.status_list_id, index=row.status_index,
    )  # fmt: skip
    return compact.write(essentials, jose.decode(sealing.kid())[:8], sealing.sign, sealing.issuer())


def status_token(list_: int) -> str | None:
    """The published list, signed now; None where there is none. Raises Refused `damaged-record` where the rows say
    otherwise than what this deployment sealed: then nothing is published, and readers go by the copy they hold."""
    found = StatusList.objects.filter(pk=list_).first() if 1 <= list_ < 1 << 31 else None
    if found is None:
        return None
    content = listing.content(list_)
    if not listing.unbroken(found, content):
        log.error("status list %s is not as it was sealed; it is not published", list_)
        raise Refused("damaged-record", "This list is not as it was sealed; nothing is published until it is mended")
    now = int(clock.now().timestamp())
    return _signed(sealing.status_address(list_), content, sealing.kid(), now - now % 60)


@lru_cache(maxsize=64)
def _signed(address: str, content: bytes, kid: str, minute: int) -> str:
    """One signature a minute for a list that has not changed, however many ask."""
    return statuslist.token(address, content, kid, sealing.sign, minute)
