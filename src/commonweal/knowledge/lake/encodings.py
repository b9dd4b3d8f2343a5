"""Bytes to UTF-8: what a file is written in, when nobody says."""

from __future__ import annotations

import codecs
import itertools

from commonweal.core.errors import Refused

GUESSES = ("utf-8", "gb18030", "latin-1")
"""In this order; Latin-1 can read anything and so comes last."""


def utf8(data: bytes, encoding: str | None, name: str) -> bytes:
    """The same text in UTF-8 without a byte order mark.

    Undeclared: what a byte order mark says, else UTF-8, else GB18030 where the result reads as Chinese, else
    Latin-1. Raises Refused for an unknown encoding, or text that is not written in the declared one.
    """
    if encoding is None and data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    if encoding is None and data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        for candidate in (encoding,) if encoding else GUESSES:
            try:
                text = data.decode(candidate)
            except UnicodeDecodeError:
                continue
            if candidate == "gb18030" and not reads_as_chinese(text):
                continue
            return text.removeprefix("\ufeff").encode("utf-8", "replace")
    except LookupError as problem:
        raise Refused("encoding", f"{name}: there is no encoding named {encoding!r}") from problem
    raise Refused("encoding", f"{name} is not written in {encoding}; declare the encoding it has")


def reads_as_chinese(text: str) -> bool:
    """Latin-1 bytes often happen to decode as GB18030; then the result is rare characters standing alone."""
    high = [c for c in text if ord(c) > 127]
    common = sum("\u4e00" <= c <= "\u9fa5" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" for c in high)
    pairs = sum("\u4e00" <= a <= "\u9fa5" and "\u4e00" <= b <= "\u9fa5" for a, b in itertools.pairwise(text))
    return bool(high) and common >= 0.9 * len(high) and pairs >= 0.3 * len(high)
