"""Documents as they are kept: canonical JSON, compressed."""

from __future__ import annotations

import zlib


def pack(text: str) -> bytes:
    """Compress a document; level 6 is a third of the time of 9 for two per cent more."""
    return zlib.compress(text.encode(), 6)


def unpack(content: bytes) -> str:
    """The document again. Raises zlib.error when it is damaged."""
    return zlib.decompress(content).decode()
