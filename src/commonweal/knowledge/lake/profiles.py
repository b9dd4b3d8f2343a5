"""What a column of text looks like: which type its values have, how they are written, how many there are. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from commonweal.knowledge.lake.casting import cast, figures, mask
from commonweal.knowledge.lake.contract import BoundColumn
from commonweal.register.models import DataElement, Text

LOOKED_AT = 5_000
"""Values that are tried for their type; spread over the whole column."""
ENOUGH = 0.95
"""A column has a type when this share of its values has."""
PERSONAL = re.compile(
    r"\b((full|first|last|given|family|person|applicant) ?name|surname|phone|mobile|e?mail|passport|ssn)\b"
    r"|\b(birth ?date|date of birth|id ?(card|number)|address)\b"
    r"|姓名|电话|手机|邮箱|身份证|护照|出生日期|住址|地址",
    re.IGNORECASE,
)
"""Headings under which personal data is likely; the author decides."""
_UNITS = ((re.compile(r"(pct|percent|share|rate|率|占比)\b|%", re.IGNORECASE), "%"),)
_GIVEN_UNIT = re.compile(r"(?:[(（\[]([^()（）\[\]]{1,20})[)）\]]|/ ?([^/()]{1,12}))$")


@dataclass(frozen=True)
class Profile:
    """One column of a file: `text` is tidy, `sample` its values spread over the file, without nulls."""

    header: str
    text: pa.Array
    sample: pa.Array
    type: str
    distinct: int
    padded: int | None = None
    """Digits of a code with leading zeros."""
    least: float | None = None
    """The smallest number."""

    @property
    def empty(self) -> int:
        """Rows without a value."""
        return int(self.text.null_count)

    @property
    def unit(self) -> str | None:
        """The unit the heading names, of a column of numbers."""
        if self.type not in ("integer", "decimal"):
            return None
        told = _GIVEN_UNIT.search(self.header)
        if told:
            return (told[1] or told[2]).strip()
        return next((unit for form, unit in _UNITS if form.search(self.header)), None)

    @property
    def personal(self) -> bool:
        """Whether the heading sounds like something about a person."""
        return PERSONAL.search(re.sub(r"[_\-.]+", " ", self.header)) is not None


def profile(header: str, text: pa.Array) -> Profile:
    """Look at a tidy text column."""
    present = text.drop_null()
    step = max(1, len(present) // LOOKED_AT)
    sample = present.take(pa.array(np.arange(0, len(present), step)))
    distinct = int(pc.count_distinct(text, mode="only_valid").as_py())
    padded = _padded(sample)
    kind = "string" if padded else _type(header, sample, distinct)
    least = pc.min(figures(text)[0]).as_py() if kind in ("integer", "decimal") else None
    return Profile(header, text, sample, kind, distinct, padded, least)


def share(text: pa.Array, kind: str) -> float:
    """The share of values that can be read as a type."""
    element = DataElement(id="a.b", name=Text({"en": "?"}), type=kind)
    read = cast(text, BoundColumn("?", element, False))
    return 1 - read.values.null_count / len(text) if len(text) else 0.0


def _padded(sample: pa.Array) -> int | None:
    """The width of codes of digits with leading zeros, such as 01001; None for amounts."""
    digits = mask(pc.match_substring_regex(sample, r"^\d{2,18}$"))
    zeros = mask(pc.match_substring_regex(sample, r"^0\d+$"))
    widths: npt.NDArray[np.int32] | list[int] = (
        np.unique(pc.utf8_length(sample).to_numpy(zero_copy_only=False)) if len(sample) else []
    )
    return int(widths[0]) if len(sample) and digits.all() and zeros.any() and len(widths) == 1 else None


def _type(header: str, sample: pa.Array, distinct: int) -> str:
    """The narrowest type that the values have."""
    if not len(sample):
        return "string"
    words = pa.array(["true", "false", "yes", "no", "y", "n", "是", "否"])
    if mask(pc.is_in(pc.utf8_lower(sample), words)).mean() >= ENOUGH:
        return "boolean"
    numbers, _ = figures(sample)
    if 1 - numbers.null_count / len(sample) < ENOUGH:
        if share(sample, "date") >= ENOUGH:
            return "date"
        long = (pc.max(pc.utf8_length(sample)).as_py() or 0) > 500
        return "text" if long else "string"
    least, most = pc.min(numbers).as_py(), pc.max(numbers).as_py()
    if share(sample, "integer") < ENOUGH:
        return "decimal"
    if least >= 1500 and most < 2200 and (distinct <= 300 and re.search("year|年", header, re.IGNORECASE)):
        return "year"
    if share(sample, "date") >= ENOUGH:
        return "date"
    return "integer"
