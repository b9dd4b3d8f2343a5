"""Reading an answer the way people write it, into the JSON value that is kept (pure).

Full-width digits, thousands separators, currency signs and dates in several orders are understood. What cannot be
understood is refused with a sentence that says what to do. Reading a kept value again gives the same value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from commonweal.office.casework import form_dates, form_numbers
from commonweal.office.casework.form_questions import Question
from commonweal.office.casework.form_telling import empty, enter, the
from commonweal.office.casework.form_words import is_chinese, say

LONGEST = 20_000
"""Characters beyond which an answer is not even looked at."""
FILES = 20
_DIRECTING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_EMAIL = re.compile(r"[^@\s\"<>(),;:\\]{1,64}@[^@\s\"<>(),;:\\]{1,190}\.[^@\s\"<>(),;:\\.\d]{2,63}")
_PHONE = re.compile(r"\+?[0-9]{5,15}", re.ASCII)
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
_YES = frozenset({"true", "yes", "y", "1", "on", "是", "有", "对"})
_NO = frozenset({"false", "no", "n", "0", "off", "否", "没有", "不是"})


def parse(question: Question, raw: Any, language: str = "en") -> Any:
    """The JSON value of an answer: str, int, bool, a list of files' references, or None for an empty optional one.

    Raises ValueError, and nothing else, with a sentence in `language` that says what to do.
    """
    if question.type == "date":
        return form_dates.read(question, raw, language)
    if question.type == "file":
        return _files(question, raw, language)
    if isinstance(raw, bool):
        text = "true" if raw else "false"
    elif raw is None or isinstance(raw, str | int | float | Decimal):
        text = _text_of(raw, question, language)
    else:
        raise ValueError(enter(question, language))
    text = _clean(text, language, lines=question.type == "text")
    if not text:
        empty(question, language)
        return None
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
        raise ValueError(enter(question, language))
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
    if question.example:
        raise ValueError(say(language, "pattern-example", the=the(question, language), example=question.example))
    raise ValueError(say(language, "pattern", the=the(question, language)))


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
        empty(question, language)
        return None
    many = raw if isinstance(raw, list | tuple) else (raw,)
    if len(many) > FILES or not all(isinstance(each, str) and _FILE.fullmatch(each) for each in many):
        raise ValueError(say(language, "file"))
    return list(dict.fromkeys(many)) if isinstance(raw, list | tuple) else raw


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
