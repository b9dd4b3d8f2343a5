"""Keeping tables light: many small files put together, and snapshots that nothing needs any more let go.

PyIceberg expires snapshots but has no compaction and leaves the files of expired snapshots behind; both are here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pyiceberg.table import Table

from commonweal.core.errors import Refused
from commonweal.knowledge.lake.store import ROWS, Store

SMALL_BYTES = 32 << 20
MANY = 16
"""Small files of one table that are put together."""
KEPT_DAYS = 90


@dataclass(frozen=True)
class Upkeep:
    """What was done: files before and after, snapshots let go, files removed."""

    files_before: int
    files_after: int
    snapshots_expired: int
    files_removed: int


def compact(store: Store, name: str, *, many: int = MANY, namespace: str = ROWS) -> int | None:
    """Rewrite a table that has `many` small files as few large ones, in one commit; the rows are the same.

    Returns the new snapshot's number, or None where nothing had to be done. The caller holds the table (`claim`).
    """
    table = store.table(name, namespace)
    if table is None or len(_small(table)) < many:
        return None
    noted = {k: v for k, v in store.properties(name).items() if k.startswith("commonweal.")}
    return store.replace(name, table.scan().to_arrow(), noted, namespace)


def _small(table: Table) -> list[str]:
    return [task.file.file_path for task in table.scan().plan_files() if task.file.file_size_in_bytes < SMALL_BYTES]


def expendable(
    snapshots: Iterable[tuple[int, datetime]], now: datetime, cited: Collection[int], days: int = KEPT_DAYS
) -> list[int]:
    """Snapshots nobody needs: older than `days`, not cited by anything published, not the last of their month.

    The newest is always kept, and so is the last of each month, so that the table of any month can be read again.
    """
    ordered = sorted(snapshots, key=lambda each: (each[1], each[0]))
    last_of_month = {moment.strftime("%Y-%m"): number for number, moment in ordered}
    kept = {*last_of_month.values(), *cited, *(number for number, _ in ordered[-1:])}
    return [number for number, moment in ordered if number not in kept and moment < now - timedelta(days=days)]


def expire(
    store: Store,
    name: str,
    now: datetime,
    *,
    cited: Collection[int] = (),
    days: int = KEPT_DAYS,
    namespace: str = ROWS,
) -> Upkeep:
    """Let go of a table's expendable snapshots and remove the files that only they used. Holds the table."""
    table = store.table(name, namespace)
    if table is None:
        raise Refused("no-table", f"There is no table of {name} to keep")
    with store.claim(name):
        files = len(list(table.scan().plan_files()))
        all_snapshots = [(s.snapshot_id, datetime.fromtimestamp(s.timestamp_ms / 1000, UTC)) for s in table.snapshots()]
        gone = expendable(all_snapshots, now, cited, days)
        if not gone:
            return Upkeep(files, files, 0, 0)
        before = _used(table)
        table.maintenance.expire_snapshots().by_ids(gone).commit()
        unused = before - _used(table.refresh())
        for path in unused:
            table.io.delete(path)
        return Upkeep(files, files, len(gone), len(unused))


def _used(table: Table) -> set[str]:
    """Every file that some snapshot needs: rows, manifests and lists of manifests."""
    paths: set[str] = set()
    for snapshot in table.snapshots():
        paths.add(snapshot.manifest_list)
        for manifest in snapshot.manifests(table.io):
            paths.add(manifest.manifest_path)
            paths |= {entry.data_file.file_path for entry in manifest.fetch_manifest_entry(table.io)}
    return paths
