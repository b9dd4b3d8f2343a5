"""Reading the record: what the office did, told as facts about cases and steps, without anybody's name.

The lake knows the office only by its events' names and fields. Events are read in order and in batches; the place
reached is stored in the transaction that stores what was read, so each event counts once however often this runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from commonweal.core.journal import queries as journal
from commonweal.core.journal.actions import sequence
from commonweal.core.journal.models import Event
from commonweal.knowledge.lake.models import CaseFact, Reading, StepFact
from commonweal.register.calendars import WorkingCalendar

READER = "office"
BATCH = 2000

OPENED = "casework.case-opened.v1"
DECIDED = "casework.step-decided.v1"
CLOSED = "casework.case-closed.v1"
SENT_BACK = ("return", "request-information")


def read_record(calendar: WorkingCalendar) -> int:
    """Take in every event that has its place in the journal and was not yet read. Returns how many were read."""
    sequence()
    total = 0
    while True:
        with transaction.atomic():
            reading, _ = Reading.objects.select_for_update().get_or_create(name=READER)
            batch = journal.since(reading.seq, BATCH)
            if not batch:
                return total
            Digest(calendar).take(batch)
            reading.seq = (batch[-1].seq or 0) + 1
            reading.save()
        total += len(batch)


class Digest:
    """The facts one batch of events adds or changes, written together at its end."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.calendar = calendar
        self.cases: dict[str, CaseFact] = {}
        self.turns: dict[tuple[str, str], int] = {}
        self.steps: list[StepFact] = []
        self.handlers: dict[str, Callable[[Event], None]] = {
            OPENED: self._opened,
            DECIDED: self._decided,
            CLOSED: self._closed,
        }

    def take(self, batch: Iterable[Event]) -> None:
        """Read a batch in order and store what it says."""
        told = [event for event in batch if event.type in self.handlers]
        refs = {_case(event) for event in told}
        self.cases = {fact.case: fact for fact in CaseFact.objects.filter(case__in=refs)}
        known = set(self.cases)
        for row in StepFact.objects.filter(case__in=refs).values("case", "step", "turn"):
            key = (row["case"], row["step"])
            self.turns[key] = max(self.turns.get(key, 0), row["turn"])
        for event in told:
            self.handlers[event.type](event)
        CaseFact.objects.bulk_create([f for f in self.cases.values() if f.case not in known], batch_size=500)
        changed = ["closed", "outcome", "returned", "working_days", "overdue", "due"]
        CaseFact.objects.bulk_update([f for f in self.cases.values() if f.case in known], changed, batch_size=200)
        StepFact.objects.bulk_create(self.steps, batch_size=500)

    def _opened(self, event: Event) -> None:
        data, ref = event.data, _case(event)
        if ref in self.cases:
            return
        self.cases[ref] = CaseFact(
            case=ref,
            service=data.get("service", ""),
            organisation=data.get("organisation", ""),
            region=data.get("region") or "",
            opened=_moment(data.get("opened")) or event.time,
            due=_moment(data.get("due")),
        )

    def _decided(self, event: Event) -> None:
        data, ref = event.data, _case(event)
        step, fact = str(data.get("step", "")), self.cases.get(ref)
        decided = _moment(data.get("at")) or event.time
        since, due = _moment(data.get("since")) or (fact.opened if fact else decided), _moment(data.get("due"))
        turn = self.turns[(ref, step)] = self.turns.get((ref, step), 0) + 1
        outcome = str(data.get("outcome") or data.get("act") or "")
        self.steps.append(
            StepFact(
                case=ref,
                step=step,
                turn=turn,
                service=data.get("service") or (fact.service if fact else ""),
                organisation=data.get("organisation", ""),
                post=data.get("post", ""),
                region=data.get("place") or (fact.region if fact else "") or data.get("region", ""),
                opened=since,
                decided=decided,
                outcome=outcome,
                working_days=self._worked(data, since, decided),
                overdue=bool(data.get("overdue")) or (due is not None and decided > due),
            )
        )
        if fact is not None and (data.get("act") in SENT_BACK or outcome in SENT_BACK):
            fact.returned = True

    def _closed(self, event: Event) -> None:
        data, fact = event.data, self.cases.get(_case(event))
        if fact is None:
            return
        fact.closed = _moment(data.get("at")) or event.time
        fact.outcome = str(data.get("outcome", ""))
        fact.due = _moment(data.get("due")) or fact.due
        fact.working_days = self._worked(data, fact.opened, fact.closed)
        fact.overdue = bool(data.get("overdue")) or (fact.due is not None and fact.closed > fact.due)

    def _worked(self, data: dict[str, Any], start: datetime, end: datetime) -> float:
        """Working days as the office counted them, else by the calendar."""
        told = data.get("working_days")
        if isinstance(told, int | float) and not isinstance(told, bool):
            return float(told)
        return float(self.calendar.working_days_between(start, end))


def _case(event: Event) -> str:
    return str(event.data.get("case") or event.subject.partition(":")[2])


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
