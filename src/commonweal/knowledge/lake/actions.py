"""Every write of the lake."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import transaction

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Refused
from commonweal.core.identity.actor import SYSTEM, Actor
from commonweal.core.journal.actions import record
from commonweal.knowledge.lake import events, notices, projections, quality, sources
from commonweal.knowledge.lake.checking import Conformed, ascending, check_values, conform
from commonweal.knowledge.lake.contract import Contract
from commonweal.knowledge.lake.faults import Faults, accumulated
from commonweal.knowledge.lake.fetching import REMOTE, Fetched, fetch, meaning
from commonweal.knowledge.lake.merging import latest, merge
from commonweal.knowledge.lake.models import Collection
from commonweal.knowledge.lake.pseudonyms import conceal, identifiers, withhold
from commonweal.knowledge.lake.shaping import aggregate, shape
from commonweal.knowledge.lake.store import KEYS, QUARANTINE, Store, opened
from commonweal.knowledge.lake.upkeep import compact

Progress = Callable[[str, int, int], None]
STAGES = 4
PIECE = 1 << 16
"""Rows that are hashed at a time."""


def collect(
    dataset_id: str, *, actor: Actor = SYSTEM, progress: Progress | None = None, full: bool = False
) -> Collection:
    """Fetch a declared dataset, hold it to the standard and change its table in one commit.

    Safe to run again: unchanged rows make no new snapshot. All or nothing: when anything fails the table and its
    quarantine are as they were, the failure is recorded, and Refused says what to do. A source with a cursor is
    asked only for what is new since the last run, unless `full`, or its declaration has changed.
    """
    contract = Contract.of(declared.current(), dataset_id)
    store = opened()
    run = Collection.objects.create(dataset=dataset_id, started=clock.now())
    report = progress or (lambda what, done, total: None)
    try:
        with store.claim(dataset_id):
            return _collect(run, contract, store, actor, report, full)
    except Refused as refusal:
        _failed(run, actor, contract, refusal.code, refusal.message)
        raise
    except Exception as problem:
        _failed(run, actor, contract, "broken", f"{type(problem).__name__}: {problem}"[:1000])
        raise


def _collect(
    run: Collection, contract: Contract, store: Store, actor: Actor, report: Progress, full: bool
) -> Collection:
    name = contract.dataset.id
    report(name, 0, STAGES)
    _close_interrupted(run)
    last = newest(name)
    since = "" if full else _since(last, contract)
    fetched = _fetch(contract, store, since, report)
    try:
        _keep(run, contract, store, actor, report, since, fetched)
    finally:
        if fetched is not None and fetched.spool is not None:
            fetched.spool.clear()  # what was fetched is in the table, or refused and has to be fetched again
    report(name, STAGES, STAGES)
    return run


def _keep(
    run: Collection,
    contract: Contract,
    store: Store,
    actor: Actor,
    report: Progress,
    since: str,
    fetched: Fetched | None,
) -> None:
    name, last = contract.dataset.id, newest(contract.dataset.id)
    result, stored = prepare(contract, fetched)
    report(name, 2, STAGES)
    run.read, run.quarantined, run.left_out = result.read, _rows_aside(result), result.without
    if fetched is not None:
        before = int(last.state.get("read", 0)) if since and last is not None else 0
        run.state = {"cursor": fetched.cursor, "meaning": meaning(contract), "read": before + run.read}
    if since and last is not None and fetched is not None:
        _add(run, last, result, stored, contract, store, fetched.again)
    else:
        _replace(run, last, result, stored, contract, store)
    report(name, 3, STAGES)
    run.finished = clock.now()
    if stored.num_rows or not since or last is None:
        scores = quality.measure(result, stored, contract, run.finished.date(), run.finished.date())
        run.quality = {name: round(value, 4) for name, value in asdict(scores).items()}
    else:
        run.quality = last.quality
    with transaction.atomic():
        run.save()
        notices.collected(actor, contract.dataset, run, last)
        record(
            actor,
            events.COLLECTED,
            f"dataset:{name}",
            {
                "dataset": name,
                "status": str(run.status),
                "rows": run.rows,
                "quarantined": run.quarantined,
                "snapshot": str(run.snapshot),
                "content_hash": run.content_hash,
            },
        )


def _since(last: Collection | None, contract: Contract) -> str:
    """The cursor to go on from; empty where everything has to be fetched."""
    source = contract.dataset.source
    if last is None or source is None or source.cursor is None or last.state.get("meaning") != meaning(contract):
        return ""
    return str(last.state.get("cursor", ""))


def _fetch(contract: Contract, store: Store, since: str, report: Progress) -> Fetched | None:
    source = contract.dataset.source
    if source is None or source.type not in REMOTE:
        return None
    return fetch(contract, store.root, since, lambda rows: report(f"{contract.dataset.id}: rows fetched", rows, 0))


def _replace(
    run: Collection, last: Collection | None, result: Conformed, stored: pa.Table, contract: Contract, store: Store
) -> None:
    """All rows anew; nothing is written where they are the same as before."""
    name = contract.dataset.id
    run.rows, run.content_hash = len(stored), fingerprint(stored, contract)
    same = last is not None and last.content_hash == run.content_hash and last.quarantined == run.quarantined
    if same and last is not None and store.rows(name, last.snapshot, limit=1) is not None:
        _unchanged(run, last)
        return
    noted = _noted(run, contract)
    run.status = Collection.Status.DONE
    store.fits(name, stored.schema)
    run.quarantine_snapshot = store.replace(name, result.faults, noted, QUARANTINE)
    run.snapshot = store.replace(name, stored, noted)


def _add(
    run: Collection,
    last: Collection,
    result: Conformed,
    stored: pa.Table,
    contract: Contract,
    store: Store,
    again: pa.Array,
) -> None:
    """Rows with new keys are added and those with known keys replace the old; the same rows again change nothing."""
    name = contract.dataset.id
    old = store.rows(name, last.snapshot)
    if old is None:
        raise Refused("no-table", f"The table of {name} is gone; collect it anew: commonweal collect {name} --full")
    both = merge(old, stored, contract.dataset.keys)
    changed, run.rows = len(both.fresh) + len(both.altered), len(old) + len(both.fresh)
    earlier = store.rows(name, last.quarantine_snapshot, namespace=QUARANTINE)
    read = int(last.state.get("read", 0))
    faults = result.faults if earlier is None else accumulated(earlier, result.faults, again, read)
    if not changed and (earlier is None or len(faults) == len(earlier)):
        run.content_hash = last.content_hash
        _unchanged(run, last)
        return
    delta = fingerprint(pa.concat_tables([both.altered, both.fresh]), contract)
    run.content_hash = (
        hashlib.sha256(f"{last.content_hash}{delta}".encode()).hexdigest() if changed else last.content_hash
    )
    noted = _noted(run, contract)
    run.status = Collection.Status.DONE
    run.quarantine_snapshot = store.replace(name, faults, noted, QUARANTINE)
    if len(both.altered):
        run.snapshot = store.replace(name, both.whole.sort_by([(k, "ascending") for k in contract.dataset.keys]), noted)
    else:
        run.snapshot = store.append(name, both.fresh, noted) if changed else last.snapshot
        run.snapshot = compact(store, name) or run.snapshot


def _unchanged(run: Collection, last: Collection) -> None:
    run.status, run.snapshot = Collection.Status.UNCHANGED, last.snapshot
    run.quarantine_snapshot = last.quarantine_snapshot


def _noted(run: Collection, contract: Contract) -> dict[str, str]:
    keys = ",".join(contract.dataset.keys)
    return {"commonweal.hash": run.content_hash, "commonweal.collection": str(run.pk), KEYS: keys}


def _close_interrupted(run: Collection) -> None:
    """The table is claimed, so an older run that still counts as running died; its table stayed as it was."""
    older = Collection.objects.filter(dataset=run.dataset, status=Collection.Status.RUNNING, pk__lt=run.pk)
    older.update(
        status=Collection.Status.FAILED, finished=clock.now(), note="The collector stopped before it had finished"
    )


def prepare(contract: Contract, fetched: Fetched | None = None) -> tuple[Conformed, pa.Table]:
    """Read a dataset's source and hold it to its contract: what was found, and the rows to store, sorted by key.

    `fetched` are the rows of a remote source. With a cursor the last row of a key is the one that holds.
    """
    source = contract.dataset.source
    if source is None or not sources.collectable(source):
        raise Refused(
            "no-source", f"Dataset {contract.dataset.id} declares no source that can be collected (source.type)"
        )
    broken: list[tuple[int, str, str, str]] = []
    identifiers(contract)  # refuses personal text before a row is read
    if fetched is not None:
        raw = fetched.table
    elif source.type == "journal":
        raw = projections.rows(source.projection or contract.dataset.id)
    else:
        published = sources.published(contract, settings.JURISDICTION)
        raw, broken = published.table, published.broken
    faults = Faults()
    faults.add_rows(broken)
    shaped = shape(raw, source, contract)
    result = conform(shaped.table, contract, unique=source.aggregate is None and source.cursor is None, faults=faults)
    stored = latest(result.good, contract.dataset.keys) if source.cursor is not None else result.good
    if source.aggregate is not None:
        together = aggregate(stored, source.aggregate, contract)
        stored, _, _ = check_values(together, pa.array(range(1, len(together) + 1), pa.int64()), contract, faults)
    read, spelt = result.read + len(broken), result.spelt + shaped.recoded
    stored = conceal(stored, contract)
    told = withhold(faults.table(), contract)
    full = Conformed(stored, result.rows, told, read, spelt, result.repeated, shaped.without)
    return full, in_order(stored, contract)


def in_order(stored: pa.Table, contract: Contract) -> pa.Table:
    """Rows by key, so that the same rows have the same fingerprint; publishers often send them so already."""
    keys = list(contract.dataset.keys)
    if len(keys) == 1 and ascending(stored.column(keys[0])):
        return stored
    return stored.sort_by([(key, "ascending") for key in keys])


def newest(dataset_id: str) -> Collection | None:
    """The last collection that succeeded."""
    good = (Collection.Status.DONE, Collection.Status.UNCHANGED)
    return Collection.objects.filter(dataset=dataset_id, status__in=good).order_by("-id").first()


def fingerprint(stored: pa.Table, contract: Contract) -> str:
    """SHA-256 of the contract and of the rows in key order: the same content gives the same name."""
    digest = hashlib.sha256(contract.fingerprint.encode())
    with pa.ipc.new_stream(pa.PythonFile(_Hashing(digest), "w"), stored.schema) as writer:
        for start in range(0, len(stored), PIECE):
            writer.write_batch(_compact(stored.slice(start, PIECE)))
    return digest.hexdigest()


def _compact(piece: pa.Table) -> pa.RecordBatch:
    """A copy of some rows: a view into larger buffers would carry bytes of its neighbours along, and what lies in
    memory under an absent value is nobody's."""
    arrays = [pa.concat_arrays([*column.chunks, pa.nulls(0, column.type)]) for column in piece.columns]
    arrays = [_blank(a) if a.null_count and not pa.types.is_string(a.type) else a for a in arrays]
    return pa.record_batch(arrays, schema=piece.schema)


def _blank(array: pa.Array) -> pa.Array:
    nothing = pa.scalar(False) if pa.types.is_boolean(array.type) else pa.scalar(0, pa.int32()).cast(array.type)
    filled = pc.fill_null(array, nothing)
    return pa.Array.from_buffers(array.type, len(array), [array.buffers()[0], filled.buffers()[1]])


class _Hashing(io.RawIOBase):
    """A file that only hashes what is written to it."""

    def __init__(self, digest: hashlib._Hash) -> None:
        self.digest = digest

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.digest.update(data)
        return len(data)


def _rows_aside(result: Conformed) -> int:
    return int(pc.count_distinct(result.faults.column("row")).as_py())


def _failed(run: Collection, actor: Actor, contract: Contract, code: str, note: str) -> None:
    run.status, run.note, run.finished = Collection.Status.FAILED, note, clock.now()
    with transaction.atomic():
        run.save()
        notices.failed(actor, contract.dataset, run, code)
        record(actor, events.FAILED, f"dataset:{run.dataset}", {"dataset": run.dataset, "code": code, "note": note})
