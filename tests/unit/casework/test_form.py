"""What a person types, and what is kept, said or shown of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from commonweal.office.casework.form import Question, eligibility, format_value, parse, questions
from commonweal.register.models import Text
from tests.unit.casework.small import bundle

TODAY = date(2026, 1, 5)
STEPS = [{"id": "work", "by": "hall/clerk"}]
BIRTH = Text({"en": "Date of birth", "zh-hans": "出生日期"})


def ask(kind: str, **more: Any) -> Question:
    """A question of one type."""
    noun = more.pop("noun", {"en": "Floor area", "zh-hans": "建筑面积"})
    return Question(key="a.b", type=kind, label=Text(noun), noun=Text(noun), **more)  # type: ignore[arg-type]


def wrong(question: Question, raw: Any, language: str = "en") -> str:
    """The sentence with which an answer is refused."""
    with pytest.raises(ValueError) as refused:
        parse(question, raw, language)
    return str(refused.value)


@pytest.mark.parametrize(
    "raw",
    [
        "2026-03-31", "31 3 2026", "31/3/2026", "31.3.2026", "31-03-2026", "2026/3/31", "2026-3-31", " 2026.03.31 ",
        "2026年3月31日", "2026 年 3 月 31 日", "２０２６年３月３１日", "31 March 2026", "31st mar. 2026",
        "2026-March-31", {"day": "31", "month": "Mar", "year": "2026"},
        {"day": "31", "month": "3", "year": "2026"}, {"day": 31, "month": 3, "year": 2026},
        {"day": "３１", "month": " 03 ", "year": "2026"}, date(2026, 3, 31),
    ],
)  # fmt: skip
def test_a_date_is_read_as_people_write_it(raw: Any) -> None:
    assert parse(ask("date"), raw) == "2026-03-31"


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("", "Enter the date of birth, for example 31 3 2026"),
        ({"day": "", "month": "", "year": ""}, "Enter the date of birth, for example 31 3 2026"),
        ("soon", "Enter the date of birth, for example 31 3 2026"),
        ("31 3 26", "Enter the date of birth, for example 31 3 2026"),
        ({"day": "31", "month": "Smarch", "year": "2026"}, "Enter the date of birth, for example 31 3 2026"),
        ({"day": "31", "month": "", "year": "2026"}, "Enter the date of birth, for example 31 3 2026"),
        ("31 2 2026", "There is no such day. Enter a date like 31 3 2026"),
        ("2026-2-31", "There is no such day. Enter a date like 31 3 2026"),
        ([2026, 3, 31], "Enter the date of birth, for example 31 3 2026"),
        (20260331, "Enter the date of birth, for example 31 3 2026"),
        ("1899-12-31", "Enter a date on or after 1 January 1900"),
        ("2030-01-01", "Enter a date on or before 31 December 2029"),
    ],
)
def test_a_date_that_is_none_is_told_what_to_do(raw: Any, sentence: str) -> None:
    question = ask("date", noun=BIRTH.root, min=date(1900, 1, 1), max=date(2029, 12, 31))
    assert wrong(question, raw) == sentence


def test_the_same_in_chinese() -> None:
    question = ask("date", noun=BIRTH.root, max=date(2029, 12, 31))
    assert wrong(question, "", "zh-hans") == "请填写出生日期，例如 2026年3月31日"
    assert wrong(question, "2月30日", "zh-hans") == "请填写出生日期，例如 2026年3月31日"
    assert wrong(question, "2026年2月30日", "zh-hans") == "没有这一天，请按 2026年3月31日 的格式填写日期"
    assert wrong(question, "2030-01-01", "zh-hans") == "请填写 2029年12月31日 或之前的日期"
    assert wrong(ask("boolean"), "", "zh-hans") == "请选择“是”或“否”"
    assert wrong(ask("integer", min=Decimal(10)), "9", "zh-hans") == "请填写不小于 10 的数"


@pytest.mark.parametrize(
    ("raw", "value"),
    [("1,200", 1200), ("1 200", 1200), ("1'200", 1200), ("１２００", 1200), ("1200.00", 1200), ("-5", -5), ("+5", 5),
     ("0012", 12), (12, 12), (12.0, 12), ("−3", -3), ("1,200,300", 1200300)],
)  # fmt: skip
def test_whole_numbers(raw: Any, value: int) -> None:
    assert parse(ask("integer"), raw) == value


@pytest.mark.parametrize(
    "raw", ["1,2", "12,34", "1.5", "1.2.3", "twelve", "1e5", "0x10", "--1", "1-", "٣", "½", "", True, [], {}]
)
def test_what_is_no_whole_number(raw: Any) -> None:
    assert wrong(ask("integer", example="85"), raw) == "Enter a whole number, for example 85"


@pytest.mark.parametrize(
    ("raw", "value"),
    [("85.50", "85.5"), ("85", "85"), (".5", "0.5"), ("-0.0", "0"), ("1,234.5", "1234.5"), ("85 m²", "85"),
     ("85㎡", "85"), ("85平方米", "85"), ("85 m2", "85"), (85.5, "85.5"), (Decimal("1E+2"), "100"), ("０．５", "0.5")],
)  # fmt: skip
def test_decimals_are_kept_exact_as_text(raw: Any, value: str) -> None:
    assert parse(ask("decimal", unit="m2"), raw) == value


def test_numbers_stay_within_their_limits() -> None:
    question = ask("decimal", min=Decimal("10"), max=Decimal("500"))
    assert parse(question, "10") == "10"
    assert wrong(question, "9.99") == "Enter 10 or more"
    assert wrong(question, "500.01") == "Enter 500 or less"
    assert wrong(ask("integer"), "1" * 16) == "Enter a number with at most 15 digits"
    assert wrong(ask("integer"), "9" * 5000) == "Enter a number with at most 15 digits"
    assert wrong(ask("integer"), 10**400) == "Enter a number with at most 15 digits"
    assert wrong(ask("decimal"), "0.1234567") == "Enter a number with at most 6 decimal places"
    assert wrong(ask("decimal"), float("nan")) == "Enter the floor area"
    assert wrong(ask("decimal"), float("inf")) == "Enter the floor area"


@pytest.mark.parametrize(
    ("raw", "value"),
    [("200", "200.00"), ("¥200", "200.00"), ("￥1,200.5", "1200.50"), ("200元", "200.00"), ("CNY 200", "200.00"),
     ("200 cny", "200.00"), ("２００．００", "200.00"), (200, "200.00"), ("0", "0.00")],
)  # fmt: skip
def test_money_with_or_without_its_sign(raw: Any, value: str) -> None:
    assert parse(ask("money", currency="CNY"), raw) == value


def test_money_in_another_currency_or_too_fine_is_not_passed_over() -> None:
    question = ask("money", currency="CNY")
    assert wrong(question, "€200") == "Enter the amount in Chinese Yuan, for example 200.00"
    assert wrong(question, "200.005") == "Enter an amount with at most 2 decimal places"
    assert wrong(question, "-1") == "Enter 0 or more"
    assert wrong(question, "a lot") == "Enter an amount, for example 200.00"
    assert wrong(ask("money", currency="JPY"), "200.5") == "Enter an amount without decimal places"
    assert parse(ask("money", currency="JPY"), "200") == "200"


def test_years_have_four_digits() -> None:
    assert parse(ask("year"), "２０２６") == 2026
    assert wrong(ask("year"), "26") == "Enter a year with four digits, for example 2026"


@pytest.mark.parametrize(
    ("raw", "value"),
    [("yes", True), ("No", False), ("true", True), (True, True), (False, False), ("是", True), ("否", False),
     ("1", True), (0, False), (" ＹＥＳ ", True)],
)  # fmt: skip
def test_yes_and_no(raw: Any, value: bool) -> None:
    assert parse(ask("boolean"), raw) is value


def test_yes_or_no_and_nothing_else() -> None:
    assert wrong(ask("boolean"), "maybe") == "Choose yes or no"
    assert wrong(ask("boolean"), 2) == "Choose yes or no"


def test_only_what_is_offered_can_be_chosen() -> None:
    options = (("hot", Text({"en": "Hot food"})), ("1", Text({"en": "One"})))
    question = ask("code", options=options)
    assert parse(question, "hot") == "hot"
    assert parse(question, 1) == "1"
    for raw in ("Hot food", "HOT", "cold", ["hot"], "hot\u200b"):
        assert wrong(question, raw) == "Choose one of the options"


def test_email_and_telephone() -> None:
    assert parse(ask("email"), " Lin@Example.ORG ") == "Lin@example.org"
    assert parse(ask("email"), "ｌｉｎ@example.org") == "lin@example.org"
    for raw in ("lin", "lin@", "@example.org", "a@b", "a b@c.org", "a@b@c.org", "a@b..org", "a" * 65 + "@example.org"):
        assert wrong(ask("email"), raw) == "Enter an email address, for example name@example.org"
    assert parse(ask("phone"), "+86 138-0000 0000") == "+8613800000000"
    assert parse(ask("phone"), "(010) 5555.0100") == "01055550100"
    assert parse(ask("phone"), "0044 20 7946 0000") == "+442079460000"
    for raw in ("12", "call me", "1" * 16, "+", "12345678 ext 9"):
        assert wrong(ask("phone", example="0900 000 000"), raw) == "Enter a telephone number, for example 0900 000 000"


def test_words_are_cleaned_and_kept_short() -> None:
    assert parse(ask("string"), "  The\u00a0Demo \n Dumpling ") == "The Demo Dumpling"
    assert parse(ask("string"), "e\u0301") == "é"
    assert parse(ask("text"), "one\r\ntwo\rthree ") == "one\ntwo\nthree"
    assert parse(ask("string"), "\u202eevil\u202c") == "evil", "marks that turn text round are left out"
    assert parse(ask("string"), "می‌خواهم") == "می‌خواهم", "joiners that words need are kept"
    for raw in ("\x00", "a\x07b", "\ud800", "\ufdd0", "\ue000", "\x1b[31m"):
        assert wrong(ask("string"), raw) == "Use letters and signs that a page can show"
    assert wrong(ask("string", max_length=5), "dumplings") == "Shorten this to 5 characters; it has 9"
    assert wrong(ask("text"), "x" * 30_000) == "Shorten this to 20000 characters; it has 30000"


def test_patterns_take_the_whole_answer_and_show_an_example() -> None:
    question = ask(
        "string", pattern="[A-Z]{2}[0-9]{4}", noun={"en": "Licence number", "zh-hans": "执照编号"}, example="AB1234"
    )
    assert parse(question, "ab1234") == "AB1234"
    assert parse(question, "ＡＢ１２３４") == "AB1234"
    assert wrong(question, "AB1234!") == "Check the licence number; it is written like AB1234"
    assert wrong(question, "AB1234!", "zh") == "请核对执照编号，格式如 AB1234"


def test_a_sentence_uses_the_noun_only_where_there_is_one() -> None:
    assert wrong(ask("string"), "") == "Enter the floor area"
    assert wrong(ask("string", noun={"en": "VAT number"}), "") == "Enter the VAT number"
    for noun in ("What will you sell", "Is it big?", "Will you cook with gas?"):
        assert wrong(ask("string", noun={"en": noun}), " ") == "Answer this question"
    assert wrong(ask("date", noun={"en": "When do you open?"}), "") == "Enter a date, for example 31 3 2026"


def test_an_optional_answer_may_stay_empty() -> None:
    for kind in (
        "string",
        "text",
        "integer",
        "decimal",
        "money",
        "boolean",
        "date",
        "year",
        "code",
        "email",
        "phone",
        "file",
    ):
        for raw in ("", None, " "):
            assert parse(ask(kind, required=False), raw) is None


def test_files_are_answered_by_their_references() -> None:
    assert parse(ask("file"), "F-7KQ2M9XB") == "F-7KQ2M9XB"
    assert parse(ask("file"), ["F-1", "F-2", "F-1"]) == ["F-1", "F-2"]
    for raw in ("../../etc/passwd", "", [], ["F-1", 5], {"F": 1}, "F" * 65, ["F-1"] * 21):
        assert wrong(ask("file"), raw) == "Choose a file"


@pytest.mark.parametrize(
    ("question", "value", "english", "chinese"),
    [
        (ask("date"), "2026-03-31", "31 March 2026", "2026年3月31日"),
        (ask("decimal", unit="m2"), "1234.5", "1,234.5 m²", "1,234.5 m²"),
        (ask("integer"), 1200, "1,200", "1,200"),
        (ask("money", currency="CNY"), "1200.50", "CN¥1,200.50", "¥1,200.50"),
        (ask("boolean"), True, "Yes", "是"),
        (ask("boolean"), False, "No", "否"),
        (ask("code", options=(("hot", Text({"en": "Hot food", "zh-hans": "热食"})),)), "hot", "Hot food", "热食"),
        (ask("year"), 2026, "2026", "2026"),
        (ask("string"), "Lin", "Lin", "Lin"),
        (ask("string"), None, "", ""),
        (ask("file"), ["F-1", "F-2"], "F-1, F-2", "F-1、F-2"),
        (ask("date"), "not a date", "not a date", "not a date"),
    ],
)
def test_what_is_shown(question: Question, value: Any, english: str, chinese: str) -> None:
    assert format_value(question, value, "en") == english
    assert format_value(question, value, "zh-hans") == chinese


AREA = {"id": "shop.area", "type": "decimal", "min": 1, "max": 500, "question": {"en": "How big is it?"}, "unit": "m2"}
PLACE = {"id": "shop.region", "type": "region"}
TRADE = {"id": "shop.trade", "type": "code", "codelist": "trade", "description": {"en": "What is sold."}}
CODES = {
    "kind": "CodeList",
    "id": "trade",
    "codes": [
        {"code": "food", "name": {"en": "Food"}},
        {"code": "coal", "name": {"en": "Coal"}, "effective": {"to": "2025-12-31"}},
    ],
}
ELEMENTS = [AREA, PLACE, TRADE]


def shop(form: list[dict[str, Any]], **more: Any) -> Any:
    """A service with these questions."""
    return bundle(STEPS, form=form, elements=ELEMENTS, more=[CODES], **more)


def keys(of: Any, answers: dict[str, Any]) -> list[str]:
    """The questions asked, by key."""
    return [question.key for question in questions([of], answers, TODAY)]


def test_questions_follow_the_declaration() -> None:
    of = shop(
        [{"element": "shop.area", "min": 10}, {"element": "shop.trade"}, {"element": "shop.region"}],
        place="shop.region",
    )
    area, trade, region = questions([of], {}, TODAY)
    assert (area.label.say("en"), area.unit, area.min, area.max) == ("How big is it?", "m2", Decimal(10), Decimal(500))
    assert [code for code, _ in trade.options] == ["food"], "a code that is no more in force is not offered"
    assert trade.help is not None
    assert [code for code, _ in region.options] == ["north", "south"], "only places that the departments serve"
    assert region.services == ("service",)
    assert [code for code, _ in questions([of], {}, date(2025, 5, 1))[1].options] == ["food", "coal"]


LOCAL = {"en": "Yes?", "zh-hans": "是吗？"}
CHAIN = shop(
    [
        {"id": "a", "type": "boolean", "label": LOCAL},
        {"id": "b", "type": "boolean", "label": LOCAL, "when": "form.a"},
        {"id": "c", "type": "boolean", "label": LOCAL, "when": "form.b"},
    ]
)


def test_a_question_is_asked_when_its_condition_holds_and_not_while_it_is_unknown() -> None:
    assert keys(CHAIN, {}) == ["form.a"]
    assert keys(CHAIN, {"form.a": True}) == ["form.a", "form.b"]
    assert keys(CHAIN, {"form.a": True, "form.b": True}) == ["form.a", "form.b", "form.c"]


def test_an_answer_to_a_question_no_longer_asked_asks_nothing_more() -> None:
    assert keys(CHAIN, {"form.a": False, "form.b": True, "form.c": True}) == ["form.a"]


def test_services_applied_for_together_ask_once_and_the_strictest() -> None:
    one = shop([{"element": "shop.area", "min": 10, "required": False}], id="one")
    two = shop([{"element": "shop.trade"}, {"element": "shop.area", "max": 100}], id="two")
    area, trade = questions([one, two], {}, TODAY)
    assert (area.min, area.max, area.required, area.services) == (Decimal(10), Decimal(100), True, ("one", "two"))
    assert trade.services == ("two",)


def test_eligibility_says_yes_no_or_not_known_yet() -> None:
    adult = {"id": "adult", "rule": "form.age >= 18", "name": {"en": "You are 18 or older"}}
    gas = {"id": "gas", "rule": "form.age >= 21", "when": "form.gas"}
    of = bundle(
        STEPS,
        form=[{"id": "age", "type": "integer", "label": LOCAL}, {"id": "gas", "type": "boolean", "label": LOCAL}],
        requirements=[adult, gas, {"id": "lease", "evidence": "lease"}],
    )

    def states(answers: dict[str, Any]) -> dict[str, bool | None]:
        return {each.requirement.id: each.holds for each in eligibility(of, answers, TODAY)}

    assert states({}) == {"adult": None, "gas": None}
    assert states({"form.age": 19}) == {"adult": True, "gas": None}
    assert states({"form.age": 17, "form.gas": False}) == {"adult": False}
    assert states({"form.age": 19, "form.gas": True}) == {"adult": True, "gas": False}
    first, second = eligibility(of, {}, TODAY)
    assert (first.sentence.say("en"), second.sentence.say("zh-hans")) == ("You are 18 or older", "符合法定条件")
