"""Files as published to a table of text, whatever they are: text, spreadsheets, Parquet, JSON, Stata."""

from __future__ import annotations

import gzip
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as parquet

from commonweal.core.errors import Refused
from commonweal.knowledge.lake.delimited import Raw, cut, header_row, headers, numbered
from commonweal.knowledge.lake.encodings import utf8

__all__ = ["LARGEST", "SUFFIXES", "Raw", "read"]

LARGEST = 1 << 30
"""Bytes a file may have after decompression; more is refused rather than read (a zip bomb, or a job for Parquet)."""
MOST_CELLS = 50_000_000
"""Cells a spreadsheet may have."""


def read(path: Path, *, header: bool = True, encoding: str | None = None, typed: bool = False) -> Raw:
    """Read a file by its suffix (see SUFFIXES; text also as `.gz`). With `typed`, numbers, dates and yes/no of Parquet
    and Arrow files stay what they are; all else is text.

    Raises Refused with what to do when the file is of another kind, too large, damaged or in an unknown encoding.
    """
    suffix = path.with_suffix("").suffix.lower() if path.suffix.lower() == ".gz" else path.suffix.lower()
    reader = SUFFIXES.get(suffix)
    if reader is None and suffix not in TEXT:
        known = ", ".join(sorted({*TEXT, *SUFFIXES}))
        raise Refused("unknown-kind", f"{path.name}: files of this kind cannot be read; these can: {known}")
    if path.stat().st_size > LARGEST:
        raise Refused("too-large", f"{path.name} is larger than {LARGEST >> 20} MB")
    if reader is not None:
        try:
            if typed and reader in (_parquet, _arrow):
                return reader(path, plain)
            return reader(path)
        except Refused:
            raise
        except (
            ValueError,
            OSError,
            KeyError,
            EOFError,
            struct.error,
            pa.ArrowException,
            zipfile.BadZipFile,
        ) as problem:
            raise Refused("unreadable", f"{path.name} cannot be read as {suffix[1:]}: {problem}") from problem
    data = _bytes(path)
    if not data.strip():
        raise Refused("empty-file", f"{path.name} is empty")
    return cut(utf8(data, encoding, path.name), path.name, header=header)


def _bytes(path: Path) -> bytes:
    if path.suffix.lower() != ".gz":
        return path.read_bytes()
    try:
        with gzip.open(path) as file:
            data = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as problem:
        raise Refused("damaged", f"{path.name} cannot be unpacked: {problem}") from problem
    if len(data) > LARGEST:
        raise Refused("too-large", f"{path.name} unpacks to more than {LARGEST >> 20} MB; it was not read")
    return data


def texts(table: pa.Table) -> pa.Table:
    """Every column as text, null as the empty text. Nested values are left out as JSON."""
    arrays = []
    for column in table.columns:
        array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        if pa.types.is_nested(array.type):
            array = pa.array(
                [None if v is None else json.dumps(v, default=str) for v in array.to_pylist()], pa.string()
            )
        elif pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        arrays.append(pc.fill_null(array.cast(pa.string()), ""))
    return pa.table(arrays, names=headers(table.column_names))


def _stata(path: Path) -> Raw:
    import pandas

    frame = pandas.read_stata(path, convert_categoricals=False, convert_dates=True)
    return Raw(numbered(texts(pa.Table.from_pandas(frame, preserve_index=False)), []))


def plain(table: pa.Table) -> pa.Table:
    """Numbers, dates and yes/no as they are, every other column as text."""
    kinds = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_date32)
    arrays = [
        column if any(kind(column.type) for kind in kinds) else texts(pa.table([column], names=["0"])).column(0)
        for column in table.columns
    ]
    return pa.table(arrays, names=headers(table.column_names))


def _parquet(path: Path, form: Callable[[pa.Table], pa.Table] | None = None) -> Raw:
    file = parquet.ParquetFile(path)
    size = sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
    if size > LARGEST:
        raise Refused("too-large", f"{path.name} unpacks to more than {LARGEST >> 20} MB; it was not read")
    return Raw(numbered((form or texts)(file.read()), []))


def _arrow(path: Path, form: Callable[[pa.Table], pa.Table] | None = None) -> Raw:
    with pa.memory_map(str(path)) as source:
        try:
            table = pa.ipc.open_file(source).read_all()
        except pa.ArrowInvalid:
            source.seek(0)
            table = pa.ipc.open_stream(source).read_all()
        return Raw(numbered((form or texts)(table), []))


def _json(path: Path) -> Raw:
    """A list of objects, an object that holds one, or one object a line."""
    text = utf8(path.read_bytes(), None, path.name).decode()
    try:
        told = json.loads(text)
    except json.JSONDecodeError:
        told = [json.loads(line) for line in text.splitlines() if line.strip()]
    if isinstance(told, dict):
        told = next((v for v in told.values() if isinstance(v, list) and v and isinstance(v[0], dict)), [told])
    if not isinstance(told, list) or not all(isinstance(row, dict) for row in told):
        raise ValueError("it is not a list of objects")
    return Raw(numbered(records(told), []))


def records(rows: list[dict[str, Any]]) -> pa.Table:
    """Objects as a table of text with a column for every key that any of them has."""
    names = list(dict.fromkeys(str(key) for row in rows for key in row))
    columns = [pa.array([_cell(row.get(name)) for row in rows], pa.string()) for name in names]
    return pa.table(columns, names=headers(names))


def _workbook(path: Path) -> Raw:
    """The first sheet that holds a table, below any titles. Excel and OpenDocument, by their real content."""
    from python_calamine import CalamineError, CalamineWorkbook

    _guard_zip(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height * sheet.total_width > MOST_CELLS:
                raise Refused("too-large", f"{path.name}: sheet {name!r} has more than {MOST_CELLS} cells")
            rows = sheet.to_python(skip_empty_area=True)
            if len(rows) > 1:
                return _sheet(rows)
    except CalamineError as problem:
        raise Refused("unreadable", f"{path.name} cannot be read as a spreadsheet: {problem}") from problem
    raise Refused("empty-file", f"{path.name} holds no sheet with rows")


def _guard_zip(path: Path) -> None:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST:
                raise Refused("too-large", f"{path.name} unpacks to more than {LARGEST >> 20} MB; it was not read")


def _sheet(rows: list[list[Any]]) -> Raw:
    position = header_row(rows[:60])
    names = headers(rows[position])
    body = [row for row in rows[position + 1 :] if any(c not in (None, "") for c in row)]
    columns = [
        pa.array([_cell(row[i]) if i < len(row) else "" for row in body], pa.string()) for i in range(len(names))
    ]
    return Raw(numbered(pa.table(columns, names=names), []), [], position)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


TEXT = (".csv", ".tsv", ".txt", ".tab")
SUFFIXES: dict[str, Callable[..., Raw]] = {
    ".dta": _stata,
    ".parquet": _parquet,
    ".arrow": _arrow,
    ".feather": _arrow,
    ".json": _json,
    ".jsonl": _json,
    ".ndjson": _json,
    ".xlsx": _workbook,
    ".xlsm": _workbook,
    ".xlsb": _workbook,
    ".xls": _workbook,
    ".ods": _workbook,
}
