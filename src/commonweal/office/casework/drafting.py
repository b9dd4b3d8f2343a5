"""Writing a draft: start, save, attach, move to newer versions, discard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, get_args

from django.db import transaction

from commonweal.core import clock, locks
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid, NotAllowed, Refused, Stale
from commonweal.core.identity.actor import Actor
from commonweal.core.ids import is_reference
from commonweal.core.journal.actions import record
from commonweal.office.casework import access, answering, events, files, representing
from commonweal.office.casework.engine import CaseState
from commonweal.office.casework.models import Application, Attachment, Case
from commonweal.office.casework.retaining import remove_files
from commonweal.office.casework.saying import reader_language
from commonweal.office.casework.versions import Applied, applied, chosen, today
from commonweal.office.signing import actions as signing
from commonweal.office.signing.forgetting import forget
from commonweal.register.models import ChannelName

FILES_LIMIT = 40
"""The most files one application takes."""


class Upload(Protocol):
    """A file as a window receives it; Django's `UploadedFile` is one."""

    @property
    def name(self) -> str | None:
        """What the sender calls it."""

    def chunks(self) -> Iterable[bytes]:
        """Its bytes in pieces."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A draft on the versions now in force, and the keys of the answers that no longer fit and were dropped."""

    application: Application
    dropped: tuple[str, ...]


@transaction.atomic
def start(
    actor: Actor,
    *,
    service: str | None = None,
    event: str | None = None,
    language: str = "en",
    channel: str = "web",
    on_behalf_of: str | None = None,
) -> Application:
    """Open a draft for one service, or for all services of a life event that is applied for as one.

    `on_behalf_of` is the reference of somebody the actor acts for: the application is then theirs, the record names
    both. It keeps the versions in force now. Raises NotAllowed for an unknown id or an actor who is no person, Refused
    `not-in-force`, `not-a-bundle` or `no-mandate`.
    """
    if actor.kind != "person":
        raise NotAllowed("not-found", "Only a person applies, for themself")
    if channel not in get_args(ChannelName):
        raise ValueError(f"{channel!r} is not a channel")
    now, jurisdiction = clock.now(), declared.current().jurisdiction
    language = language if language in jurisdiction.languages else jurisdiction.languages[0]
    kind, target, versions = chosen(service, event, today(jurisdiction.timezone, now))
    if on_behalf_of is not None and on_behalf_of != actor.id:
        mandate = representing.mandate_for(actor, on_behalf_of, [each["service"] for each in versions], "apply")
        actor = actor.acting_for(on_behalf_of, mandate.ref)
    applicant = actor.on_behalf_of.person if actor.on_behalf_of else actor.id
    application = Application.objects.create(
        person_id=applicant,
        filed_by_id=actor.id,
        target_kind=kind,
        target=target,
        versions=versions,
        language=language,
        channel=channel,
        started_at=now,
        changed_at=now,
    )
    data = {
        "application": application.ref,
        "services": named(versions),
        "event": target if kind == "event" else None,
        "language": language,
        "channel": channel,
    }
    record(actor, events.APPLICATION_STARTED, subject(application), data, about=[applicant])
    return application


def save(actor: Actor, ref: str, answers: Mapping[str, Any], *, revision: int) -> Application:
    """Keep these answers of a draft; others stay as they are. None takes an answer back.

    What fits is kept even when something else does not; then Invalid names the others, and the draft's revision has
    moved by one all the same (`params["revision"]`). Raises Stale when the draft moved since `revision`, Refused
    `submitted` or `discarded`, NotAllowed.
    """
    with transaction.atomic():
        application = draft_for(actor, ref, revision)
        services = applied(application)
        taken = answering.take(
            [each.bundle for each in services], application.answers, answers, day_of(services), reader_language()
        )
        _check_files(application, taken)
        if taken.changed or not taken.wrong:
            _keep(actor, application, taken.answers, events.DRAFT_SAVED, {"keys": sorted(taken.changed)})
    if taken.wrong:
        refusal = Invalid(taken.wrong)
        refusal.params["revision"] = application.revision
        raise refusal
    return application


@transaction.atomic
def refresh(actor: Actor, ref: str) -> Refreshed:
    """Move a draft to the versions now in force. Answers that still fit are kept; the others are named.

    Raises Refused `submitted`, `discarded` or `not-in-force`, NotAllowed.
    """
    application = draft_for(actor, ref, None)
    day = day_of(applied(application))
    kind = application.target_kind
    wanted = {"service": application.target} if kind == "service" else {"event": application.target}
    _, _, application.versions = chosen(wanted.get("service"), wanted.get("event"), day)
    bundles = [each.bundle for each in applied(application)]
    taken = answering.take(bundles, {}, application.answers, day, reader_language())
    dropped = tuple(sorted(taken.wrong))
    told = {"services": named(application.versions), "dropped": dropped}
    _keep(actor, application, taken.answers, events.DRAFT_REFRESHED, told, "versions")
    return Refreshed(application, dropped)


@transaction.atomic
def discard(actor: Actor, ref: str) -> Application:
    """Throw a draft away, with its answers and files. Doing it twice is the same as once.

    Raises Refused `submitted`, NotAllowed.
    """
    application = access.application_for(actor, ref, write=True)
    if application.status == Application.DISCARDED:
        return application
    refuse_unless_draft(application)
    signing.overtake(actor, subject(application))
    forget(subject(application))
    remove_files(application)
    application.status, application.answers, application.changed_at = Application.DISCARDED, {}, clock.now()
    application.save(update_fields=["status", "answers", "changed_at"])
    about = [application.person_id]
    actor = access.acting(actor, application)
    record(actor, events.DRAFT_DISCARDED, subject(application), {"application": application.ref}, about=about)
    return application


