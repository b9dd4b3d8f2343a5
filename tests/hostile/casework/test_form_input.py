"""Whatever is typed or sent as an answer is read, or refused with a sentence; read again, it is the same."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.office.casework.form import Question, format_value, parse
from commonweal.register.models import Text

pytestmark = pytest.mark.hostile

NAME = Text({"en": "Floor area", "zh-hans": "建筑面积"})
OPTIONS = (("hot", Text({"en": "Hot", "zh-hans": "热食"})), ("00", Text({"en": "None", "zh-hans": "无"})))
KINDS: dict[str, dict[str, Any]] = {
    "string": {"pattern": "[A-Z]{2}[0-9]+", "max_length": 12, "example": "AB1"}, "text": {"max_length": 50},
    "integer": {"min": Decimal(-5), "max": Decimal(10**6)}, "decimal": {"unit": "m2"}, "money": {"currency": "CNY"},
    "boolean": {}, "date": {"min": date(1900, 1, 1), "max": date(2100, 1, 1)}, "year": {}, "code": {"options": OPTIONS},
    "region": {"options": OPTIONS}, "email": {}, "phone": {}, "file": {},
}  # fmt: skip
QUESTIONS = [
    Question(key="a.b", type=kind, label=NAME, noun=NAME, required=required, **more)  # type: ignore[arg-type]
    for kind, more in KINDS.items()
    for required in (True, False)
]
LIKELY = st.text("0123456789０１２ -+./,年月日¥￥元€$m²eE'@abcXYZ\u202e\u200b\x00\n是否", max_size=24)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60) | LIKELY | st.decimals()
TRIPLES = st.fixed_dictionaries({}, optional=dict.fromkeys(("day", "month", "year", "x"), SCALARS))
ANYTHING = SCALARS | TRIPLES | st.lists(SCALARS, max_size=4) | st.binary(max_size=9) | st.tuples(SCALARS)


@given(st.sampled_from(QUESTIONS), ANYTHING, st.sampled_from(("en", "zh-hans", "et", "")))
@settings(max_examples=1500, deadline=None)
def test_any_input_is_read_or_refused_in_words(question: Question, raw: Any, language: str) -> None:
    problem = None
    try:
        value = parse(question, raw, language)
    except ValueError as refused:
        problem = refused
    if problem is not None:
        assert type(problem) is ValueError, "a sentence of ours, not an accident"
        assert 4 <= len(str(problem)) <= 200
        return
    if value is None:
        assert not question.required
        return
    assert json.loads(json.dumps(value)) == value, "what is kept is JSON"
    assert parse(question, value, language) == value, "reading again changes nothing"
    _fits(question, value)
    for shown_in in ("en", "zh-hans"):
        assert format_value(question, value, shown_in)


def _fits(question: Question, value: Any) -> None:
    if isinstance(value, str):
        assert not any(ord(each) < 32 and each != "\n" for each in value)
        assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\ufeff") & set(value)
        value.encode("utf-8")
    if question.options:
        assert value in [code for code, _ in question.options]
    if question.type in ("string", "text"):
        assert question.max_length is not None
        assert len(value) <= question.max_length
    if question.type == "integer":
        assert -5 <= value <= 10**6
    if question.type in ("decimal", "money"):
        assert Decimal(value).is_finite()
        assert "e" not in value.lower()
    if question.type == "date":
        assert date(1900, 1, 1) <= date.fromisoformat(value) <= date(2100, 1, 1)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_every_date_is_read_from_every_way_of_writing_it(day: date) -> None:
    question = Question(key="a.b", type="date", label=NAME, noun=NAME)
    triple = {"day": str(day.day), "month": str(day.month), "year": str(day.year)}
    ways = (
        triple, day.isoformat(), f"{day.day} {day.month} {day.year}", f"{day.year}年{day.month}月{day.day}日",
        format_value(question, day.isoformat(), "en"), format_value(question, day.isoformat(), "zh-hans"),
    )  # fmt: skip
    assert {parse(question, way) for way in ways} == {day.isoformat()}


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_every_number_shown_is_read_back(number: Decimal) -> None:
    question = Question(key="a.b", type="decimal", label=NAME, noun=NAME, unit="m2")
    value = parse(question, str(number))
    assert Decimal(value) == number
    for language in ("en", "zh-hans"):
        assert parse(question, format_value(question, value, language)) == value
