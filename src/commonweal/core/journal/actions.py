"""Writing the journal: record an act, give committed acts their places, forget personal data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from commonweal.core import clock, ids
from commonweal.core.errors import Refused
from commonweal.core.journal import rows
from commonweal.core.journal.canonical import leaf_bytes, plain
from commonweal.core.journal.events import PERSONAL_ERASED
from commonweal.core.journal.merkle import leaf_hash
from commonweal.core.journal.models import Event, EventAbout, PersonalData, PersonalKey
from commonweal.core.journal.personal import Sealed, keep
from commonweal.core.journal.ports import Acting
from commonweal.core.journal.sequencing import SEAL, sequence
from commonweal.core.trust import keys

__all__ = ["Act", "erase_personal", "record", "record_many", "sequence"]

_TYPE = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*\.v[1-9][0-9]*")
_SUBJECT = re.compile(r"[a-z][a-z-]*:\S{1,100}")
ABOUT_LIMIT = 50
"""More persons than this in one act is a batch job; it records one event for each part."""


@dataclass(frozen=True, slots=True)
class Act:
    """One event to be recorded; see `record` for what its parts mean."""

    type: str
    subject: str
    data: Mapping[str, Any]
    personal: Mapping[str, Any] | None = None
    about: Iterable[str] = ()


def record(
    actor: Acting,
    type: str,
    subject: str,
    data: Mapping[str, Any],
    *,
    personal: Mapping[str, Any] | None = None,
    about: Iterable[str] = (),
) -> Event:
    """Add one event to the journal, in the transaction that does the act.

    `type` reads `room.what-happened.v1`, `subject` reads `kind:reference`. `data` holds no personal data; what is
    personal goes into `personal`, which can be erased later. `about` are the references of the persons whose data
    the act touched; each sees it under "who used my data".
    Raises RuntimeError outside a transaction, ValueError for what cannot be recorded.
    """
    return record_many(actor, [Act(type, subject, data, personal, about)])[0]


def record_many(actor: Acting, acts: Sequence[Act]) -> list[Event]:
    """Add several events of one act at once: as `record`, in one to four round trips however many they are."""
    if not connection.in_atomic_block:
        raise RuntimeError("an event is recorded inside the transaction of its act")
    made = [_make(actor, act) for act in acts]
    events = [event for event, _ in made]
    rows.add(events)
    rows.add([EventAbout(event=event, person=ref) for event in events for ref in event.about.split()])
    keep([(event, sealed) for event, sealed in made if sealed])
    return events


def _make(actor: Acting, act: Act) -> tuple[Event, Sealed | None]:
    """The row of an event, sealed so that nobody without the key can make or change one."""
    if not _TYPE.fullmatch(act.type):
        raise ValueError(f"event type {act.type!r} does not read room.what-happened.v1")
    if not _SUBJECT.fullmatch(act.subject):
        raise ValueError(f"event subject {act.subject!r} does not read kind:reference")
    sealed = Sealed(act.personal) if act.personal else None
    now = clock.now()
    event = Event(
        id=ids.uuid7(now),
        type=act.type,
        source=f"//{settings.ORIGIN}",
        subject=act.subject,
        actor=actor.label,
        time=now,
        data=plain(_with_behalf(actor, act.data)),
        about=" ".join(_persons(act.about)),
        personal_digest=sealed.digest if sealed else "",
    )
    event.seal = keys.seal(SEAL, leaf_hash(leaf_bytes(event)))
    return event, sealed


def _with_behalf(actor: Acting, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event's data; when the actor acts for another, for whom and under which mandate is in it."""
    behalf = getattr(actor, "on_behalf_of", None)
    if behalf is None:
        return data
    return {**data, "on_behalf_of": {"person": behalf.person, "mandate": behalf.mandate}}


def _persons(about: Iterable[str]) -> list[str]:
    if isinstance(about, str):
        raise ValueError("about takes several references, not one text")
    persons = sorted(set(about))
    if len(persons) > ABOUT_LIMIT:
        raise ValueError(f"an event is about at most {ABOUT_LIMIT} persons; record one event for each part")
    if any(not ref or len(ref) > 16 or any(c.isspace() for c in ref) for ref in persons):
        raise ValueError("about takes references of persons, such as P-7KQ2M9XB")
    return persons


@transaction.atomic
def erase_personal(actor: Acting, event_id: UUID, reason: str) -> Event:
    """Forget the personal data of one event for good; the event, and the proof of it, stay.

    Records `journal.personal-erased.v1` with the reason. Raises Refused `nothing-to-erase` when there is none.
    """
    if not reason.strip():
        raise ValueError("erasing personal data takes a reason")
    gone = PersonalData.objects.filter(event_id=event_id).delete()[0]
    PersonalKey.objects.filter(event_id=event_id).delete()
    if not gone:
        raise Refused("nothing-to-erase", "This event has no personal data, or it has been erased already")
    return record(actor, PERSONAL_ERASED, f"event:{event_id}", {"reason": reason})
