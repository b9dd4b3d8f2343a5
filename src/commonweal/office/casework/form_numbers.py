"""Numbers and amounts as people write them (pure). Whole numbers become int; others exact decimals as text."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from babel import numbers

from commonweal.office.casework.form_questions import Question
from commonweal.office.casework.form_words import say

_SPACES = re.compile(r"(?<=\d)[\s'’\u00a0\u202f](?=\d)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_SIGNED = re.compile(r"([+-]?)\s*([^\d\s.,+-]{0,12})\s*([+-]?[\d.,]+)\s*([^\d\s.,+-]{0,12})", re.ASCII)
_UNITS = {"m2": ("m2", "m²", "sqm", "平方米", "平米", "㎡"), "m3": ("m3", "m³", "立方米"), "m": ("m", "米", "metres")}
_YUAN = ("元", "圆")
EXAMPLES = {"integer": "12", "decimal": "12.5", "money": "200.00", "year": "2026"}
"""Shown where the element declares none."""


def read(question: Question, text: str, language: str) -> int | str:
    """The number in `text`. Raises ValueError with a sentence in `language` that says what to do."""
    kind = question.type
    said = {"integer": "whole", "decimal": "number"}.get(kind, kind)
    example = question.example or EXAMPLES[kind]
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    if kind == "money":
        plain = _without_currency(question, plain, language, example)
    elif question.unit:
        plain = _without_unit(question.unit, plain)
    plain = _SPACES.sub("", plain)
    if not (_PLAIN.fullmatch(plain) or _GROUPED.fullmatch(plain)):
        raise ValueError(say(language, said, example=example))
    whole, _, fraction = plain.lstrip("+-").replace(",", "").partition(".")
    if len(whole.lstrip("0")) > 15:
        raise ValueError(say(language, "digits"))
    number = Decimal(plain.replace(",", "").rstrip("."))
    if kind in ("integer", "year"):
        return _whole(question, number, fraction, said, example, language)
    _fraction(question, fraction.rstrip("0"), language)
    _limits(question, number, language)
    return _written(question, number)


def _whole(question: Question, number: Decimal, fraction: str, said: str, example: str, language: str) -> int:
    if fraction.strip("0") or (question.type == "year" and not 1000 <= number <= 9999):
        raise ValueError(say(language, said, example=example))
    _limits(question, number, language)
    return int(number)


def _fraction(question: Question, fraction: str, language: str) -> None:
    if question.type == "decimal":
        if len(fraction) > 6:
            raise ValueError(say(language, "decimals"))
        return
    places = _places(question)
    if len(fraction) > places:
        raise ValueError(say(language, "money-decimals", limit=places) if places else say(language, "money-whole"))


def _limits(question: Question, number: Decimal, language: str) -> None:
    low = question.min if isinstance(question.min, Decimal) else Decimal(0) if question.type == "money" else None
    if low is not None and number < low:
        raise ValueError(say(language, "min", limit=f"{low:f}"))
    if isinstance(question.max, Decimal) and number > question.max:
        raise ValueError(say(language, "max", limit=f"{question.max:f}"))


def _written(question: Question, number: Decimal) -> str:
    """One way of writing each number: amounts with their decimals, others without zeros at the end."""
    if question.type == "money":
        return f"{number if number else abs(number):.{_places(question)}f}"
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _places(question: Question) -> int:
    return numbers.get_currency_precision(question.currency or "XXX")


def _without_unit(unit: str, text: str) -> str:
    for written in sorted(_UNITS.get(unit, (unit,)), key=len, reverse=True):
        if text.lower().endswith(unicodedata.normalize("NFKC", written).lower()):
            return text[: -len(unicodedata.normalize("NFKC", written))].strip()
    return text


def _without_currency(question: Question, text: str, language: str, example: str) -> str:
    """The amount without its currency. Another currency's sign is not passed over in silence."""
    found = _SIGNED.fullmatch(_SPACES.sub("", text))
    if found is None:
        return text
    sign, before, amount, after = found.groups()
    currency = question.currency or "XXX"
    known = {currency.lower()} | {unicodedata.normalize("NFKC", s).lower() for s in _signs(currency)}
    if any(mark and mark.lower() not in known for mark in (before, after)):
        name = numbers.get_currency_name(currency, locale=_locale(language))
        raise ValueError(say(language, "money-currency", currency=name, example=example))
    return sign + amount


def _signs(currency: str) -> set[str]:
    found = {numbers.get_currency_symbol(currency, locale=locale) for locale in ("en", "zh_Hans_CN", "en_GB")}
    if currency == "CNY":
        found |= {"¥", "￥", "RMB", *_YUAN}
    return found


def _locale(language: str) -> str:
    return "zh_Hans_CN" if language.startswith("zh") else "en_GB"
