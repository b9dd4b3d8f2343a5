"""Texts that people hand in, made fit to be kept: no control characters, no broken halves of characters."""

from __future__ import annotations

import unicodedata


def clean(text: str, length: int) -> str:
    """A note or message without control characters other than line ends, at most `length` characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    seen = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return seen.strip()[:length].strip()


def one_line(text: str, length: int) -> str:
    """A search text or a key: as `clean`, in one line."""
    return " ".join(clean(text, length).split())
