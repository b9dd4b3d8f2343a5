"""Forgetting what the law no longer lets us keep: answers, evidence, files and personal data of cases long closed.

How long is declared with the service the case was worked under (`retention`). What stays is the record that the case
was there, what became of it, what was paid, the certificates issued (a register of their own, in which each can be
looked up and revoked), and the proof of every act: the tree covers commitments to personal data, never the data.
A legal hold keeps a case for a stated reason until it is lifted.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from commonweal.core import clock, locks, pages
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid, NotAllowed, Refused, Stale
from commonweal.core.identity.actor import SYSTEM, Actor
from commonweal.core.journal.actions import erase_personal, record
from commonweal.core.journal.queries import with_personal
from commonweal.core.pages import Page
from commonweal.office.casework import events, files
from commonweal.office.casework.models import Application, Attachment, Case, Output, Task
from commonweal.office.casework.showing import law
from commonweal.office.casework.views import LawView
from commonweal.office.signing.forgetting import forget
from commonweal.register import durations
from commonweal.register.models import Text

BATCH = 100
REASON_LENGTH = (10, 1_000)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """One closed case and how long it is kept. `until` is the last day; None where the service does not say."""

    case: str
    service: str
    service_name: Text
    closed: date
    until: date | None
    law: LawView | None
    held: str
    forgotten: datetime | None


def kept_until(case: Case) -> date | None:
    """The last day on which what a closed case holds is kept; None while it is open or its service says nothing.

    A certificate that ends later keeps its case; one that never ends keeps only what it states.
    """
    if case.closed_at is None:
        return None
    retention = declared.version(case.version).bundle.service.retention
    if retention is None:
        return None
    last = durations.add(case.closed_at.date(), retention)
    ends = Output.objects.filter(case=case).values_list("valid_until", flat=True)
    return max([last, *(each.date() for each in ends if each is not None)])


def forget_due() -> int:
    """Forget every case whose time has passed; how many were forgotten. A duty of the worker.

    Each case is a transaction of its own; one that cannot be forgotten is logged and does not hold up the others.
    """
    done = 0
    for pk in _closed():
        try:
            done += _one(pk)
        except Refused:
            log.exception("case %s could not be forgotten", pk)
    return done


def _closed() -> Iterator[int]:
    seen = 0
    while True:
        rows = Case.objects.filter(pk__gt=seen, status=Case.CLOSED, forgotten_at=None, held_for="")
        found = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not found:
            return
        yield from found
        seen = found[-1]


@transaction.atomic
def _one(pk: int) -> bool:
    case = Case.objects.select_for_update(of=("self",)).select_related("application").get(pk=pk)
    until = kept_until(case)
    if until is None or until >= clock.now().date() or case.held_for or case.forgotten_at is not None:
        return False
    now, application = clock.now(), case.application
    erased = _erase(f"case:{case.ref}", case)
    case.evidence, case.forgotten_at = [], now
    case.save(update_fields=["evidence", "forgotten_at"])
    Output.objects.filter(case=case, valid_until__isnull=False).update(data={})
    others = Case.objects.filter(application=application).exclude(pk=pk)
    removed = documents = 0
    if not others.filter(forgotten_at=None).exists():
        removed = remove_files(application)
        erased += _erase(f"application:{application.ref}", case)
        signed = forget(f"application:{application.ref}")
        documents, erased = signed.documents, erased + _erase_events(signed.events, case)
        application.answers = {}
        application.save(update_fields=["answers"])
    service = declared.version(case.version).bundle.service
    data = {
        "case": case.ref, "service": case.service, "closed": str(case.closed_at), "retention": service.retention,
        "legal": service.retention_legal, "kept_until": until.isoformat(), "files": removed, "documents": documents,
        "personal": erased,
    }  # fmt: skip
    record(SYSTEM, events.CASE_FORGOTTEN, f"case:{case.ref}", data, about=[application.person_id])
    return True


def _erase(subject: str, case: Case) -> int:
    return _erase_events(with_personal(subject), case)


def _erase_events(found: Sequence[UUID], case: Case) -> int:
    reason = f"kept as long as {case.service} declares"
    for event in found:
        erase_personal(SYSTEM, event, reason)
    return len(found)


def remove_files(application: Application) -> int:
    """Remove an application's files; their bytes too, once committed, where no other application has the same."""
    gone = list(application.attachments.values_list("sha256", flat=True))
    application.attachments.all().delete()
    transaction.on_commit(lambda: _unlink(gone))
    return len(gone)


