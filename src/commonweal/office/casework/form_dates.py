"""Dates as people write them (pure): three boxes, ISO, day-month-year, month names, Chinese. Kept as ISO."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from commonweal.office.casework.form_questions import Question
from commonweal.office.casework.form_showing import EXAMPLE_DAY, day_in_words
from commonweal.office.casework.form_telling import empty, enter
from commonweal.office.casework.form_words import say

_DATE = re.compile(
    r"(\d{1,4})(?:st|nd|rd|th)?\s*(?:[-./\s]|年)\s*(\d{1,2}|[a-z]{3,9})\.?,?\s*(?:[-./\s]|月)\s*(\d{1,4})\s*日?",
    re.ASCII | re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip


def read(question: Question, raw: Any, language: str) -> str | None:
    """The date in ISO, None for an empty optional one. Raises ValueError with a sentence that says what to do."""
    parts = _parts(raw)
    example = day_in_words(EXAMPLE_DAY, language, short=True)
    if parts is None:
        empty(question, language)
        return None
    if not all(re.fullmatch("[0-9]{1,4}", part) for part in parts):
        raise ValueError(enter(question, language))
    year, month, day = (int(part) for part in parts)
    if not 1000 <= year <= 9999:
        raise ValueError(enter(question, language))
    try:
        found = date(year, month, day)
    except ValueError:
        raise ValueError(say(language, "no-such-day", example=example)) from None
    if isinstance(question.min, date) and found < question.min:
        raise ValueError(say(language, "date-min", limit=day_in_words(question.min, language)))
    if isinstance(question.max, date) and found > question.max:
        raise ValueError(say(language, "date-max", limit=day_in_words(question.max, language)))
    return found.isoformat()


def _parts(raw: Any) -> tuple[str, str, str] | None:
    """Year, month and day as digits; None when nothing was given; empty digits when it is no date at all."""
    if isinstance(raw, date):
        return str(raw.year), str(raw.month), str(raw.day)
    if isinstance(raw, Mapping):
        year, month, day = (_part(raw.get(name)) for name in ("year", "month", "day"))
        return (year, _month(month), day) if year or month or day else None
    if raw is None or (isinstance(raw, str) and not raw.strip(" -\t\n")):
        return None
    if not isinstance(raw, str) or len(raw) > 100:
        return "", "", ""
    text = unicodedata.normalize("NFKC", raw).strip()
    if not (found := _DATE.fullmatch(text)):
        return "", "", ""
    first, middle, last = found.groups()
    month = _month(middle)
    return (first, month, last) if len(first) == 4 else (last if len(last) == 4 else "", month, first)


def _part(part: Any) -> str:
    """One box of a date as it was filled in; what is neither a word nor a number counts as a wrong word."""
    if isinstance(part, str):
        return unicodedata.normalize("NFKC", part[:12]).strip()
    if part is None:
        return ""
    return str(part) if isinstance(part, int) and not isinstance(part, bool) and 0 <= part <= 9999 else "?"


def _month(text: str) -> str:
    """The month as digits; many people write its name."""
    word = text.lower().rstrip(".")
    named = (
        str(n) for n, (short, full) in enumerate(zip(_MONTHS, _MONTH_NAMES, strict=True), 1) if word in (short, full)
    )
    return next(named, text)
