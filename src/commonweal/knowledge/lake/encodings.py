"""Bytes to UTF-8: what a file is written in, when nobody says."""

from __future__ import annotations

import codecs
import itertools
import re

from commonweal.core.errors import Refused

_PLAINLY_UTF8 = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}|\xc3[\x80-\xbf](?![\x80-\xff])")
"""Chinese, or a Latin letter with an accent, that hardly comes about by chance in another encoding."""
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
                if encoding is None and candidate == "utf-8":
                    _of_one_piece(data, name)
                continue
            if candidate == "gb18030" and not reads_as_chinese(text):
                continue
            return text.removeprefix("\ufeff").encode("utf-8", "replace")
    except LookupError as problem:
        raise Refused("encoding", f"{name}: there is no encoding named {encoding!r}") from problem
    raise Refused("encoding", f"{name} is not written in {encoding}; declare the encoding it has")


def _of_one_piece(data: bytes, name: str) -> None:
    """Text that is not UTF-8 must not be so in some lines: what was pasted together cannot be read as one.

    Raises Refused naming the first line of each kind.
    """
    utf, other = 0, 0
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            other = other or number
        else:
            utf = utf or (number if _PLAINLY_UTF8.search(line) else 0)
        if utf and other:
            raise Refused(
                "encoding",
                f"{name} is written in two encodings: line {utf} is UTF-8 and line {other} is not. Save it in one "
                "encoding; UTF-8 is best",
            )


def reads_as_chinese(text: str) -> bool:
    """Latin-1 bytes often happen to decode as GB18030; then the result is rare characters standing alone."""
    high = [c for c in text if ord(c) > 127]
    common = sum("\u4e00" <= c <= "\u9fa5" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" for c in high)
    pairs = sum("\u4e00" <= a <= "\u9fa5" and "\u4e00" <= b <= "\u9fa5" for a, b in itertools.pairwise(text))
    return bool(high) and common >= 0.9 * len(high) and pairs >= 0.3 * len(high)
