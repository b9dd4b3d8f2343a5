"""Reading an answer the way people write it, into the JSON value that is kept (pure).

Full-width digits, thousands separators, currency signs and dates in several orders are understood. What cannot be
understood is refused with a sentence that says what to do. Reading a kept value again gives the same value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from commonweal.office.casework import form_numbers
from commonweal.office.casework.form_questions import Question
from commonweal.office.casework.form_showing import day_in_words
from commonweal.office.casework.form_words import is_chinese, say

LONGEST = 20_000
"""Characters beyond which an answer is not even looked at."""
FILES = 20
_DIRECTING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_EMAIL = re.compile(r"[^@\s\"<>(),;:\\]{1,64}@[^@\s\"<>(),;:\\]{1,190}\.[^@\s\"<>(),;:\\.\d]{2,63}")
_PHONE = re.compile(r"\+?[0-9]{5,15}", re.ASCII)
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
_DATE = re.compile(
    r"(\d{1,4})(?:st|nd|rd|th)?\s*(?:[-./\s]|年)\s*(\d{1,2}|[a-z]{3,9})\.?,?\s*(?:[-./\s]|月)\s*(\d{1,4})\s*日?",
    re.ASCII | re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_YES = frozenset({"true", "yes", "y", "1", "on", "是", "有", "对"})
_NO = frozenset({"false", "no", "n", "0", "off", "否", "没有", "不是"})
_ASKING = re.compile(r"(who|what|when|where|which|why|how|do|does|did|is|are|will|would|have|has|can|may)\b", re.I)


def parse(question: Question, raw: Any, language: str = "en") -> Any:
    """The JSON value of an answer: str, int, bool, a list of files' references, or None for an empty optional one.

    Raises ValueError, and nothing else, with a sentence in `language` that says what to do.
    """
    if question.type == "date":
        return _date(question, raw, language)
    if question.type == "file":
        return _files(question, raw, language)
    if isinstance(raw, bool):
        text = "true" if raw else "false"
    elif raw is None or isinstance(raw, str | int | float | Decimal):
        text = _text_of(raw, question, language)
    else:
        raise ValueError(_enter(question, language))
    text = _clean(text, language, lines=question.type == "text")
    if not text:
        return _empty(question, language)
    return _READERS[question.type](question, text, language)


def _text_of(raw: Any, question: Question, language: str) -> str:
    """A JSON scalar as somebody would have typed it."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, int):
        if abs(raw) >= 10**18:
            raise ValueError(say(language, "digits"))
        return str(raw)
    number = Decimal(str(raw))
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise ValueError(_enter(question, language))
    return f"{number:f}"


def _clean(text: str, language: str, *, lines: bool) -> str:
    """Text in normal form C without marks that turn it round; what no page can show is refused."""
    if len(text) > LONGEST:
        raise ValueError(say(language, "long", limit=LONGEST, count=len(text)))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\u2028", "\n")
    text = unicodedata.normalize("NFC", _DIRECTING.sub("", text))
    if any(unicodedata.category(each) in ("Cc", "Cs", "Cn", "Co") and each != "\n" for each in text):
        raise ValueError(say(language, "characters"))
    if lines:
        return text.strip()
    return re.sub(r"\s+", " ", text).strip()


def _empty(question: Question, language: str) -> None:
    if question.required:
        raise ValueError(_enter(question, language))


def _string(question: Question, text: str, language: str) -> str:
    limit = question.max_length
    if limit is not None and len(text) > limit:
        raise ValueError(say(language, "long", limit=limit, count=len(text)))
    if question.pattern is None:
        return text
    narrow = unicodedata.normalize("NFKC", text).strip()
    for written in (text, narrow, narrow.upper()):
        if (limit is None or len(written) <= limit) and _compiled(question.pattern).fullmatch(written):
            return written
    the = _the(question, language)
    if question.example:
        raise ValueError(say(language, "pattern-example", the=the, example=question.example))
    raise ValueError(say(language, "pattern", the=the))


def _number(question: Question, text: str, language: str) -> int | str:
    return form_numbers.read(question, text, language)


def _yes_no(question: Question, text: str, language: str) -> bool:
    word = unicodedata.normalize("NFKC", text).strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError(say(language, "yes-no"))


