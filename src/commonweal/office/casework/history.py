"""What happened to a case, told from the journal, so that the story and the record are one thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from commonweal.core import clock
from commonweal.core.identity import queries as identity
from commonweal.core.identity.actor import Actor, Seat
from commonweal.core.journal import queries as journal
from commonweal.core.journal.actions import record
from commonweal.core.journal.queries import Entry
from commonweal.core.pages import Page
from commonweal.office.casework import access, events
from commonweal.office.casework.listing import step_name
from commonweal.office.casework.models import Attachment, Case
from commonweal.office.casework.showing import organisation_name, plain
from commonweal.office.casework.views import HistoryRow
from commonweal.register import ServiceBundle

READS = frozenset({events.CASE_VIEWED, events.FILE_READ})
"""Told under "who used my data", not in the story of the case."""


def story(
    case: Case, bundle: ServiceBundle, *, for_staff: bool, cursor: str | None = None, limit: int = 50
) -> Page[HistoryRow]:
    """The events of a case, the newest first. The applicant sees posts; officials see who sat in them."""
    page = journal.history(f"case:{case.ref}", cursor, limit)
    told = [entry for entry in page.rows if entry.type not in READS]
    names = identity.names(_reference(entry) for entry in told if entry.actor.startswith("staff:")) if for_staff else {}
    return Page(tuple(_row(entry, bundle, names) for entry in told), page.next)


def _row(entry: Entry, bundle: ServiceBundle, names: dict[str, str]) -> HistoryRow:
    data = entry.data
    step, post = data.get("step"), data.get("post")
    organisation = data.get("organisation") or data.get("provider")
    personal = entry.personal or {}
    return HistoryRow(
        event=str(entry.id),
        code=entry.type.split(".")[1],
        at=entry.time,
        params=data,
        by=names.get(_reference(entry), ""),
        by_kind=entry.actor.partition(":")[0],  # type: ignore[arg-type]
        step=step,
        step_name=step_name(bundle, step) if step else None,
        organisation_name=organisation_name(bundle, organisation) if organisation else None,
        post_name=(bundle.posts[post].name if post in bundle.posts else plain(bundle, post)) if post else None,
        act=data.get("act"),
        note=str(personal.get("note") or personal.get("message") or personal.get("reason") or ""),
        revision=data.get("revision"),
    )


def _reference(entry: Entry) -> str:
    return entry.actor.partition(":")[2]


def note_read(actor: Actor, case: Case) -> None:
    """Journal that an official reads a person's case: once for each official, case and day."""
    if not actor.is_staff or _told_today(actor, case):
        return
    data = {"case": case.ref, "service": case.service, **seated(access.seat_in(actor, case))}
    with transaction.atomic():
        record(actor, events.CASE_VIEWED, f"case:{case.ref}", data, about=[case.application.person_id])


@transaction.atomic
def note_file_read(actor: Actor, case: Case, attachment: Attachment) -> None:
    """Journal that an official opens a file of a person."""
    seat = access.seat_in(actor, case)
    record(
        actor,
        events.FILE_READ,
        f"case:{case.ref}",
        {
            "case": case.ref, "service": case.service, "attachment": attachment.ref, "key": attachment.key,
            **seated(seat),
        },
        about=[case.application.person_id],
    )  # fmt: skip


def seated(seat: Seat | None) -> dict[str, Any]:
    """The capacity in which an official acts, as events tell it."""
    if seat is None:
        return {"organisation": "", "post": "", "region": ""}
    return {"organisation": seat.organisation, "post": seat.post, "region": seat.region}


def _told_today(actor: Actor, case: Case) -> bool:
    start = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    page: Sequence[Any] = journal.events(None, f"case:{case.ref}", events.CASE_VIEWED, journal.LIMIT).rows
    return any(event.actor == actor.label and event.time >= start for event in page)
