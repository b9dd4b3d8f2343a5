"""Text with delimiters to a table of text: the delimiter, title rows above the header, rows of the wrong width."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from commonweal.core.errors import Refused
from commonweal.knowledge.lake.checking import ROW

SAMPLE = 1 << 18
LOOKED_AT = 60
"""Rows at the top among which the header is sought."""
MOST_COLUMNS = 20_000


@dataclass
class Raw:
    """Rows as text with their numbers (1 is the first row of data), rows that could not be cut into columns, and
    how many title rows stood above the header."""

    table: pa.Table
    broken: list[tuple[int, str, str, str]] = field(default_factory=list)
    titles: int = 0


@dataclass(frozen=True)
class Layout:
    """How a text is cut: column names, the delimiter, the byte at which the rows begin, titles above the header."""

    names: tuple[str, ...]
    delimiter: str
    start: int
    titles: int


def layout(data: bytes, name: str, *, header: bool = True) -> Layout:
    """The layout of UTF-8 text from its first SAMPLE bytes. Raises Refused when there is none, or it is too wide."""
    sample = data[:SAMPLE].decode("utf-8", "ignore")
    delimiter = "\t" if name.lower().endswith((".tsv", ".tsv.gz")) else _delimiter(sample)
    rows, ends = _top(sample, delimiter, name)
    if not any(rows):
        raise Refused("empty-file", f"{name} holds no rows")
    position = header_row(rows)
    position = next(i for i in range(position, len(rows)) if rows[i])  # an empty line is no heading
    first = rows[position]
    names = headers(first) if header else [str(i + 1) for i in range(len(first))]
    if len(names) > MOST_COLUMNS:
        raise Refused("too-wide", f"{name} has {len(names)} columns; at most {MOST_COLUMNS} can be read")
    start = ends[position] if header else (ends[position - 1] if position else 0)
    return Layout(tuple(names), delimiter, start, position if header else 0)


def cut(data: bytes, name: str, *, header: bool = True) -> Raw:
    """Cut UTF-8 text into columns of text. Without a header the columns are called 1, 2, 3 …"""
    found = layout(data, name, header=header)
    names, position = list(found.names), found.titles
    broken: list[tuple[int, str, str, str]] = []

    def keep_aside(row: arrow_csv.InvalidRow) -> str:
        broken.append((row.number or 0, "*", row.text, f"columns:{row.actual_columns}/{row.expected_columns}"))
        return "skip"

    body = data[found.start :]
    if not body.strip(b"\r\n"):
        return Raw(numbered(pa.table({n: pa.array([], pa.string()) for n in names}), []), [], position)
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(body),
            read_options=arrow_csv.ReadOptions(
                column_names=names, use_threads=False, block_size=max(1 << 24, min(len(body), 1 << 30))
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=found.delimiter, newlines_in_values=True, invalid_row_handler=keep_aside
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as problem:
        raise Refused("unreadable", f"{name} cannot be read as a table: {problem}") from problem
    return Raw(numbered(table, [b[0] for b in broken]), broken, position)


def _delimiter(sample: str) -> str:
    """The character that cuts the first rows most evenly; `csv.Sniffer` is fooled by titles and by prose."""
    lines = [line for line in sample.splitlines()[:LOOKED_AT] if line.strip()]
    best, delimiter = 0.0, ","
    for candidate in ",\t;|":
        counts = [line.count(candidate) for line in lines]
        usual = float(np.median(counts)) if counts else 0.0
        even = sum(c == usual for c in counts) / max(len(counts), 1)
        if usual > 0 and usual * (0.2 + even) > best:
            best, delimiter = usual * (0.2 + even), candidate
    return delimiter


def _top(sample: str, delimiter: str, name: str) -> tuple[list[list[str]], list[int]]:
    """The first rows, and the byte at which each ends."""
    lines = list(io.StringIO(sample, newline=""))
    sizes = np.cumsum([len(line.encode()) for line in lines])
    reader = csv.reader(iter(lines), delimiter=delimiter)
    rows, ends = [], []
    try:
        for row in reader:
            rows.append(row)
            ends.append(int(sizes[reader.line_num - 1]))
            if len(rows) >= LOOKED_AT:
                break
    except csv.Error as problem:
        raise Refused("unreadable", f"{name} cannot be read as a table: {problem}") from problem
    return rows, ends


def header_row(rows: Sequence[Sequence[object]]) -> int:
    """Which of the first rows is the header: the first that fills more than half as many cells as the fullest.

    Statistical offices put titles, sources and notes above the table; those fill one cell.
    """
    filled = [sum(1 for cell in row if cell not in (None, "") and str(cell).strip()) for row in rows]
    enough = max(filled, default=0) / 2
    return next((i for i, count in enumerate(filled) if count > enough), 0)


def headers(first: Sequence[object]) -> list[str]:
    """Header texts, trimmed; a repeated or empty one gets its position, so that none hides another."""
    names: list[str] = []
    taken = {ROW}
    for position, text in enumerate(first, 1):
        name = " ".join(str(text if text is not None else "").split()) or str(position)
        while name in taken:
            name = f"{name} ({position})"
        taken.add(name)
        names.append(name)
    return names


def numbered(table: pa.Table, skipped: list[int]) -> pa.Table:
    """Append row numbers as the file counts them, broken rows included, empty lines not."""
    numbers = np.arange(1, len(table) + len(skipped) + 1)
    numbers = numbers[~np.isin(numbers, skipped)][: len(table)]
    return table.append_column(ROW, pa.array(numbers, pa.int64()))
