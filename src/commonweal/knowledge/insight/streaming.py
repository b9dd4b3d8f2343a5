"""Plain files as streams of batches: Parquet by row groups, large text block by block, all else read at once.

Memory stays flat for what can be large. Text that is not UTF-8, packed text and spreadsheets are read whole, up to the
lake's limit, because only the whole tells what they are written in or where a sheet ends.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
from pyarrow import csv as arrow_csv

from commonweal.core.errors import Refused
from commonweal.knowledge.insight.engines import Part
from commonweal.knowledge.insight.engines.parts import of_parquet
from commonweal.knowledge.lake.checking import ROW
from commonweal.knowledge.lake.delimited import SAMPLE, layout
from commonweal.knowledge.lake.reading import TEXT, Raw, read

STREAMED = 16 << 20
"""Bytes of a text file from which it is streamed."""
BATCH_ROWS = 65_536
BLOCK_BYTES = 4 << 20


@dataclass(frozen=True)
class Stream:
    """A file: its name without suffix, its columns, and its parts, which can be read again and again."""

    name: str
    columns: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class WholePart:
    """A file that is read at once, as the lake reads it."""

    path: str

    def batches(self) -> Iterator[pa.RecordBatch]:
        """See `engines.ports.Part`. Column `__row__` numbers the rows."""
        yield from _whole(self.path, Path(self.path).stat().st_mtime_ns).table.to_batches(BATCH_ROWS)


@dataclass(frozen=True)
class TextPart:
    """A large UTF-8 text with delimiters, read block by block."""

    path: str
    names: tuple[str, ...]
    delimiter: str
    start: int

    def batches(self) -> Iterator[pa.RecordBatch]:
        """See `engines.ports.Part`. Rows of the wrong width are left out; `broken` tells of them."""
        yield from self._read([])

    def broken(self) -> list[tuple[int, str, str, str]]:
        """Rows that cannot be cut into the columns, as the lake's reader tells them. Reads the whole text."""
        told: list[tuple[int, str, str, str]] = []
        for _ in self._read(told):
            pass
        return told

    def _read(self, told: list[tuple[int, str, str, str]]) -> Iterator[pa.RecordBatch]:
        def keep_aside(row: arrow_csv.InvalidRow) -> str:
            told.append((row.number or 0, "*", row.text[:200], f"columns:{row.actual_columns}/{row.expected_columns}"))
            return "skip"

        try:
            with pa.OSFile(self.path) as file:
                file.seek(self.start)
                reader = arrow_csv.open_csv(
                    file,
                    read_options=arrow_csv.ReadOptions(
                        column_names=list(self.names), use_threads=False, block_size=BLOCK_BYTES
                    ),
                    parse_options=arrow_csv.ParseOptions(
                        delimiter=self.delimiter, newlines_in_values=True, invalid_row_handler=keep_aside
                    ),
                    convert_options=arrow_csv.ConvertOptions(
                        column_types=dict.fromkeys(self.names, pa.string()), strings_can_be_null=False
                    ),
                )
                yield from reader
        except (OSError, pa.ArrowInvalid) as problem:
            raise Refused("unreadable", f"{Path(self.path).name} cannot be read as a table: {problem}") from problem


@lru_cache(maxsize=1)
def _whole(path: str, changed: int) -> Raw:
    return read(Path(path), typed=True)


def open_stream(path: Path) -> Stream:
    """A file as a stream. Raises Refused when it is not there, of an unknown kind or damaged."""
    path = Path(path)
    if not path.is_file():
        raise Refused("no-file", f"There is no file {path}")
    name = path.name.removesuffix(".gz").rpartition(".")[0] or path.name
    kind = path.suffix.lower()
    if kind == ".parquet":
        return Stream(name, _parquet_columns(path), tuple(of_parquet(path)))
    if kind in TEXT and path.stat().st_size > STREAMED and (text := _text(path)) is not None:
        return Stream(name, text.names, (text,))
    where = str(path.resolve())
    columns = _whole(where, path.stat().st_mtime_ns).table.column_names
    return Stream(name, tuple(c for c in columns if c != ROW), (WholePart(where),))


def broken(stream: Stream) -> list[tuple[int, str, str, str]]:
    """Rows of a file that could not be cut into columns: row, column, text, reason."""
    told: list[tuple[int, str, str, str]] = []
    for part in stream.parts:
        if isinstance(part, TextPart):
            told += part.broken()
        elif isinstance(part, WholePart):
            told += _whole(part.path, Path(part.path).stat().st_mtime_ns).broken
    return told


def _parquet_columns(path: Path) -> tuple[str, ...]:
    try:
        names = parquet.read_schema(path).names
    except (OSError, pa.ArrowInvalid) as problem:
        raise Refused("unreadable", f"{path.name} cannot be read as parquet: {problem}") from problem
    if len(set(names)) < len(names):
        twice = next(n for n in names if names.count(n) > 1)
        raise Refused("unreadable", f"{path.name} has two columns named {twice!r}; give each a name of its own")
    return tuple(names)


def _text(path: Path) -> TextPart | None:
    """How a large text is cut, or None when it is not UTF-8 throughout."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        head = file.read(SAMPLE + 3)
        file.seek(0)
        try:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return None
    mark = 3 if head.startswith(codecs.BOM_UTF8) else 0
    found = layout(head[mark:], path.name)
    return TextPart(str(path.resolve()), found.names, found.delimiter, found.start + mark)


@dataclass(frozen=True)
class SpooledPart:
    """Batches kept in an Arrow file of this machine, mapped rather than read."""

    path: str

    def batches(self) -> Iterator[pa.RecordBatch]:
        """See `engines.ports.Part`."""
        with pa.memory_map(self.path) as source:
            reader = pa.ipc.open_file(source)
            for number in range(reader.num_record_batches):
                yield reader.get_batch(number)


def spool(batches: Iterator[pa.RecordBatch], path: Path) -> SpooledPart:
    """Write batches once, for many passes over them."""
    first = next(batches)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, first.schema) as writer:
        writer.write_batch(first)
        for batch in batches:
            writer.write_batch(batch)
    return SpooledPart(str(path))
