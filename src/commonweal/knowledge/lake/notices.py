"""Telling a publisher that its data need mending: opened once, kept up to date, closed by a clean collection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Refused
from commonweal.core.identity.actor import SYSTEM, Actor
from commonweal.core.journal.actions import record
from commonweal.knowledge.lake import events
from commonweal.knowledge.lake.ageing import timeliness
from commonweal.knowledge.lake.judging import judge
from commonweal.knowledge.lake.models import Collection, Notice
from commonweal.register.models import Dataset

AFTER_COLLECTING = ("quarantine", "quality", "overdue", "failed")


def collected(actor: Actor, dataset: Dataset, run: Collection, last: Collection | None) -> None:
    """Open, renew and close notices after a collection that went well. Inside its transaction."""
    fall = Notice.objects.filter(dataset=dataset.id, reason="quality", closed=None).first()
    told = judge(run.quarantined, run.read, run.quality, last.quality if last else {}, fall.detail if fall else {})
    for reason in AFTER_COLLECTING:
        if reason in told.reasons:
            _open(actor, dataset, reason, told.reasons[reason], run)
        else:
            _close(actor, dataset.id, reason, run)


def failed(actor: Actor, dataset: Dataset, run: Collection, code: str) -> None:
    """Open a notice after a collection that did not come about. Inside a transaction."""
    _open(actor, dataset, "failed", {"code": code, "note": run.note}, run)


def mark_overdue(moment: datetime | None = None, actor: Actor = SYSTEM) -> int:
    """Tell publishers whose data are older than their rhythm allows; returns how many notices were opened."""
    moment = moment or clock.now()
    try:
        register = declared.current()
    except Refused:
        return 0
    from commonweal.knowledge.lake.queries import newest_collections

    opened = 0
    for name, run in newest_collections(list(register.datasets)).items():
        dataset = register.datasets[name]
        finished = run.finished or run.started
        if timeliness(dataset.rhythm, finished.date(), moment.date()) < 1:
            with transaction.atomic():
                opened += _open(actor, dataset, "overdue", {"since": finished.date().isoformat()}, run)
    return opened


def _open(actor: Actor, dataset: Dataset, reason: str, detail: Mapping[str, Any], run: Collection) -> bool:
    """Open a notice, or bring the open one up to date; only the first is an event."""
    values = {"organisation": dataset.publisher, "detail": dict(detail), "collection": run.pk}
    opened = {"opened": clock.now()}
    notice, new = Notice.objects.update_or_create(
        dataset=dataset.id, reason=reason, closed=None, defaults=values, create_defaults={**values, **opened}
    )
    if new:
        told = {"dataset": dataset.id, "organisation": dataset.publisher, "reason": reason, "collection": str(run.pk)}
        record(actor, events.NOTICE_OPENED, f"dataset:{dataset.id}", told | {"notice": str(notice.pk)})
    return new


def _close(actor: Actor, dataset: str, reason: str, run: Collection) -> None:
    for notice in Notice.objects.filter(dataset=dataset, reason=reason, closed=None):
        notice.closed = clock.now()
        notice.save(update_fields=["closed"])
        told = {"dataset": dataset, "organisation": notice.organisation, "reason": reason, "collection": str(run.pk)}
        record(actor, events.NOTICE_CLOSED, f"dataset:{dataset}", told | {"notice": str(notice.pk)})
