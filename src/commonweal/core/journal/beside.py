"""Verifying what is kept beside the events: whose data they touched, and the personal data itself."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from commonweal.core.journal.events import PERSONAL_ERASED
from commonweal.core.journal.models import Event, EventAbout, PersonalData, PersonalKey
from commonweal.core.journal.personal import reveal
from commonweal.core.journal.report import Report


def check(events: Sequence[Event], report: Report) -> None:
    """Hold the rows beside some events against what the events, which the tree covers, say of them."""
    _persons(events, report)
    _personal(events, report)


def _persons(events: Sequence[Event], report: Report) -> None:
    """Rows of `about` are an index; the event's own `about` is what was sealed."""
    rows: dict[UUID, set[str]] = {}
    for event_id, person in EventAbout.objects.filter(event__in=_ids(events)).values_list("event_id", "person"):
        rows.setdefault(event_id, set()).add(person)
    for event in events:
        if rows.get(event.id, set()) != set(event.about.split()):
            message = f"who event {event.id} is about was changed beside it"
            report.add("persons-changed", message, event.id, event.seq)


def _personal(events: Sequence[Event], report: Report) -> None:
    """Personal data is what the event committed to, or its erasure is in the journal."""
    held = {row.event_id: row for row in PersonalData.objects.filter(event__in=_ids(events))}
    opened = {row.event_id: row for row in PersonalKey.objects.filter(event__in=_ids(events))}
    missing = []
    for event in events:
        data, key = held.get(event.id), opened.get(event.id)
        if data is None or key is None:
            if event.personal_digest or data or key:
                missing.append(event)
            continue
        try:
            reveal(event, data, key)
        except ValueError as problem:
            report.add("personal-changed", f"event {event.id}: {problem}", event.id, event.seq)
    if missing:
        _erasures(missing, report)


def _erasures(missing: Sequence[Event], report: Report) -> None:
    subjects = [f"event:{event.id}" for event in missing]
    erased = set(Event.objects.filter(type=PERSONAL_ERASED, subject__in=subjects).values_list("subject", flat=True))
    for event in missing:
        if f"event:{event.id}" not in erased:
            message = f"the personal data of event {event.id} is gone and no erasure was recorded"
            report.add("personal-removed", message, event.id, event.seq)


def _ids(events: Sequence[Event]) -> list[UUID]:
    return [event.id for event in events]
