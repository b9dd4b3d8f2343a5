"""Writing the journal: record an act, give committed acts their places, forget personal data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from commonweal.core import clock, ids
from commonweal.core.errors import Refused
from commonweal.core.journal.canonical import leaf_bytes, plain
from commonweal.core.journal.events import PERSONAL_ERASED
from commonweal.core.journal.merkle import leaf_hash
from commonweal.core.journal.models import Event, EventAbout, PersonalData, PersonalKey
from commonweal.core.journal.personal import Sealed
from commonweal.core.journal.ports import Acting
from commonweal.core.journal.sequencing import SEAL, sequence
from commonweal.core.trust import keys

__all__ = ["erase_personal", "record", "sequence"]

_TYPE = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*\.v[1-9][0-9]*")
_SUBJECT = re.compile(r"[a-z][a-z-]*:\S{1,100}")
ABOUT_LIMIT = 50
"""More persons than this in one act is a batch job; it records one event for each part."""


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
    if not connection.in_atomic_block:
        raise RuntimeError("an event is recorded inside the transaction of its act")
    if not _TYPE.fullmatch(type):
        raise ValueError(f"event type {type!r} does not read room.what-happened.v1")
    if not _SUBJECT.fullmatch(subject):
        raise ValueError(f"event subject {subject!r} does not read kind:reference")
    persons = _persons(about)
    sealed = Sealed(personal) if personal else None
    now = clock.now()
    event = Event(
        id=ids.uuid7(now),
        type=type,
        source=f"//{settings.ORIGIN}",
        subject=subject,
        actor=actor.label,
        time=now,
        data=plain(data),
        about=" ".join(persons),
        personal_digest=sealed.digest if sealed else "",
    )
    event.seal = keys.seal(SEAL, leaf_hash(leaf_bytes(event)))
    event.save()
    if persons:
        EventAbout.objects.bulk_create(EventAbout(event=event, person=ref) for ref in persons)
    if sealed:
        sealed.keep(event)
    return event


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
