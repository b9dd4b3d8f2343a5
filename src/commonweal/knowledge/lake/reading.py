"""Files as published to a table of text: encodings, delimiters, compression and rows of the wrong width."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import itertools
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from commonweal.core.errors import Refused
from commonweal.knowledge.lake.checking import ROW

LARGEST = 1 << 30
"""Bytes a file may have after decompression; more is refused rather than read (a zip bomb, or a job for Parquet)."""


@dataclass
class Raw:
    """Rows as text with their row numbers, and the rows that could not even be cut into columns."""

    table: pa.Table
    broken: list[tuple[int, str, str, str]] = field(default_factory=list)


def read(path: Path, *, header: bool = True, encoding: str | None = None) -> Raw:
    """Read `.csv`, `.tsv`, `.txt`, either also as `.gz`, and Stata's `.dta`.

    Raises Refused with what to do when the file is of another kind, too large, damaged or in an unknown encoding.
    """
    if path.suffix.lower() == ".dta":
        return _stata(path)
    data = _bytes(path)
    if not data.strip():
        raise Refused("empty-file", f"{path.name} is empty")
    return delimited(_utf8(data, encoding, path.name), path.name, header=header)


def _bytes(path: Path) -> bytes:
    if path.suffix.lower() != ".gz":
        if path.stat().st_size > LARGEST:
            raise Refused("too-large", f"{path.name} is larger than {LARGEST >> 20} MB")
        return path.read_bytes()
    try:
        with gzip.open(path) as file:
            data = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as problem:
        raise Refused("damaged", f"{path.name} cannot be unpacked: {problem}") from problem
    if len(data) > LARGEST:
        raise Refused("too-large", f"{path.name} unpacks to more than {LARGEST >> 20} MB; it was not read")
    return data


def _utf8(data: bytes, encoding: str | None, name: str) -> bytes:
    """The same text in UTF-8 without a byte order mark.

    Undeclared: what a byte order mark says, else UTF-8, else GB18030, else Latin-1, which can read anything.
    """
    if encoding is None and data.startswith(codecs.BOM_UTF8):
        return data[3:]
    if encoding is None and data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        candidates = (encoding,) if encoding else ("utf-8", "gb18030", "latin-1")
        for candidate in candidates:
            try:
                text = data.decode(candidate)
            except UnicodeDecodeError:
                continue
            if candidate == "gb18030" and not _looks_chinese(text):
                continue
            return text.removeprefix("\ufeff").encode()
    except LookupError as problem:
        raise Refused("encoding", f"{name}: there is no encoding named {encoding!r}") from problem
    raise Refused("encoding", f"{name} is not written in {encoding}; declare the encoding it has")


def _looks_chinese(text: str) -> bool:
    """Latin-1 bytes often happen to decode as GB18030; then the result is rare characters, not common ones."""
    high = [c for c in text if ord(c) > 127]
    common = sum("\u4e00" <= c <= "\u9fa5" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" for c in high)
    pairs = sum("\u4e00" <= a <= "\u9fa5" and "\u4e00" <= b <= "\u9fa5" for a, b in itertools.pairwise(text))
    return bool(high) and common >= 0.9 * len(high) and pairs >= 0.3 * len(high)


def _delimiter(sample: str) -> str:
    try:
        return csv.Sniffer().sniff(sample, delimiters=",;\t|").delimiter
    except csv.Error:
        return ","


def delimited(data: bytes, name: str, *, header: bool = True) -> Raw:
    """Cut UTF-8 text into columns of text. Without a header the columns are called 1, 2, 3 …"""
    sample = data[:65536].decode("utf-8", "ignore")
    delimiter = "\t" if name.lower().endswith((".tsv", ".tsv.gz")) else _delimiter(sample)
    first = next(csv.reader(io.StringIO(sample), delimiter=delimiter), [])
    names = _headers(first) if header else [str(i + 1) for i in range(len(first))]
    broken: list[tuple[int, str, str, str]] = []
    ahead = 1 if header else 0

    def keep_aside(row: arrow_csv.InvalidRow) -> str:
        number = (row.number or 0) - ahead
        broken.append((number, "*", row.text, f"columns:{row.actual_columns}/{row.expected_columns}"))
        return "skip"

    try:
        table = arrow_csv.read_csv(
            io.BytesIO(data),
            read_options=arrow_csv.ReadOptions(
                column_names=names, skip_rows_after_names=ahead, use_threads=False, block_size=1 << 24
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=keep_aside
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as problem:
        raise Refused("unreadable", f"{name} cannot be read as a table: {problem}") from problem
    return Raw(_numbered(table, [b[0] for b in broken]), broken)


def _headers(first: list[str]) -> list[str]:
    """Header texts, trimmed; a repeated or empty one gets its position, so that none hides another."""
    names: list[str] = []
    for position, text in enumerate(first, 1):
        name = " ".join(text.split()) or str(position)
        names.append(name if name not in names else f"{name} ({position})")
    return names


def _numbered(table: pa.Table, skipped: list[int]) -> pa.Table:
    """Append row numbers as the file counts them: 1 is the first row of data, broken rows included."""
    numbers = np.arange(1, len(table) + len(skipped) + 1)
    numbers = numbers[~np.isin(numbers, skipped)][: len(table)]
    return table.append_column(ROW, pa.array(numbers, pa.int64()))


def _stata(path: Path) -> Raw:
    import pandas

    try:
        frame = pandas.read_stata(path, convert_categoricals=False, convert_dates=True)
    except (ValueError, OSError, KeyError) as problem:
        raise Refused("unreadable", f"{path.name} cannot be read as Stata data: {problem}") from problem
    table = pa.Table.from_pandas(frame, preserve_index=False)
    text = [pa.compute.fill_null(column.combine_chunks().cast(pa.string()), "") for column in table.columns]
    return Raw(_numbered(pa.table(text, names=table.column_names), []))
