"""Plain files as columns worth comparing: numbers, categories and keys, found without any declaration."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from commonweal.core.errors import Refused
from commonweal.knowledge.insight.estimates import Codes, Numbers
from commonweal.knowledge.lake.casting import figures, mask, tidy
from commonweal.knowledge.lake.checking import ROW
from commonweal.knowledge.lake.reading import Raw, read

NUMERIC_SHARE = 0.9
"""A column is of numbers when this share of what stands in it is."""
FEWEST = 10
MOST_CATEGORIES = 60


@dataclass(frozen=True)
class Plain:
    """A column of a plain file: `values` are numbers with NaN, or codes of `categories` with NaN."""

    name: str
    values: Numbers
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Values of a column that could not be used: how many, and the first of them."""

    file: str
    column: str
    count: int
    row: int
    value: str
    what: str


@dataclass
class PlainTable:
    """One file: its columns, its keys as text, and what was wrong with it."""

    name: str
    rows: int
    columns: list[Plain]
    keys: list[list[str | None]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def read_plain(path: Path, keys: Sequence[str | Sequence[str]] = ()) -> PlainTable:
    """Read a file and find its columns. A key may be several names, tried in order.

    Raises Refused when it cannot be read or has no such key column.
    """
    if not path.is_file():
        raise Refused("no-file", f"There is no file {path}")
    raw = read(path)
    name = path.name.removesuffix(".gz").rpartition(".")[0] or path.name
    table = PlainTable(name, len(raw.table), [])
    headers = [n for n in raw.table.column_names if n != ROW]
    held = [_any_of([key] if isinstance(key, str) else key, headers, path.name) for key in keys]
    table.keys = [tidy(raw.table.column(h)).to_pylist() for h in held]
    _broken(raw, table)
    numbers = raw.table.column(ROW).combine_chunks()
    for header in headers:
        if header not in held:
            _take(table, header, tidy(raw.table.column(header)), numbers)
    return table


def _broken(raw: Raw, table: PlainTable) -> None:
    if raw.broken:
        row, _, value, reason = raw.broken[0]
        what = f"rows cut into {reason.partition(':')[2].replace('/', ' columns instead of ')}"
        table.problems.append(Problem(table.name, "*", len(raw.broken), row, value[:80], what))


def _take(table: PlainTable, header: str, text: pa.Array, numbers: pa.Array) -> None:
    present = len(text) - text.null_count
    values, wrong = figures(text)
    good = len(values) - values.null_count
    if good >= FEWEST and good >= NUMERIC_SHARE * (good + int(wrong.sum())):
        if _identifier(text):
            table.left_out.append(f"{header} (codes with leading zeros)")
            return
        if wrong.any():
            first = int(np.flatnonzero(wrong)[0])
            table.problems.append(
                Problem(
                    table.name, header, int(wrong.sum()), numbers[first].as_py(), str(text[first])[:80], "not a number"
                )
            )
        table.columns.append(Plain(header, pc.fill_null(values, np.nan).to_numpy(zero_copy_only=False).astype(float)))
        return
    encoded = text.dictionary_encode()
    kinds = len(encoded.dictionary)
    if present >= 2 * FEWEST and 2 <= kinds <= min(MOST_CATEGORIES, present // 5):
        codes = pc.fill_null(encoded.indices.cast(pa.float64()), np.nan).to_numpy(zero_copy_only=False)
        table.columns.append(Plain(header, codes.astype(float), tuple(encoded.dictionary.to_pylist())))
    else:
        table.left_out.append(f"{header} ({'empty' if not present else 'neither numbers nor a few categories'})")


def _identifier(text: pa.Array) -> bool:
    """Figures written with leading zeros are names of things, not amounts."""
    zeros = mask(pc.match_substring_regex(text, r"^0\d+$"))
    return bool(zeros.sum() > 0.05 * max(1, len(text) - text.null_count))


def plain_name(text: str) -> str:
    """A header for comparison: letters and digits only, no case."""
    return re.sub(r"[\W_]+", "", text.casefold())


def key_column(key: str, headers: Sequence[str], file: str) -> str:
    """The column meant by a key: the same name but for case, spaces and marks, else the first that begins so."""
    wanted = plain_name(key)
    same = [h for h in headers if plain_name(h) == wanted]
    near = same or [h for h in headers if wanted and plain_name(h).startswith(wanted)]
    if not near:
        raise Refused("no-key", f"{file} has no column {key!r}; it has: {', '.join(headers)[:400]}")
    return near[0]


def _any_of(names: Sequence[str], headers: Sequence[str], file: str) -> str:
    for name in names[:-1]:
        try:
            return key_column(name, headers, file)
        except Refused:
            continue
    return key_column(names[-1], headers, file)


_YEAR = re.compile(r"(1[5-9]|20|21)\d\d(\.0)?")
_MONTH = re.compile(r"((?:1[5-9]|20|21)\d\d)-(0[1-9]|1[0-2])(-\d\d)?")


def periods(values: Sequence[str | None]) -> Codes | None:
    """A key as periods in order: years, or months since year 0; None when it is not about time."""
    known: dict[str, int] = {}
    kinds = set()
    for value in {v for v in values if v is not None}:
        year, month = _YEAR.fullmatch(value), _MONTH.fullmatch(value)
        if year:
            known[value] = int(value[:4])
            kinds.add("year")
        elif month:
            known[value] = int(month[1]) * 12 + int(month[2]) - 1
            kinds.add("month")
        else:
            return None
    if len(kinds) != 1 or len(known) < 2:
        return None
    return np.array([known.get(v, -1) if v is not None else -1 for v in values], dtype=np.int64)
