"""The hash of a document as people compare it: eight characters to see, and the same in words to hear (pure)."""

from __future__ import annotations

_LETTERS = {
    "en": dict(
        zip(
            "0123456789abcdef",
            (
                "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
                "Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot",
            ),
            strict=True,
        )
    ),
    "zh": dict(zip("0123456789abcdef", "零一二三四五六七八九甲乙丙丁戊己", strict=True)),
}  # fmt: skip
SHOWN = 8
"""Hexadecimal digits shown: 32 bits, enough to tell one's own documents apart; the passkey signs all 256."""


def short(digest: str) -> str:
    """`3F9A 04C1`."""
    text = digest[:SHOWN].upper()
    return f"{text[:4]} {text[4:]}"


def aloud(digest: str, language: str) -> str:
    """The same to be read over the phone: `three Foxtrot nine Alfa, zero four Charlie one`."""
    chinese = language.startswith("zh")
    words = [_LETTERS["zh" if chinese else "en"][each] for each in digest[:SHOWN].lower()]
    join = "" if chinese else " "
    return ("，" if chinese else ", ").join((join.join(words[:4]), join.join(words[4:])))
