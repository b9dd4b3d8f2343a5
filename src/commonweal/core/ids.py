"""Names for things: sortable event ids and short references a person can read over the phone."""

from __future__ import annotations

import os
import secrets
import threading
from datetime import datetime, timedelta
from uuid import UUID

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0/O, 1/I/L and U, which people confuse when reading aloud."""
_TAIL = (1 << 74) - 1
"""The 74 bits of a version 7 UUID that are neither time, version nor variant."""
_newest = threading.local()


def reference(prefix: str, length: int = 8) -> str:
    """A random public reference such as `C-7KQ2M9XB` (about 39 bits for 8 characters).

    It is a name, not a secret: access is always checked as well.
    """
    return f"{prefix}-{''.join(secrets.choice(_ALPHABET) for _ in range(length))}"


def is_reference(text: str, prefix: str) -> bool:
    """Whether `text` reads as a reference of that kind; whatever else was typed is nobody's and not worth a query."""
    body = text.removeprefix(f"{prefix}-")
    return body != text and 4 <= len(body) <= 13 and all(letter in _ALPHABET for letter in body)


def uuid7(moment: datetime) -> UUID:
    """A version 7 UUID (RFC 9562 section 5.7): millisecond time first, then random bits, so it sorts by time.

    Those made in one thread for one millisecond sort in the order they were made (RFC 9562 section 6.2 method 2:
    the random part counts on), so the events of one transaction keep their order.
    """
    milliseconds = int(moment.timestamp() * 1000) & ((1 << 48) - 1)
    before, tail = getattr(_newest, "made", (-1, 0))
    fresh = int.from_bytes(os.urandom(10))
    if milliseconds == before:
        tail += 1 + (fresh & 0xFFFFFFFF)
    else:
        tail = fresh & _TAIL >> 1
    if tail > _TAIL:
        return uuid7(moment + timedelta(milliseconds=1))
    _newest.made = (milliseconds, tail)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0x2 << 62 | tail & (1 << 62) - 1)
