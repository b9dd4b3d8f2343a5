"""Rules over answers: typed, exact about what is unknown, compiled once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from commonweal.register import Register
from commonweal.register.rules import RuleError, Rules, compile_rule
from tests.unit.register import small

TODAY = date(2026, 3, 1)
TYPES = {
    "a.flag": "boolean", "a.other": "boolean", "a.count": "integer", "a.area": "decimal", "a.price": "money",
    "a.born": "date", "a.kind": "code", "a.words": "string", "a.since": "year",
}  # fmt: skip


def holds(expression: str, **answers: Any) -> bool | None:
    compile_rule(expression, TYPES)
    return Rules(TYPES).holds(expression, {f"a.{name}": value for name, value in answers.items()}, TODAY)


@pytest.mark.parametrize(
    ("expression", "answers", "outcome"),
    [
        ("a.count >= 300", {"count": 300}, True),
        ("a.count >= 300", {"count": "299"}, False),
        ("a.area >= 300", {"area": "300.00"}, True),
        ("300 > a.area", {"area": "299.99"}, True),
        ("a.area * 2.0 > 5 && a.price == 10", {"area": "2.6", "price": "10.00"}, True),
        ("a.area > double(a.count)", {"area": "2.5", "count": 2}, True),
        ("a.kind in ['x', 'y']", {"kind": "y"}, True),
        ("a.words.startsWith('Ab')", {"words": "Abc"}, True),
        ("size(a.words) > 2", {"words": "中文字"}, True),
        ("a.since < 2000", {"since": 1999}, True),
        ("a.flag ? a.count > 1 : a.count > 9", {"flag": False, "count": 5}, False),
        ("a.born < timestamp('2000-01-01T00:00:00Z')", {"born": "1999-12-31"}, True),
        ("a.born == date('1999-12-31')", {"born": "1999-12-31"}, True),
        ("today.getFullYear() == 2026", {}, True),
    ],
)
def test_rules_over_answers(expression: str, answers: dict[str, Any], outcome: bool) -> None:
    assert holds(expression, **answers) is outcome


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2008-03-01", TODAY, 18),
        ("2008-03-02", TODAY, 17),
        ("2008-02-29", date(2026, 2, 28), 17),
        ("2008-02-29", TODAY, 18),
        ("2026-03-01", TODAY, 0),
    ],
)
def test_age_is_full_years(born: str, on: date, age: int) -> None:
    rules = Rules(TYPES)
    assert rules.value("age(a.born, today)", {"a.born": born}, on) == age
    assert rules.value("years(a.born, today)", {"a.born": born}, on) == age


def test_days_between() -> None:
    rules = Rules(TYPES)
    assert rules.value("days_between(a.born, today)", {"a.born": "2026-02-27"}, TODAY) == 2
    assert rules.value("days_between(today, a.born)", {"a.born": "2026-02-27"}, TODAY) == -2


@pytest.mark.parametrize(
    "nothing", [{}, {"count": None}, {"count": ""}, {"count": "many"}, {"count": 2**70}, {"count": True}]
)
def test_a_missing_answer_that_matters_is_unknown(nothing: dict[str, Any]) -> None:
    assert holds("a.count > 3", **nothing) is None


def test_short_circuit_decides_what_it_can() -> None:
    assert holds("a.flag || a.other", other=True) is True
    assert holds("a.flag || a.other", other=False) is None
    assert holds("a.flag && a.other", other=False) is False
    assert holds("a.flag && a.other", other=True) is None
    assert holds("!a.flag") is None


def test_a_rule_that_breaks_while_it_runs_is_unknown() -> None:
    assert holds("10 / a.count > 1", count=0) is None
    assert holds("a.count * 9223372036854775807 > 1", count=2) is None
    assert Rules(TYPES).holds("a.words.matches('(')", {"a.words": "x"}, TODAY) is None
    assert Rules(TYPES).holds("no such rule (", {}, TODAY) is None


@pytest.mark.parametrize(
    ("expression", "column", "said", "suggestion"),
    [
        ("a.cuont > 3", 1, "“a.cuont”, which is never asked", "a.count"),
        ("a.flag && a.flog", 11, "“a.flog”", "a.flag"),
        ("a.count > 'x'", 9, "a whole number and words; numbers have no quotes", None),
        ("a.count > ", 11, "does not end", None),
        ("a.area >= 3 && a.cuont > 1", 16, "“a.cuont”", "a.count"),
        ("a.area > a.count", 8, "write double(…)", None),
        ("a.flag and a.other", 8, "write &&", None),
        ("a.count => 3", 9, "write >=", None),
        ("a.flag == 'true'", 8, "true and false have no quotes", None),
        ("a.born > '2000-01-01'", 8, "date('2025-01-31')", None),
        ("a.born > today - 18", 16, "age(…, today)", None),
        ("a.born > date('1.2.2000')", 10, "“1.2.2000” is no date", None),
        ("a.born > date(2000)", 14, "takes a date in quotes", None),
        ("a.kind == 1", 8, "codes have them", None),
        ("a.count > 3）", 12, "write )", None),
        ("age(a.born) > 3", 1, "takes two dates", None),
        ("x" * 3000, 1, "at most 2000 characters", None),
    ],
)
def test_a_rule_that_cannot_be_used_says_where_and_why(
    expression: str, column: int, said: str, suggestion: str | None
) -> None:
    with pytest.raises(RuleError) as caught:
        compile_rule(expression, TYPES)
    assert said in caught.value.message
    assert (caught.value.column, caught.value.suggestion) == (column, suggestion)


def test_rules_of_a_bundle_are_compiled_once_for_a_version(tmp_path: Path) -> None:
    made = small.register(tmp_path)
    bundle = made.bundle("open-restaurant")
    rules = Rules.of(bundle)
    assert Rules.of(Register.from_json(made.to_json()).bundle("open-restaurant")) is rules
    answers = {"applicant.birth_date": "1990-05-05", "premises.floor_area": "12.50", "form.uses_gas": True}
    assert rules.holds("age(applicant.birth_date, today) >= 18", answers, TODAY) is True
    assert rules.holds("premises.floor_area >= 300", answers, TODAY) is False
    assert rules.holds("form.uses_gas && business.sector == '02'", answers, TODAY) is None
    assert rules.names("form.uses_gas && business.sector == 'a.b'") == ("form.uses_gas", "business.sector")
