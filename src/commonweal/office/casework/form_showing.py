"""Answers as a reader reads them: names for codes and regions, dates, numbers and money in the language (pure)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import dates, numbers

from commonweal.office.casework.form_questions import Question
from commonweal.office.casework.form_words import is_chinese, say

EXAMPLE_DAY = date(2026, 3, 31)
"""Shown as an example: its day cannot be taken for a month."""
UNITS = {"m2": "m²", "m3": "m³"}


def format_value(question: Question, value: Any, language: str) -> str:
    """The answer in words of the language. What does not fit the question is shown as it is; nothing is empty."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ("、" if is_chinese(language) else ", ").join(format_value(question, each, language) for each in value)
    if isinstance(value, bool):
        return say(language, "yes" if value else "no")
    if question.options:
        return next((name.say(language) for code, name in question.options if code == value), str(value))
    try:
        if question.type == "date":
            return day_in_words(date.fromisoformat(str(value)), language)
        if question.type in ("integer", "decimal"):
            written = numbers.format_decimal(Decimal(str(value)), locale=_locale(language), decimal_quantization=False)
            return f"{written} {UNITS.get(question.unit, question.unit)}" if question.unit else written
        if question.type == "money":
            return numbers.format_currency(Decimal(str(value)), question.currency or "XXX", locale=_locale(language))
    except (ValueError, InvalidOperation):
        pass
    return str(value)


def day_in_words(day: date, language: str, *, short: bool = False) -> str:
    """A day as the language writes it; `short` as one types it in English (31 3 2026)."""
    if short and not is_chinese(language):
        return f"{day.day} {day.month} {day.year}"
    return dates.format_date(day, "long", locale=_locale(language))


def _locale(language: str) -> str:
    return "zh_Hans_CN" if is_chinese(language) else "en_GB"
