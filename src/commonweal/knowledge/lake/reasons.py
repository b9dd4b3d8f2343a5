"""Why a row was set aside, in words. Light: a web process says these without loading any reader."""

from __future__ import annotations

_WORDS = {
    "required": ("This must not be empty", "此项不能为空"),
    "not-a-number": ("This is not a number", "这不是数字"),
    "not-whole": ("This must be a whole number", "应为整数"),
    "not-a-date": ("This is not a date; write it as 2026-03-31", "这不是日期，请写成 2026-03-31"),
    "not-a-year": ("This is not a year of four digits", "这不是四位数的年份"),
    "not-yes-or-no": ("This is neither yes nor no", "这不是“是”或“否”"),
    "unknown-code": ("This is not a code of the list {0}", "代码表 {0} 中没有此代码"),
    "unknown-region": ("No region has this name or code", "没有此名称或代码的地区"),
    "pattern": ("This does not have the form {0}", "格式不符合 {0}"),
    "too-long": ("This is longer than {0} characters", "超过 {0} 个字符"),
    "too-small": ("This is less than {0}", "小于 {0}"),
    "too-large": ("This is more than {0}", "大于 {0}"),
    "duplicate": ("Row {0} already has this key", "第 {0} 行已有相同的键"),
    "columns": ("The row has {0} columns", "该行的列数为 {0}"),
    "no-decimals": ("Money has at most two decimals", "金额最多两位小数"),
}


def words(reason: str) -> dict[str, str]:
    """A reason as a sentence in English and Chinese."""
    code, _, parameter = reason.partition(":")
    english, chinese = _WORDS.get(code, (reason, reason))
    return {"en": english.replace("{0}", parameter), "zh-hans": chinese.replace("{0}", parameter)}
