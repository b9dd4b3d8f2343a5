"""One way to write an event, so that everybody hashes the same bytes (RFC 8785 over CloudEvents 1.0 JSON)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import rfc8785

if TYPE_CHECKING:
    from commonweal.core.journal.models import Event

TYPE_PREFIX = "org.commonweal."
_EXACT = 2**53


def plain(value: Any, where: str = "data") -> Any:
    """`value` as JSON that every database returns unchanged.

    Dates, decimals and ids become strings, whole floats integers. Raises ValueError naming the place of anything
    that JSON, RFC 8785 or PostgreSQL cannot hold exactly: NaN, integers beyond 2**53, U+0000, other objects.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if "\x00" in value or (not value.isascii() and _has_lone_surrogate(value)):
            raise ValueError(f"{where}: text with U+0000 or half a character cannot be recorded")
        return str.__str__(value)
    if isinstance(value, int | float):
        return _number(value, where)
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date | Decimal | UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {_key(key, where): plain(item, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes | bytearray):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [plain(item, f"{where}[{place}]") for place, item in enumerate(items)]
    raise ValueError(f"{where}: a {type(value).__name__} cannot be recorded; give text, numbers, lists or mappings")


def _number(value: float, where: str) -> float:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{where}: {value} is no number that JSON holds")
    if abs(value) >= _EXACT:
        raise ValueError(f"{where}: {value} is too large to be exact; record it as text")
    return int(value) if value == int(value) else value


def _key(key: Any, where: str) -> str:
    if not isinstance(key, str):
        raise ValueError(f"{where}: the key {key!r} is not text")
    return plain(key, f"{where} key")


def _has_lone_surrogate(value: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in value)


def rfc3339(moment: datetime) -> str:
    """`moment` in UTC to the microsecond: `2026-03-01T09:30:00.000000Z`, always of one length."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def to_cloudevent(event: Event) -> dict[str, Any]:
    """`event` as a CloudEvents 1.0 JSON object.

    Besides the standard's attributes it has the extensions `actor`, `about` (references of the persons whose
    data was touched, space between) and `personaldigest` (commitment to the personal data kept beside it).
    """
    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(event.id),
        "source": event.source,
        "type": TYPE_PREFIX + event.type,
        "subject": event.subject,
        "time": rfc3339(event.time),
        "datacontenttype": "application/json",
        "actor": event.actor,
        "data": event.data,
    }
    if event.about:
        attributes["about"] = event.about
    if event.personal_digest:
        attributes["personaldigest"] = event.personal_digest
    return attributes


def encode(value: Any) -> bytes:
    """RFC 8785 bytes of plain JSON."""
    return rfc8785.dumps(value)


def leaf_bytes(event: Event) -> bytes:
    """What the tree's leaf is the hash of."""
    return encode(to_cloudevent(event))
