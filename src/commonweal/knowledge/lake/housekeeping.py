"""One table's housekeeping: its small files put together, its old snapshots let go, the record told."""

from __future__ import annotations

from collections.abc import Collection as Some

from django.db import transaction

from commonweal.core import clock
from commonweal.core.identity.actor import SYSTEM, Actor
from commonweal.core.journal.actions import record
from commonweal.knowledge.lake import events
from commonweal.knowledge.lake.models import Collection
from commonweal.knowledge.lake.queries import newest_collections
from commonweal.knowledge.lake.store import QUARANTINE, Store, opened
from commonweal.knowledge.lake.upkeep import Upkeep, compact, expire


def keep(dataset_id: str, cited: Some[int] = (), *, actor: Actor = SYSTEM, store: Store | None = None) -> Upkeep | None:
    """Compact a dataset's table and expire its snapshots but those `cited` and the one readers see.

    Safe to run again and to be killed: readers follow the snapshot the newest collection names, and it is moved in
    one transaction after the compacted rows stand. Returns what was done, None where nothing had to be.
    """
    store = store or opened()
    moved = None
    with store.claim(dataset_id):
        run = newest_collections([dataset_id]).get(dataset_id)
        if run is None or run.snapshot is None:
            return None
        moved = compact(store, dataset_id)
        if moved is not None:
            Collection.objects.filter(pk=run.pk).update(snapshot=moved)
    shown = moved or run.snapshot
    done = expire(store, dataset_id, clock.now(), cited={*cited, shown})
    if run.quarantine_snapshot is not None:
        expire(store, dataset_id, clock.now(), cited={run.quarantine_snapshot}, namespace=QUARANTINE)
    if moved is None and not done.snapshots_expired:
        return None
    told = {"dataset": dataset_id, "snapshot": str(shown), "expired": done.snapshots_expired}
    with transaction.atomic():
        record(actor, events.KEPT, f"dataset:{dataset_id}", told | {"files_removed": done.files_removed})
    return done
