"""Names for things: sortable event ids and short references a person can read over the phone."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from uuid import UUID

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0/O, 1/I/L and U, which people confuse when reading aloud."""


def reference(prefix: str, length: int = 8) -> str:
    """A random public reference such as `C-7KQ2M9XB` (about 39 bits for 8 characters).

    It is a name, not a secret: access is always checked as well.
    """
    return f"{prefix}-{''.join(secrets.choice(_ALPHABET) for _ in range(length))}"


def uuid7(moment: datetime) -> UUID:
    """A version 7 UUID (RFC 9562 section 5.7): millisecond time first, then random bits, so it sorts by time."""
    milliseconds = int(moment.timestamp() * 1000) & ((1 << 48) - 1)
    value = milliseconds << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | (0x7 << 76)
    return UUID(int=value & ~(0x3 << 62) | (0x2 << 62))
