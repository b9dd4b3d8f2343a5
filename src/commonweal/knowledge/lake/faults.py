"""Rows that do not fit: where, which column, what stood there and why it cannot stay."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

SCHEMA = pa.schema([("row", pa.int64()), ("column", pa.string()), ("value", pa.string()), ("reason", pa.string())])
"""The quarantine table. `reason` is a code and its parameter, `pattern:^\\d{5}$`; `words` turns it into a sentence."""

VALUE_LIMIT = 200
"""Characters kept of a faulty value: enough to find it, too few to carry a document along."""


@dataclass
class Faults:
    """Collects faults column by column; cheap when there are none."""

    parts: list[pa.Table] = field(default_factory=list)

    def add(self, rows: pa.Array, column: str, values: pa.Array, wrong: npt.NDArray[np.bool_], reason: str) -> None:
        """Record one reason for every row where `wrong`; `rows` are the row numbers in the source."""
        if not wrong.any():
            return
        mask = pa.array(wrong)
        numbers = rows.filter(mask).cast(pa.int64())
        shown = values.filter(mask)
        shown = pc.utf8_slice_codeunits(shown.cast(pa.string()), 0, VALUE_LIMIT)
        count = len(numbers)
        self.parts.append(
            pa.table(
                [numbers, pa.array([column] * count, pa.string()), shown, pa.array([reason] * count)], schema=SCHEMA
            )
        )

    def add_rows(self, rows: list[tuple[int, str, str, str]]) -> None:
        """Record faults found one by one: (row, column, value, reason)."""
        if rows:
            columns = list(zip(*[(r, c, v[:VALUE_LIMIT], why) for r, c, v, why in rows], strict=True))
            self.parts.append(pa.table([pa.array(x) for x in columns], schema=SCHEMA))

    def table(self) -> pa.Table:
        """All faults, by row."""
        if not self.parts:
            return SCHEMA.empty_table()
        return pa.concat_tables(self.parts).sort_by([("row", "ascending"), ("column", "ascending")])


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
