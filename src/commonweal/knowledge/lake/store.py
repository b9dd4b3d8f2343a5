"""The tables themselves: Apache Iceberg through PyIceberg, catalogued in SQL, on local disk by default.

Each collection replaces a table's rows in one commit, so a reader sees the old table or the new one and a killed
writer leaves the old. Snapshots stay: a published figure can be computed again from the rows it was made of.
Tables are read through their planned files, never by listing a folder, which would bring back superseded rows.
"""

from __future__ import annotations

import fcntl
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
from django.conf import settings
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.table import Table, Transaction
from pyiceberg.types import LongType

from commonweal.knowledge.lake.evolving import change

ROWS = "lake"
QUARANTINE = "quarantine"
KEYS = "commonweal.keys"
"""Note on a snapshot: the columns that tell its rows apart."""


class Store:
    """The lake under one folder. Cheap to make; safe to use from several processes."""

    def __init__(self, root: Path, warehouse: str = "", catalogue: str = "", **options: str) -> None:
        """`root` holds locks and, by default, everything else.

        `warehouse` is where the rows lie instead: a folder, or `s3://bucket/prefix` with PyIceberg's `s3.*` options.
        `catalogue` is an SQLAlchemy address, shared by machines that share a warehouse.
        """
        root.mkdir(parents=True, exist_ok=True)
        self.root = root
        if "://" not in warehouse:
            folder = Path(warehouse) if warehouse else root / "warehouse"
            folder.mkdir(parents=True, exist_ok=True)
            warehouse = folder.resolve().as_uri()
        self.catalogue = SqlCatalog(
            "commonweal",
            uri=catalogue or f"sqlite:///{root / 'catalogue.sqlite3'}",
            warehouse=warehouse.rstrip("/"),
            **{"py-io-impl": "pyiceberg.io.pyarrow.PyArrowFileIO", **options},
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
        """Replace all rows in one commit and return the new snapshot's number. Columns follow `rows`.

        Raises Refused where the columns cannot become those of `rows` (see `evolving`); `commonweal.keys` among the
        properties of the newest snapshot names those that may not go.
        """
        table = self.table(name, namespace)
        if table is None:
            table = self.catalogue.create_table((namespace, name), schema=rows.schema)
        with warnings.catch_warnings(), table.transaction() as transaction:
            warnings.simplefilter("ignore", UserWarning)  # "delete matched no records" on the first collection
            keys = self.properties(name).get(KEYS, "") if namespace == ROWS else ""
            _evolve(table, transaction, rows.schema, keys.split(",") if keys else ())
            transaction.overwrite(rows, snapshot_properties=properties)
        return _snapshot(table)

    def fits(self, name: str, wanted: pa.Schema) -> None:
        """Raises Refused where a table's columns cannot become `wanted`; asked before anything is written."""
        table, keys = self.table(name), self.properties(name).get(KEYS, "")
        if table is not None:
            change(name, table.schema().as_arrow(), wanted, keys.split(",") if keys else ())

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


def _evolve(table: Table, transaction: Transaction, wanted: pa.Schema, keys: Collection[str]) -> None:
    """Bring the columns to the declared ones; gone or retyped columns stay readable in older snapshots."""
    needed = change(table.name()[-1], table.schema().as_arrow(), wanted, keys)
    if not needed:
        return
    for name in (*needed.dropped, *needed.remade):
        with transaction.update_schema(allow_incompatible_changes=True) as schema:
            schema.delete_column(name)
    with transaction.update_schema() as schema:
        for name in needed.widened:
            schema.update_column(name, field_type=LongType())
        schema.union_by_name(wanted)


def opened() -> Store:
    """The lake of this deployment, where its settings say."""
    return Store(settings.LAKE_ROOT, settings.LAKE_WAREHOUSE, settings.LAKE_CATALOGUE, **settings.LAKE_OPTIONS)
