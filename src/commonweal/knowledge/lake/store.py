"""The tables themselves: Apache Iceberg through PyIceberg, catalogued in SQL, on local disk by default.

Each collection replaces a table's rows in one commit, so a reader sees the old table or the new one and a killed
writer leaves the old. Snapshots stay: a published figure can be computed again from the rows it was made of.
Tables are read through their planned files, never by listing a folder, which would bring back superseded rows.
"""

from __future__ import annotations

import fcntl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.table import Table, Transaction

ROWS = "lake"
QUARANTINE = "quarantine"


class Store:
    """The lake under one folder. Cheap to make; safe to use from several processes."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.root = root
        warehouse = root / "warehouse"
        warehouse.mkdir(exist_ok=True)
        self.catalogue = SqlCatalog(
            "commonweal", uri=f"sqlite:///{root / 'catalogue.sqlite3'}", warehouse=warehouse.as_uri()
        )
        for namespace in (ROWS, QUARANTINE):
            self.catalogue.create_namespace_if_not_exists(namespace)

    @contextmanager
    def claim(self, name: str) -> Iterator[None]:
        """Hold one table for writing; a second collector on this machine waits. Freed when the process dies."""
        locks = self.root / "locks"
        locks.mkdir(exist_ok=True)
        with open(locks / f"{name}.lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def table(self, name: str, namespace: str = ROWS) -> Table | None:
        """The table, or None when nothing was ever collected."""
        try:
            return self.catalogue.load_table((namespace, name))
        except NoSuchTableError:
            return None

    def replace(self, name: str, rows: pa.Table, properties: dict[str, str], namespace: str = ROWS) -> int:
        """Replace all rows in one commit and return the new snapshot's number. Columns follow `rows`."""
        table = self.table(name, namespace)
        if table is None:
            table = self.catalogue.create_table((namespace, name), schema=rows.schema)
        with warnings.catch_warnings(), table.transaction() as change:
            warnings.simplefilter("ignore", UserWarning)  # "delete matched no records" on the first collection
            _evolve(table, change, rows.schema)
            change.overwrite(rows, snapshot_properties=properties)
        return _snapshot(table)

    def append(self, name: str, rows: pa.Table, properties: dict[str, str], namespace: str = ROWS) -> int:
        """Add rows to a table of the same columns in one commit and return the new snapshot's number."""
        table = self.catalogue.load_table((namespace, name))
        table.append(rows, snapshot_properties=properties)
        return _snapshot(table)

    def rows(
        self, name: str, snapshot: int | None = None, *, namespace: str = ROWS, limit: int | None = None
    ) -> pa.Table | None:
        """The rows of one snapshot, the newest by default; None when there is no such table or snapshot."""
        table = self.table(name, namespace)
        if table is None or (snapshot is not None and table.snapshot_by_id(snapshot) is None):
            return None
        return table.scan(snapshot_id=snapshot, limit=limit).to_arrow()

    def properties(self, name: str) -> dict[str, str]:
        """What was noted with the newest snapshot."""
        table = self.table(name)
        snapshot = table.current_snapshot() if table else None
        summary = snapshot.summary if snapshot else None
        return dict(summary.additional_properties) if summary else {}


def _snapshot(table: Table) -> int:
    snapshot = table.refresh().current_snapshot()
    if snapshot is None:
        raise RuntimeError(f"{table.name()} has no snapshot after a commit")
    return snapshot.snapshot_id


def _evolve(table: Table, change: Transaction, wanted: pa.Schema) -> None:
    """Bring the columns to the declared ones; gone or retyped columns stay readable in older snapshots."""
    present = {f.name: _kind(f) for f in table.schema().as_arrow()}
    declared = {f.name: _kind(f) for f in wanted}
    if present == declared:
        return
    for name in [n for n, kind in present.items() if declared.get(n) != kind]:
        with change.update_schema(allow_incompatible_changes=True) as schema:
            schema.delete_column(name)
    with change.update_schema() as schema:
        schema.union_by_name(wanted)


def _kind(column: pa.Field) -> str:
    return str(column.type).removeprefix("large_")
