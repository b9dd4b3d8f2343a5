"""The sentences that tell a person how to answer. Plain, without blame, each written in its own language."""

from __future__ import annotations

from collections.abc import Mapping

from commonweal.register.models import Text

SENTENCES: Mapping[str, tuple[str, str]] = {
    "answer": ("Answer this question", "请填写这一项"),
    "enter": ("Enter {the}", "请填写{the}"),
    "enter-example": ("Enter {the}, for example {example}", "请填写{the}，例如 {example}"),
    "choose": ("Choose one of the options", "请从选项中选择一项"),
    "yes-no": ("Choose yes or no", "请选择“是”或“否”"),
    "date": ("Enter a date, for example {example}", "请填写日期，例如 {example}"),
    "no-such-day": ("There is no such day. Enter a date like {example}", "没有这一天，请按 {example} 的格式填写日期"),
    "date-min": ("Enter a date on or after {limit}", "请填写 {limit} 或之后的日期"),
    "date-max": ("Enter a date on or before {limit}", "请填写 {limit} 或之前的日期"),
    "year": ("Enter a year with four digits, for example {example}", "请填写四位数的年份，例如 {example}"),
    "whole": ("Enter a whole number, for example {example}", "请填写整数，例如 {example}"),
    "number": ("Enter a number, for example {example}", "请填写数字，例如 {example}"),
    "digits": ("Enter a number with at most 15 digits", "请填写不超过 15 位的数字"),
    "decimals": ("Enter a number with at most 6 decimal places", "小数点后请最多填写 6 位"),
    "money": ("Enter an amount, for example {example}", "请填写金额，例如 {example}"),
    "money-decimals": ("Enter an amount with at most {limit} decimal places", "金额的小数点后请最多填写 {limit} 位"),
    "money-whole": ("Enter an amount without decimal places", "请填写不带小数的金额"),
    "money-currency": (
        "Enter the amount in {currency}, for example {example}",
        "请用{currency}填写金额，例如 {example}",
    ),
    "min": ("Enter {limit} or more", "请填写不小于 {limit} 的数"),
    "max": ("Enter {limit} or less", "请填写不大于 {limit} 的数"),
    "long": ("Shorten this to {limit} characters; it has {count}", "请缩短到 {limit} 个字以内，现有 {count} 个字"),
    "characters": ("Use letters and signs that a page can show", "请只使用页面可以显示的文字和符号"),
    "pattern": ("Check {the}; it is not written the way it has to be", "请核对{the}，格式不符合要求"),
    "pattern-example": ("Check {the}; it is written like {example}", "请核对{the}，格式如 {example}"),
    "email": ("Enter an email address, for example name@example.org", "请填写电子邮箱，例如 name@example.org"),
    "phone": ("Enter a telephone number, for example {example}", "请填写电话号码，例如 {example}"),
    "file": ("Choose a file", "请选择文件"),
    "condition": ("A condition set by law holds", "符合法定条件"),
    "yes": ("Yes", "是"),
    "no": ("No", "否"),
    "this": ("this answer", "这一项"),
    "the": ("the {noun}", "{noun}"),
}
"""English and Chinese by name."""


def say(language: str, name: str, **values: object) -> str:
    """The sentence of that name in Chinese where the language is a Chinese one, else in English."""
    return SENTENCES[name][is_chinese(language)].format(**values)


def both(name: str) -> Text:
    """The sentence in both languages."""
    english, chinese = SENTENCES[name]
    return Text({"en": english, "zh-hans": chinese})


def is_chinese(language: str) -> bool:
    """Whether a language code is one of Chinese."""
    return language.split("-")[0] == "zh"