def attach(actor: Actor, ref: str, key: str, upload: Upload) -> Attachment:
    """Add a file under `key`: a question of type file (which it answers), or `evidence.<type>` for a paper.

    Taken while it is a draft, and while an official asks for something. A file under a question takes the place of
    the one before. Raises Refused `too-large`, `empty-file`, `wrong-type`, `too-many-files` or `submitted`, Invalid
    for a key nobody asks for, NotAllowed.
    """
    _open_for_files(access.application_for(actor, ref), key)  # before the bytes are read, which takes a while
    kept = files.keep(upload.name or "file", upload.chunks())
    with transaction.atomic():
        locks.hold(f"file:{kept.sha256}")
        if not files.place(kept.sha256).exists():  # somebody who had the same file has just been forgotten
            files.keep(upload.name or "file", upload.chunks())
        application = access.application_for(actor, ref, write=True)
        is_question = _open_for_files(application, key)
        if application.attachments.count() >= FILES_LIMIT:
            raise Refused("too-many-files", "Take a file away before adding another", limit=FILES_LIMIT)
        if is_question:
            application.attachments.filter(key=key).delete()
        attachment = Attachment.objects.create(
            application=application,
            key=key,
            sha256=kept.sha256,
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            added_at=clock.now(),
        )
        if is_question and application.status == Application.DRAFT:
            application.answers = {**application.answers, key: attachment.ref}
        signing.overtake(actor, subject(application))
        application.changed_at = clock.now()
        application.revision += 1
        application.save(update_fields=["answers", "revision", "changed_at"])
        data = {
            "application": application.ref, "attachment": attachment.ref, "key": key, "sha256": kept.sha256,
            "media_type": kept.media_type, "size": kept.size,
        }  # fmt: skip
        actor = access.acting(actor, application)
        record(actor, events.FILE_ATTACHED, subject(application), data, about=[application.person_id])
    return attachment


@transaction.atomic
def detach(actor: Actor, ref: str, attachment: str) -> Application:
    """Take a file away from a draft. Raises Refused `submitted` or `discarded`, NotAllowed."""
    application = draft_for(actor, ref, None)
    found = application.attachments.filter(ref=attachment).first() if is_reference(attachment, "F") else None
    if found is None:
        raise NotAllowed("not-found", "There is no such file here")
    answers = {key: value for key, value in application.answers.items() if value != found.ref}
    told = {"attachment": found.ref, "key": found.key, "sha256": found.sha256}
    found.delete()
    _keep(actor, application, answers, events.FILE_DETACHED, told)
    return application


def draft_for(actor: Actor, ref: str, revision: int | None) -> Application:
    """The actor's draft, locked. Raises Stale when it moved since `revision`, Refused when it is no draft."""
    application = access.application_for(actor, ref, write=True)
    refuse_unless_draft(application)
    if revision is not None and revision != application.revision:
        raise Stale(
            "stale", "This draft was changed in another window", by=actor.name, act="save", step=None,
            at=application.changed_at, revision=application.revision,
        )  # fmt: skip
    return application


def day_of(services: tuple[Applied, ...]) -> date:
    """The day it is where these services are given."""
    return today(services[0].bundle.jurisdiction.timezone, clock.now())


def subject(application: Application) -> str:
    """How the journal names an application."""
    return f"application:{application.ref}"


def named(versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The versions as events tell them."""
    return [{"service": each["service"], "version": each["hash"]} for each in versions]


def _keep(
    actor: Actor, application: Application, answers: dict[str, Any], type: str, told: dict[str, Any], *more: str
) -> None:
    if more or answers != application.answers or type == events.FILE_DETACHED:
        signing.overtake(actor, subject(application))
    application.answers = answers
    application.revision += 1
    application.changed_at = clock.now()
    application.save(update_fields=["answers", "revision", "changed_at", *more])
    data = {"application": application.ref, "revision": application.revision, **told}
    record(access.acting(actor, application), type, subject(application), data, about=[application.person_id])


def _check_files(application: Application, taken: answering.Taken) -> None:
    """An answer of type file is one of this application's own files, added under that question."""
    for key in taken.files:
        if not application.attachments.filter(ref=taken.answers[key], key=key).exists():
            taken.refuse(key, "Add the file here again", application.answers.get(key))


def _open_for_files(application: Application, key: str) -> bool:
    """Whether `key` is a question (else a paper). Raises unless files are taken under it now."""
    if application.status == Application.DISCARDED:
        refuse_unless_draft(application)
    if application.status == Application.SUBMITTED and not _asked_back(application):
        refuse_unless_draft(application)
    bundles = [each.bundle for each in applied(application)]
    if key in answering.file_questions(bundles):
        return True
    if not answering.takes_paper(bundles, key):
        raise Invalid({key: "No file is asked for here"})
    return False


def _asked_back(application: Application) -> bool:
    """Whether an official waits for something from the applicant."""
    waiting = application.cases.filter(status=Case.WAITING)
    return any(CaseState.from_dict(case.state).pauses for case in waiting)


def refuse_unless_draft(application: Application) -> None:
    """Raise Refused `submitted` or `discarded` when the application is a draft no more."""
    if application.status == Application.SUBMITTED:
        raise Refused("submitted", "This application has been submitted", ref=application.ref)
    if application.status == Application.DISCARDED:
        raise Refused("discarded", "This draft was discarded", ref=application.ref)