def _choice(question: Question, text: str, language: str) -> str:
    if any(code == text for code, _ in question.options):
        return text
    raise ValueError(say(language, "choose"))


def _email(question: Question, text: str, language: str) -> str:
    address = unicodedata.normalize("NFKC", text).strip()
    if len(address) > 254 or ".." in address or not _EMAIL.fullmatch(address):
        raise ValueError(say(language, "email"))
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"


def _phone(question: Question, text: str, language: str) -> str:
    digits = re.sub(r"[\s().·/-]|\u2010|\u2011|\u2013", "", unicodedata.normalize("NFKC", text))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if _PHONE.fullmatch(digits):
        return digits
    example = question.example or ("010 5555 0100" if is_chinese(language) else "020 7946 0000")
    raise ValueError(say(language, "phone", example=example))


_READERS: Mapping[str, Callable[[Question, str, str], Any]] = {
    "string": _string, "text": _string, "integer": _number, "year": _number, "decimal": _number, "money": _number,
    "boolean": _yes_no, "code": _choice, "region": _choice, "email": _email, "phone": _phone,
}  # fmt: skip


def _files(question: Question, raw: Any, language: str) -> Any:
    """One file's reference, or a list of several; whether they exist is the room's business."""
    if raw is None or raw == [] or raw == () or (isinstance(raw, str) and not raw.strip()):
        return _empty(question, language)
    many = raw if isinstance(raw, list | tuple) else (raw,)
    if len(many) > FILES or not all(isinstance(each, str) and _FILE.fullmatch(each) for each in many):
        raise ValueError(say(language, "file"))
    return list(dict.fromkeys(many)) if isinstance(raw, list | tuple) else raw


def _date(question: Question, raw: Any, language: str) -> str | None:
    parts = _date_parts(raw, language)
    example = day_in_words(date(2026, 3, 31), language, short=True)
    if parts is None:
        return _empty(question, language)
    if not all(re.fullmatch("[0-9]{1,4}", part) for part in parts):
        raise ValueError(_enter(question, language))
    year, month, day = (int(part) for part in parts)
    if not 1000 <= year <= 9999:
        raise ValueError(_enter(question, language))
    try:
        found = date(year, month, day)
    except ValueError:
        raise ValueError(say(language, "no-such-day", example=example)) from None
    if isinstance(question.min, date) and found < question.min:
        raise ValueError(say(language, "date-min", limit=day_in_words(question.min, language)))
    if isinstance(question.max, date) and found > question.max:
        raise ValueError(say(language, "date-max", limit=day_in_words(question.max, language)))
    return found.isoformat()


def _date_parts(raw: Any, language: str) -> tuple[str, str, str] | None:
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


def _enter(question: Question, language: str) -> str:
    """What to do, in the words of the question: “Enter the date of birth, for example 31 3 2026”."""
    if question.type == "boolean":
        return say(language, "yes-no")
    if question.options or question.type in ("code", "region"):
        return say(language, "choose")
    if question.type == "file":
        return say(language, "file")
    example = question.example
    if question.type == "integer":  # what is counted rarely reads well after “Enter the”
        return say(language, "whole", example=example or form_numbers.EXAMPLES["integer"])
    if question.type == "date":
        example = day_in_words(date(2026, 3, 31), language, short=True)
        if _noun(question, language) is None:
            return say(language, "date", example=example)
    if _noun(question, language) is None:
        return say(language, "answer")
    the = _the(question, language)
    return say(language, "enter-example", the=the, example=example) if example else say(language, "enter", the=the)


def _noun(question: Question, language: str) -> str | None:
    """What is asked for as a noun, or None where the question is all there is."""
    noun = question.noun.say(language).strip()
    asking = noun.endswith(("?", "？")) or (not is_chinese(language) and _ASKING.match(noun))
    return None if asking or not noun else noun


def _the(question: Question, language: str) -> str:
    noun = _noun(question, language)
    if noun is None:
        return say(language, "this")
    if not is_chinese(language) and noun[1:2].islower():
        noun = noun[0].lower() + noun[1:]
    return say(language, "the", noun=noun)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
