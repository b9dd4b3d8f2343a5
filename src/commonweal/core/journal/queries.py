"""Reading the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from commonweal.core import pages
from commonweal.core.errors import Invalid, NotAllowed
from commonweal.core.journal import checkpoints
from commonweal.core.journal.merkle import coordinates, gather, inclusion_ranges
from commonweal.core.journal.models import Checkpoint, Cosignature, Event, EventAbout, PersonalData
from commonweal.core.journal.personal import reveal_all
from commonweal.core.journal.proofs import Proof, receipt_json
from commonweal.core.journal.sequencing import fetch_nodes
from commonweal.core.pages import Page
from commonweal.core.trust import notes

LIMIT = 500
"""The most rows of one page."""


def events(
    cursor: str | None = None, subject: str | None = None, type_prefix: str | None = None, limit: int = 50
) -> Page[Event]:
    """Events, newest first: of one subject (`case:C-…`), of types that begin with a prefix, or all.

    Raises Invalid for a cursor that was not made here.
    """
    rows: QuerySet[Event] = Event.objects.all()
    if subject is not None:
        rows = rows.filter(subject=_clean(subject))
    if type_prefix is not None:
        rows = rows.filter(type__startswith=_clean(type_prefix))
    if cursor is not None:
        rows = rows.filter(id__lt=_position(cursor))
    limit = max(1, min(limit, LIMIT))
    return pages.page(list(rows.order_by("-id")[: limit + 1]), limit, lambda event: (str(event.id),))


@dataclass(frozen=True, slots=True)
class Entry:
    """One event with the personal data kept beside it; None when there is none or it has been erased."""

    id: UUID
    seq: int | None
    type: str
    subject: str
    actor: str
    time: datetime
    data: Mapping[str, Any]
    personal: Mapping[str, Any] | None


def history(subjects: str | Sequence[str], cursor: str | None = None, limit: int = 50) -> Page[Entry]:
    """What happened to a subject, or to several as one story, newest first, with the personal data revealed.

    The room that calls has authorised the read. Raises Invalid for a foreign cursor.
    """
    wanted = [subjects] if isinstance(subjects, str) else list(subjects)
    rows: QuerySet[Event] = Event.objects.filter(subject__in=wanted)
    if cursor is not None:
        rows = rows.filter(id__lt=_position(cursor))
    limit = max(1, min(limit, LIMIT))
    page = pages.page(list(rows.order_by("-id")[: limit + 1]), limit, lambda event: (str(event.id),))
    revealed = reveal_all(page.rows)
    return page.map(lambda event: _entry(event, revealed.get(event.id)))


def about_person(ref: str, cursor: str | None = None, limit: int = 50, type_prefix: str | None = None) -> Page[Event]:
    """Who used this person's data: the events about `ref`, newest first. Raises Invalid for a foreign cursor."""
    rows = EventAbout.objects.filter(person=ref).select_related("event")
    if type_prefix is not None:
        rows = rows.filter(event__type__startswith=_clean(type_prefix))
    if cursor is not None:
        rows = rows.filter(event_id__lt=_position(cursor))
    limit = max(1, min(limit, LIMIT))
    found = [row.event for row in rows.order_by("-event_id")[: limit + 1]]
    return pages.page(found, limit, lambda event: (str(event.id),))


def since(seq: int, limit: int = 1000) -> list[Event]:
    """Events from place `seq` on (0 is the first), in order, up to `limit`; the next call starts at the last + 1.

    Places have no gaps and never change, so a reader that remembers where it stopped misses nothing.
    """
    return list(Event.objects.filter(seq__gte=seq).order_by("seq")[:limit])


def event(event_id: UUID | str) -> Event:
    """One event by its id. Raises NotAllowed `no-such-event`."""
    try:
        return Event.objects.get(pk=UUID(str(event_id)))
    except (Event.DoesNotExist, ValueError):
        raise NotAllowed("no-such-event", "There is no such event in the journal") from None


def checkpoint() -> Checkpoint | None:
    """The newest signed checkpoint: size, note (C2SP text) and time; None before the first."""
    return Checkpoint.objects.order_by("-size").first()


def with_personal(subject: str) -> list[UUID]:
    """The events about a subject that still have personal data beside them. For the room whose subject it is."""
    rows = PersonalData.objects.filter(event__subject=_clean(subject))
    return list(rows.order_by("event_id").values_list("event_id", flat=True))


def cosignatures(size: int) -> list[str]:
    """The lines that witnesses signed below the checkpoint of that size."""
    return list(Cosignature.objects.filter(size=size).order_by("id").values_list("line", flat=True))


def size() -> int:
    """How many events the newest signed checkpoint covers."""
    return Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0


def proof(event_id: UUID | str) -> Proof | None:
    """That an event is in the journal, against the newest checkpoint; None while it waits for its place.

    All nodes of the path come from one query. Raises NotAllowed `no-such-event`.
    """
    wanted = event(event_id)
    newest = checkpoint()
    if wanted.seq is None or newest is None or wanted.seq >= newest.size:
        return None
    ranges = inclusion_ranges(wanted.seq, newest.size)
    nodes = fetch_nodes(coordinates(ranges) | {(0, wanted.seq)})
    signer = _signer(newest.note)
    return Proof(
        leaf=nodes[(0, wanted.seq)],
        index=wanted.seq,
        size=newest.size,
        path=tuple(gather(ranges, nodes)),
        checkpoint=newest.note,
        key=str(signer),
    )


def receipt(event_id: UUID | str) -> str | None:
    """The receipt file of an event: the event without personal data, and its proof; None while it waits.

    Raises NotAllowed `no-such-event`.
    """
    found = proof(event_id)
    return receipt_json(found, event(event_id)) if found else None


def personal(event: Event) -> dict[str, Any] | None:
    """The personal data kept beside an event; None when there is none or it has been erased.

    The caller has authorised the read and records it. Raises ValueError when the data was tampered with.
    """
    return reveal_all([event]).get(event.id)


def _clean(typed: str) -> str:
    """What a reader typed, without the one character PostgreSQL refuses; no event has it either."""
    return typed.replace("\x00", "")


def _entry(event: Event, personal: Mapping[str, Any] | None) -> Entry:
    return Entry(event.id, event.seq, event.type, event.subject, event.actor, event.time, event.data, personal)


def _signer(note: str) -> notes.Verifier:
    """The key that signed a checkpoint of ours. Raises BadNote when none did."""
    for verifier in checkpoints.verifiers()[::-1]:
        try:
            checkpoints.read(note, verifier)
        except notes.BadNote:
            continue
        return verifier
    raise notes.BadNote("no key of this deployment has signed the newest checkpoint; run: commonweal journal verify")


def _position(cursor: str) -> UUID:
    (text,) = pages.decode(cursor, 1)
    try:
        return UUID(str(text))
    except ValueError:
        raise Invalid({"cursor": "Start again from the first page"}) from None
