"""Text to typed values, a whole column at a time. What cannot be read is reported, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from commonweal.knowledge.lake.contract import BoundColumn

Mask = npt.NDArray[np.bool_]

_ABSENT = pa.array(["na", "n/a", "nan", "null", "none", "..", "-", "–", "—", "...", "."])
"""How publishers write "no figure" in a column of numbers or dates."""
_YES = ("true", "yes", "y", "1", "是")
_NO = ("false", "no", "n", "0", "否")


@dataclass(frozen=True)
class Cast:
    """Values of the element's type, null where absent or wrong, and where they are wrong and why."""

    values: pa.Array
    wrong: list[tuple[Mask, str]]
    spelt: int = 0
    """How many values were given in another spelling than the standard's."""


def mask(array: pa.Array) -> Mask:
    """A boolean Arrow array as NumPy; null counts as false."""
    return pc.fill_null(array, False).to_numpy(zero_copy_only=False)


def tidy(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Trim white space and turn the empty text into null."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    array = pc.utf8_trim_whitespace(array.cast(pa.string()))
    if pc.min(pc.binary_length(array)).as_py() != 0:
        return array
    return pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)


def coded(column: pa.ChunkedArray | pa.Array) -> pa.DictionaryArray:
    """The same for a column of codes, each different value looked at once."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    told = array.cast(pa.string()).dictionary_encode()
    trimmed = tidy(told.dictionary)
    if trimmed.equals(told.dictionary):
        return told
    return pa.DictionaryArray.from_arrays(told.indices, trimmed)


def cast(text: pa.Array, column: BoundColumn) -> Cast:
    """Read a tidy text column as its element's type."""
    reader = _READERS.get(column.element.type)
    if reader is None:
        return Cast(text, [])
    return reader(text, column)


def typed(array: pa.Array, column: BoundColumn) -> Cast | None:
    """Values that are of the element's type already, as Parquet and Arrow files hold them; None for all others.

    They are held to the same rules as text: no endless numbers, no number that is none, years of four digits.
    """
    kind = column.type
    if pa.types.is_integer(kind) and pa.types.is_integer(array.type) and array.type != pa.uint64():
        values = array.cast(pa.int64())
        if column.element.type != "year":
            return Cast(values, [])
        wrong = mask(pc.or_(pc.less(values, 1000), pc.greater(values, 9999)))
        good = values if not wrong.any() else pc.if_else(pa.array(wrong), pa.scalar(None, pa.int64()), values)
        return Cast(good.cast(kind), [(wrong, "not-a-year")])
    if pa.types.is_float64(kind) and (pa.types.is_floating(array.type) or pa.types.is_integer(array.type)):
        values = array.cast(kind, safe=False)
        odd = mask(pc.invert(pc.is_finite(values)))
        if not odd.any():
            return Cast(values, [])
        endless = mask(pc.is_inf(values))
        return Cast(pc.if_else(pa.array(odd), pa.scalar(None, kind), values), [(endless, "not-a-number")])
    same = pa.types.is_boolean(kind) or pa.types.is_date32(kind)
    return Cast(array, []) if same and array.type == kind else None


def _figures(text: pa.Array) -> pa.Array:
    """Drop "no figure" marks, thousands separators (`23,288`, `1 234 567`), a currency sign and a percent sign."""
    text = pc.if_else(pc.is_in(pc.utf8_lower(text), _ABSENT), pa.scalar(None, pa.string()), text)
    text = pc.replace_substring_regex(text, r"^([-+]?)[$€£¥￥] ?(\d)", r"\1\2")
    text = pc.replace_substring_regex(text, r"(\d) ?[%％]$", r"\1")
    grouped = pc.match_substring_regex(text, r"^[-+]?\d{1,3}([, \x{00A0}\x{202F}']\d{3})+(\.\d+)?$")
    return pc.if_else(grouped, pc.replace_substring_regex(text, r"[, \x{00A0}\x{202F}']", ""), text)


def figures(text: pa.Array) -> tuple[pa.Array, Mask]:
    """Numbers read from tidy text (null where there is none), and where something stands that is not a number."""
    read = _decimal(text)
    return read.values, read.wrong[0][0]


def _safely(text: pa.Array, good: Mask, target: pa.DataType) -> pa.Array:
    return pc.if_else(pa.array(good), text, pa.scalar(None, pa.string())).cast(target)


