"""Every write of the lake."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict

import pyarrow as pa
from django.conf import settings
from django.db import transaction

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Refused
from commonweal.core.identity.actor import SYSTEM, Actor
from commonweal.core.journal.actions import record
from commonweal.knowledge.lake import events, projections, quality, sources
from commonweal.knowledge.lake.checking import Conformed, check_values, conform
from commonweal.knowledge.lake.contract import Contract
from commonweal.knowledge.lake.faults import Faults
from commonweal.knowledge.lake.models import Collection
from commonweal.knowledge.lake.shaping import aggregate, shape
from commonweal.knowledge.lake.store import QUARANTINE, Store

Progress = Callable[[str, int, int], None]
STAGES = 4


def collect(dataset_id: str, *, actor: Actor = SYSTEM, progress: Progress | None = None) -> Collection:
    """Fetch a declared dataset, hold it to the standard and replace its table in one commit.

    Safe to run again: unchanged rows make no new snapshot. All or nothing: when anything fails the table and its
    quarantine are as they were, the failure is recorded, and Refused says what to do.
    """
    contract = Contract.of(declared.current(), dataset_id)
    store = Store(settings.LAKE_ROOT)
    run = Collection.objects.create(dataset=dataset_id, started=clock.now())
    report = progress or (lambda what, done, total: None)
    try:
        with store.claim(dataset_id):
            return _collect(run, contract, store, actor, lambda done: report(dataset_id, done, STAGES))
    except Refused as refusal:
        _failed(run, actor, refusal.code, refusal.message)
        raise
    except Exception as problem:
        _failed(run, actor, "broken", f"{type(problem).__name__}: {problem}"[:1000])
        raise


def _collect(
    run: Collection, contract: Contract, store: Store, actor: Actor, stage: Callable[[int], None]
) -> Collection:
    stage(0)
    _close_interrupted(run)
    result, stored = prepare(contract)
    stage(2)
    run.read, run.rows, run.quarantined = result.read, len(stored), _rows_aside(result)
    run.content_hash = fingerprint(stored, contract)
    last = newest(contract.dataset.id)
    same = last is not None and last.content_hash == run.content_hash and last.quarantined == run.quarantined
    if same and last is not None and store.rows(contract.dataset.id, last.snapshot, limit=1) is not None:
        run.status, run.snapshot = Collection.Status.UNCHANGED, last.snapshot
        run.quarantine_snapshot = last.quarantine_snapshot
    else:
        noted = {"commonweal.hash": run.content_hash, "commonweal.collection": str(run.pk)}
        run.status = Collection.Status.DONE
        run.quarantine_snapshot = store.replace(contract.dataset.id, result.faults, noted, QUARANTINE)
        run.snapshot = store.replace(contract.dataset.id, stored, noted)
    stage(3)
    run.finished = clock.now()
    scores = quality.measure(result, stored, contract, run.finished.date(), run.finished.date())
    run.quality = {name: round(value, 4) for name, value in asdict(scores).items()}
    with transaction.atomic():
        run.save()
        record(
            actor,
            events.COLLECTED,
            f"dataset:{contract.dataset.id}",
            {
                "dataset": contract.dataset.id,
                "status": str(run.status),
                "rows": run.rows,
                "quarantined": run.quarantined,
                "snapshot": str(run.snapshot),
                "content_hash": run.content_hash,
            },
        )
    stage(STAGES)
    return run


def _close_interrupted(run: Collection) -> None:
    """The table is claimed, so an older run that still counts as running died; its table stayed as it was."""
    older = Collection.objects.filter(dataset=run.dataset, status=Collection.Status.RUNNING, pk__lt=run.pk)
    older.update(
        status=Collection.Status.FAILED, finished=clock.now(), note="The collector stopped before it had finished"
    )


def prepare(contract: Contract) -> tuple[Conformed, pa.Table]:
    """Read a dataset's source and hold it to its contract: what was found, and the rows to store, sorted by key."""
    source = contract.dataset.source
    if source is None or not sources.collectable(source):
        raise Refused(
            "no-source", f"Dataset {contract.dataset.id} declares no source that can be collected (source.type)"
        )
    if source.type == "journal":
        raw, broken = projections.rows(source.projection or contract.dataset.id), []
    else:
        published = sources.published(contract, settings.JURISDICTION)
        raw, broken = published.table, published.broken
    faults = Faults()
    faults.add_rows(broken)
    shaped, recoded = shape(raw, source, contract)
    result = conform(shaped, contract, unique=source.aggregate is None, faults=faults)
    stored = result.good
    if source.aggregate is not None:
        together = aggregate(stored, source.aggregate, contract)
        stored, _, _ = check_values(together, pa.array(range(1, len(together) + 1), pa.int64()), contract, faults)
    read, spelt = result.read + len(broken), result.spelt + recoded
    full = Conformed(stored, result.rows, faults.table(), read, spelt, result.repeated)
    return full, stored.sort_by([(key, "ascending") for key in contract.dataset.keys])


def newest(dataset_id: str) -> Collection | None:
    """The last collection that succeeded."""
    good = (Collection.Status.DONE, Collection.Status.UNCHANGED)
    return Collection.objects.filter(dataset=dataset_id, status__in=good).order_by("-id").first()


def fingerprint(stored: pa.Table, contract: Contract) -> str:
    """SHA-256 of the contract and of the rows in key order: the same content gives the same name."""
    digest = hashlib.sha256(contract.fingerprint.encode())
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, stored.schema) as writer:
        writer.write_table(stored.combine_chunks(), max_chunksize=1 << 16)
    digest.update(sink.getvalue())
    return digest.hexdigest()


def _rows_aside(result: Conformed) -> int:
    return int(pa.compute.count_distinct(result.faults.column("row")).as_py())


def _failed(run: Collection, actor: Actor, code: str, note: str) -> None:
    run.status, run.note, run.finished = Collection.Status.FAILED, note, clock.now()
    with transaction.atomic():
        run.save()
        record(actor, events.FAILED, f"dataset:{run.dataset}", {"dataset": run.dataset, "code": code, "note": note})
