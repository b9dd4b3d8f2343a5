"""Parts of tables: addresses that are small to send and read where they are needed.

A Parquet file is cut by its row groups, the lake's tables by the files a snapshot plans. Both are read by one reader
wherever they are read, so types, times and rows are the same on every engine: a lake's table is never a folder of
files, because that would bring back superseded and deleted rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as parquet

from commonweal.core.errors import Refused

if TYPE_CHECKING:
    from pyiceberg.io import FileIO
    from pyiceberg.schema import Schema
    from pyiceberg.table import FileScanTask, Table
    from pyiceberg.table.metadata import TableMetadata

ROWS_PER_PART = 1_000_000
"""Rows of a Parquet file in one part at least, where its row groups allow."""
BATCH_ROWS = 65_536


@dataclass(frozen=True)
class ParquetPart:
    """Some row groups of one Parquet file, some of its columns (None: all). The path must be good on every machine."""

    path: str
    groups: tuple[int, ...]
    columns: tuple[str, ...] | None = None

    def batches(self) -> Iterator[pa.RecordBatch]:
        """See `ports.Part`."""
        try:
            with parquet.ParquetFile(self.path) as file:
                wanted = list(self.columns) if self.columns is not None else None
                yield from file.iter_batches(BATCH_ROWS, row_groups=list(self.groups), columns=wanted)
        except (OSError, pa.ArrowInvalid) as error:
            raise Refused("unreadable", f"{self.path} cannot be read where it is needed: {error}") from error


def of_parquet(path: Path, columns: Sequence[str] | None = None) -> list[ParquetPart]:
    """The parts of one Parquet file. Raises Refused when it cannot be read."""
    wanted = tuple(columns) if columns is not None else None
    try:
        held = parquet.read_metadata(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise Refused("unreadable", f"{path} cannot be read: {error}") from error
    parts: list[ParquetPart] = []
    groups: list[int] = []
    rows = 0
    for group in range(held.num_row_groups):
        groups.append(group)
        rows += held.row_group(group).num_rows
        if rows >= ROWS_PER_PART or group == held.num_row_groups - 1:
            parts.append(ParquetPart(str(Path(path).resolve()), tuple(groups), wanted))
            groups, rows = [], 0
    return parts


@dataclass(frozen=True)
class LakePart:
    """One planned file of one snapshot with the deletes that apply to it, read by field id as PyIceberg reads it."""

    metadata: TableMetadata
    io: FileIO
    schema: Schema
    task: FileScanTask

    def batches(self) -> Iterator[pa.RecordBatch]:
        """See `ports.Part`."""
        from pyiceberg.expressions import AlwaysTrue
        from pyiceberg.io.pyarrow import ArrowScan

        scan = ArrowScan(self.metadata, self.io, self.schema, AlwaysTrue())
        yield from scan.to_record_batches([self.task])


def of_lake(table: Table, snapshot: int | None = None, columns: Sequence[str] = ("*",)) -> list[LakePart]:
    """The parts of one snapshot of a lake's table, the newest by default; an empty table has none."""
    scan = table.scan(snapshot_id=snapshot, selected_fields=tuple(columns))
    return [LakePart(table.metadata, table.io, scan.projection(), task) for task in scan.plan_files()]