def _unlink(gone: Sequence[str]) -> None:
    """One lock for each file, which `attach` takes too: nobody loses what they are just handing in."""
    for sha256 in sorted(set(gone)):
        with transaction.atomic():
            locks.hold(f"file:{sha256}")
            if not Attachment.objects.filter(sha256=sha256).exists():
                files.place(sha256).unlink(missing_ok=True)


@transaction.atomic
def hold(actor: Actor, ref: str, reason: str) -> Case:
    """Keep a case beyond its time, for a reason such as a lawsuit. For officials of its offices who supervise.

    Raises NotAllowed, Invalid (`reason`), Stale when it is held or was forgotten.
    """
    case = _supervised(actor, ref)
    reason = reason.strip()
    if not REASON_LENGTH[0] <= len(reason) <= REASON_LENGTH[1]:
        raise Invalid({"reason": "Say why, in a sentence or two"})
    if case.held_for or case.forgotten_at is not None:
        raise Stale("held", "This case is held already, or was forgotten")
    case.held_for = reason
    case.save(update_fields=["held_for"])
    record(actor, events.CASE_HELD, f"case:{case.ref}", {"case": case.ref}, personal={"reason": reason})
    return case


@transaction.atomic
def release(actor: Actor, ref: str) -> Case:
    """Lift a hold; from then on the declared time counts again. Raises NotAllowed, Stale when it is not held."""
    case = _supervised(actor, ref)
    if not case.held_for:
        raise Stale("held", "This case is not held")
    case.held_for = ""
    case.save(update_fields=["held_for"])
    record(actor, events.CASE_RELEASED, f"case:{case.ref}", {"case": case.ref})
    return case


def retention(actor: Actor, cursor: str | None = None, *, limit: int = 50) -> Page[Kept]:
    """The closed cases of the actor's offices and how long each is kept, what was closed first at the top."""
    must_supervise(actor)
    rows = _of_offices(actor).filter(status=Case.CLOSED)
    if cursor:
        (position,) = pages.decode(cursor, 1)
        if isinstance(position, bool) or not isinstance(position, int):
            raise Invalid({"cursor": "Start again from the first page"})
        rows = rows.filter(pk__gt=position)
    limit = max(1, min(limit, 200))
    page = pages.page(list(rows.order_by("pk")[: limit + 1]), limit, lambda case: (case.pk,))
    return page.map(_row)


def supervises(actor: Actor) -> bool:
    """Whether one of the actor's posts supervises."""
    posts = declared.current().posts
    return actor.is_staff and any(s.post in posts and posts[s.post].supervises for s in actor.posts)


def must_supervise(actor: Actor) -> None:
    """Raises NotAllowed unless `supervises`."""
    if not supervises(actor):
        raise NotAllowed("not-found", "This page belongs to who supervises an office")


def _of_offices(actor: Actor) -> QuerySet[Case]:
    """The cases that came before an office which the actor supervises, in whichever branch."""
    posts = declared.current().posts
    offices = {seat.organisation for seat in actor.posts if seat.post in posts and posts[seat.post].supervises}
    return Case.objects.filter(Exists(Task.objects.filter(organisation__in=offices, case=OuterRef("pk"))))


def _row(case: Case) -> Kept:
    assert case.closed_at is not None
    bundle = declared.version(case.version).bundle
    return Kept(
        case.ref, case.service, bundle.service.name, case.closed_at.date(), kept_until(case),
        law(bundle, bundle.service.retention_legal), case.held_for, case.forgotten_at,
    )  # fmt: skip


def _supervised(actor: Actor, ref: str) -> Case:
    must_supervise(actor)
    found = Case.objects.select_for_update(of=("self",)).filter(ref=ref, pk__in=_of_offices(actor).values("pk")).first()
    if found is None:
        raise NotAllowed("not-found", "There is no such case here")
    return found
