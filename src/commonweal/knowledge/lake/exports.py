"""A dataset as a file: CSV for spreadsheets, Parquet and Arrow for programs."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as parquet
from pyarrow import csv

from commonweal.core.errors import Invalid
from commonweal.knowledge.lake.views import Export

ROWS_A_PIECE = 20_000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.stream",
}


def export(table: pa.Table, name: str, form: str) -> Export:
    """The table as `csv`, `parquet` or `arrow`, in pieces. Raises Invalid for another form."""
    if form not in TYPES:
        raise Invalid({"format": "Choose csv, parquet or arrow"})
    pieces = {"csv": _csv, "parquet": _parquet, "arrow": _arrow}[form]
    return Export(TYPES[form], f"{name}.{form}", pieces(table))


def _csv(table: pa.Table) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, without which spreadsheets misread Chinese."""
    yield b"\xef\xbb\xbf"
    safe = pa.table([_harmless(c) for c in table.columns], names=table.column_names)
    for position, batch in enumerate(safe.to_batches(max_chunksize=ROWS_A_PIECE) or [None]):
        sink = io.BytesIO()
        part = pa.Table.from_batches([batch]) if batch is not None else safe
        csv.write_csv(part, sink, csv.WriteOptions(include_header=position == 0))
        yield sink.getvalue()


def _harmless(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers."""
    if not pa.types.is_string(column.type):
        return column
    risky = pc.match_substring_regex(column, "^[=+\\-@\t\r]")
    return pc.if_else(pc.fill_null(risky, False), pc.binary_join_element_wise("'", column, ""), column)


def _parquet(table: pa.Table) -> Iterator[bytes]:
    sink = io.BytesIO()
    parquet.write_table(table, sink, compression="zstd")
    yield sink.getvalue()


def _arrow(table: pa.Table) -> Iterator[bytes]:
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        for batch in table.to_batches(max_chunksize=ROWS_A_PIECE):
            writer.write_batch(batch)
            yield sink.getvalue()
            sink.seek(0)
            sink.truncate()
    yield sink.getvalue()
