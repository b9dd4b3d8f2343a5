"""Fetching rows from databases and HTTP interfaces, batch by batch, so that nothing fetched is fetched twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from commonweal.core.errors import Refused
from commonweal.knowledge.lake import database
from commonweal.knowledge.lake.casting import figures, tidy
from commonweal.knowledge.lake.checking import ROW
from commonweal.knowledge.lake.contract import Contract
from commonweal.knowledge.lake.delimited import numbered
from commonweal.knowledge.lake.spool import Spool
from commonweal.knowledge.lake.web import Interface
from commonweal.register.models import Source

REMOTE = ("sql", "http")
MOST_ROWS = 50_000_000
Count = Callable[[int], None]
Batches = Iterator[tuple[pa.Table, str]]


@dataclass(frozen=True)
class Fetched:
    """Text rows with `__row`, the cursor to go on from next time, and where the batches are kept until then."""

    table: pa.Table
    cursor: str
    spool: Spool | None
    again: pa.Array
    """Numbers of the rows that stand at the cursor itself: the last run may have seen them."""


def meaning(contract: Contract) -> str:
    """Changes whenever rows fetched earlier could be other rows now: the contract's or the source's declaration."""
    source = contract.dataset.source
    told = source.model_dump_json() if source else ""
    return hashlib.sha256(f"{contract.fingerprint}{told}".encode()).hexdigest()


def fetch(contract: Contract, root: Path, since: str, count: Count = lambda rows: None) -> Fetched:
    """Every row of a remote source from the cursor `since` on (all rows where it is empty).

    Where the order of batches is certain they are kept below `root` as they come, and a run that died is gone on
    with. Raises Refused.
    """
    dataset, source = contract.dataset, contract.dataset.source
    if source is None or source.type not in REMOTE:
        raise Refused("no-source", f"Dataset {dataset.id} has no database or interface to read")
    spool = Spool(root, dataset.id, meaning(contract) + since) if _resumable(source, contract) else None
    kept = list(spool.batches()) if spool else []
    place = spool.state if spool else None
    total = sum(map(len, kept))
    read = _from_database if source.type == "sql" else _from_interface
    cursor = since
    for batch, state in read(source, dataset.id, since, place):
        if len(batch):
            _same_columns(kept, batch, contract, spool)
            kept.append(batch)
        if spool:
            spool.add(batch, state)
        place = state
        total += len(batch)
        if total > MOST_ROWS:
            raise Refused("too-large", f"Dataset {dataset.id}: the source has more than {MOST_ROWS:,} rows")
        count(total)
    filled = [batch for batch in kept if batch.num_columns]
    table = pa.concat_tables(filled, promote_options="default") if filled else _nothing(contract)
    if source.type == "sql":
        cursor = json.loads(place)["cursor"] if place else since
    elif source.cursor:
        cursor = furthest(table, source.cursor, since, dataset.id)
    rows = numbered(table, [])
    return Fetched(rows, cursor, spool, _again(rows, source, since))


def _same_columns(kept: list[pa.Table], batch: pa.Table, contract: Contract, spool: Spool | None) -> None:
    """An interface may leave an empty column out of a page; one that comes under another name has changed."""
    source = contract.dataset.source
    names = {name: header for header, name in (source.rename if source else {}).items()}
    needed = {names.get(name, name) for name in contract.names}
    before = {name for each in kept for name in each.column_names}
    gone, new = needed & before - set(batch.column_names), set(batch.column_names) - before
    if not (before and gone and new):
        return
    if spool:
        spool.clear()  # what was fetched belongs to the source as it was
    raise Refused(
        "changed",
        f"Dataset {contract.dataset.id}: the source changed while it was read: {', '.join(sorted(gone))} is gone and "
        f"{', '.join(sorted(new))} is new. The table is as it was; run it again, and change the declaration if it "
        "stays so",
    )


def _again(rows: pa.Table, source: Source, since: str) -> pa.Array:
    if not since or source.cursor not in rows.column_names:
        return pa.array([], pa.int64())
    told = database.text(database.recall(since)) if source.type == "sql" else since
    return rows.column(ROW).filter(pc.equal(rows.column(source.cursor), told)).combine_chunks()


def _resumable(source: Source, contract: Contract) -> bool:
    """A table without a cursor comes in no certain order; personal data is never written as it is."""
    return not contract.identifying and (source.type == "http" or source.cursor is not None)


def _from_database(source: Source, dataset: str, since: str, place: str | None) -> Batches:
    """With a cursor, a run that died goes on from the last batch's."""
    state = json.loads(place)["cursor"] if place else since
    for batch, cursor in database.batches(source, dataset, state or None):
        yield batch, json.dumps({"cursor": cursor})


def _from_interface(source: Source, dataset: str, since: str, place: str | None) -> Batches:
    """The state is the address of the next page, empty after the last."""
    interface = Interface(source, dataset)
    address = place if place is not None else interface.start(since or None)
    if not address:
        return
    for answer in interface.pages(address):
        yield answer.rows, answer.next or ""


def _nothing(contract: Contract) -> pa.Table:
    """No rows under the headings that the shaping expects."""
    source = contract.dataset.source
    published = {name: header for header, name in (source.rename if source else {}).items()}
    return pa.table({published.get(name, name): pa.array([], pa.string()) for name in contract.names})


def furthest(table: pa.Table, column: str, since: str, dataset: str) -> str:
    """The greatest value of a cursor column, as numbers where all are; at least `since`."""
    if not len(table):
        return since
    if column not in table.column_names:
        raise Refused(
            "missing-column",
            f"Dataset {dataset}: the source has no column {column} to go on from; it has "
            f"{', '.join(table.column_names)[:400]}",
        )
    values = tidy(table.column(column)).drop_null()
    if since:
        values = pa.concat_arrays([values, pa.array([since])])
    if not len(values):
        return since
    numbers, wrong = figures(values)
    if numbers.null_count == 0 and not wrong.any():
        return str(values[pc.index(numbers, pc.max(numbers)).as_py()].as_py())
    return str(pc.max(values).as_py())