def _number(text: pa.Array) -> tuple[pa.Array, Mask, Mask]:
    text = _figures(text)
    present = mask(pc.is_valid(text))
    shaped = mask(pc.match_substring_regex(text, r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?$"))
    return pc.replace_substring_regex(text, r"^\+", ""), present, shaped


def _decimal(text: pa.Array, _: BoundColumn | None = None) -> Cast:
    text, present, shaped = _number(text)
    values = _safely(text, shaped, pa.float64())
    finite = mask(pc.is_finite(values))
    values = pc.if_else(pa.array(finite), values, pa.scalar(None, pa.float64()))
    return Cast(values, [(present & ~(shaped & finite), "not-a-number")])


def _integer(text: pa.Array, _: BoundColumn) -> Cast:
    text, present, shaped = _number(text)
    whole = mask(pc.match_substring_regex(text, r"^-?\d{1,18}(\.0*)?$"))
    values = _safely(pc.replace_substring_regex(text, r"\.0*$", ""), whole, pa.int64())
    return Cast(values, [(present & ~shaped, "not-a-number"), (present & shaped & ~whole, "not-whole")])


def _money(text: pa.Array, _: BoundColumn) -> Cast:
    text, present, shaped = _number(text)
    exact = mask(pc.match_substring_regex(text, r"^-?\d{1,17}(\.\d{1,2}0*)?\.?$"))
    trimmed = pc.replace_substring_regex(pc.replace_substring_regex(text, r"(\.\d\d)0+$", r"\1"), r"\.$", "")
    values = _safely(trimmed, exact, pa.decimal128(20, 2))
    return Cast(values, [(present & ~shaped, "not-a-number"), (present & shaped & ~exact, "no-decimals")])


def _year(text: pa.Array, _: BoundColumn) -> Cast:
    text = _figures(text)
    good = mask(pc.match_substring_regex(text, r"^\d{4}(\.0*)?$"))
    values = _safely(pc.replace_substring_regex(text, r"\.0*$", ""), good, pa.int32())
    return Cast(values, [(mask(pc.is_valid(text)) & ~good, "not-a-year")])


def _boolean(text: pa.Array, _: BoundColumn) -> Cast:
    lower = pc.utf8_lower(text)
    yes, no = mask(pc.is_in(lower, pa.array(_YES))), mask(pc.is_in(lower, pa.array(_NO)))
    values = pa.array(yes, mask=~(yes | no))
    return Cast(values, [(mask(pc.is_valid(text)) & ~(yes | no), "not-yes-or-no")])


_DATES = (
    (r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?$", r"\1-\2-\3"),
    (r"^(\d{4})年(\d{1,2})月(\d{1,2})日$", r"\1-\2-\3"),
    (r"^(\d{4})(\d{2})(\d{2})$", r"\1-\2-\3"),
    (r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$", r"\3-\2-\1"),
)
"""Only forms that can be read one way. 03/04/2026 is March in one office and April in the next: it is refused."""


def _date(text: pa.Array, _: BoundColumn) -> Cast:
    text = pc.if_else(pc.is_in(pc.utf8_lower(text), _ABSENT), pa.scalar(None, pa.string()), text)
    present = mask(pc.is_valid(text))
    iso = text
    for pattern, form in _DATES:
        iso = pc.replace_substring_regex(iso, pattern, form)
    iso = pc.replace_substring_regex(pc.replace_substring_regex(iso, r"-(\d)-", r"-0\1-"), r"-(\d)$", r"-0\1")
    shaped = mask(pc.match_substring_regex(iso, r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"))
    values, real = _calendar(pc.if_else(pa.array(shaped), iso, pa.scalar(None, pa.string())))
    return Cast(values, [(present & ~(shaped & real), "not-a-date")])


def _calendar(iso: pa.Array) -> tuple[pa.Array, Mask]:
    """Dates that exist: 2026-02-30 does not, and Arrow would stop at the first such value."""
    day = pc.cast(pc.utf8_slice_codeunits(iso, 8, 10), pa.int32())
    first = pc.cast(pc.binary_join_element_wise(pc.utf8_slice_codeunits(iso, 0, 8), "01", ""), pa.date32())
    made = pc.add(pc.cast(first, pa.int32()), pc.subtract(day, 1)).cast(pa.int32()).cast(pa.date32())
    real = mask(pc.equal(pc.month(made), pc.month(first)))
    return pc.if_else(pa.array(real), made, pa.scalar(None, pa.date32())), real


def _code(text: pa.Array, column: BoundColumn) -> Cast:
    """The code itself, a code's name in any language, or a code of digits that lost its leading zeros in a
    spreadsheet; other text is not a code."""
    if column.codes is None:
        return Cast(text, [])
    codes = text if isinstance(text, pa.DictionaryArray) else text.dictionary_encode()
    spellings = dict(column.spellings)
    folded = {c.casefold(): c for c in column.codes}
    standard: list[str | None] = []
    respelt: list[bool] = []
    for value in codes.dictionary.to_pylist():
        if value is None:
            standard.append(None)
            respelt.append(False)
            continue
        exact = value in column.codes
        code = value if exact else spellings.get(value.casefold()) or folded.get(value.casefold())
        if code is None and value.isdigit():
            padded = {value.zfill(width) for width in column.digits} & column.codes
            code = padded.pop() if len(padded) == 1 else None
        standard.append(code)
        respelt.append(code is not None and not exact and value not in column.names)
    values = pc.take(pa.array(standard, pa.string()), codes.indices)
    spelt = int(mask(pc.take(pa.array(respelt, pa.bool_()), codes.indices)).sum()) if any(respelt) else 0
    wrong = np.zeros(len(text), dtype=bool)
    if None in standard:
        told = mask(pc.take(pc.is_valid(codes.dictionary), codes.indices))
        wrong = told & mask(pc.is_null(values))
    region = column.element.type == "region"
    return Cast(values, [(wrong, "unknown-region" if region else f"unknown-code:{column.element.codelist}")], spelt)


def matches(text: pa.Array, pattern: str) -> Mask:
    """Where the whole value has the form; by RE2, or by Python for what RE2 cannot say (look-around)."""
    try:
        return mask(pc.match_substring_regex(text, f"^(?:{pattern})$"))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        codes = text.dictionary_encode()
        form = re.compile(pattern)
        known = pa.array([bool(form.fullmatch(v)) for v in codes.dictionary.to_pylist()], pa.bool_())
        return mask(pc.take(known, codes.indices))


_READERS: dict[str, Callable[[pa.Array, BoundColumn], Cast]] = {
    "decimal": _decimal,
    "integer": _integer,
    "money": _money,
    "year": _year,
    "boolean": _boolean,
    "date": _date,
    "code": _code,
    "region": _code,
}
