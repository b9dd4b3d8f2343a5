"""Who looked at data that are not open: once a person, dataset and day, so that the journal can still be read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from functools import lru_cache

from django.db import transaction

from commonweal.core import clock, locks
from commonweal.core.declared import queries as declared
from commonweal.core.identity.actor import Actor
from commonweal.core.journal.actions import record
from commonweal.core.journal.models import Event

LOOKED = "insight.looked.v1"
"""Somebody explored a dataset that is not open, for the first time that day (UTC). Data: dataset, day."""


def looked(actor: Actor | None, datasets: Iterable[str]) -> None:
    """Note that the actor explored these datasets. What is open is nobody's business; the platform is nobody."""
    if actor is None or actor.kind == "system":
        return
    known = declared.current().datasets
    today = clock.now().astimezone(UTC).date()
    for name in sorted(set(datasets)):
        if name in known and known[name].access != "open":
            _once(actor, name, today)


def _once(actor: Actor, dataset: str, day: date) -> None:
    key = (actor.label, dataset, day)
    if key in _told():
        return
    if not _stands(*key):
        with transaction.atomic():
            locks.hold(f"looked:{actor.label}:{dataset}")
            if not _stands(*key):
                record(actor, LOOKED, f"dataset:{dataset}", {"dataset": dataset, "day": day.isoformat()})
    told = _told()
    if len(told) > 20_000:
        told.clear()
    told.add(key)


def _stands(label: str, dataset: str, day: date) -> bool:
    since = datetime.combine(day, time.min, UTC)
    return Event.objects.filter(subject=f"dataset:{dataset}", type=LOOKED, actor=label, time__gte=since).exists()


@lru_cache(maxsize=1)
def _told() -> set[tuple[str, str, date]]:
    """What this process knows to be in the journal."""
    return set()
