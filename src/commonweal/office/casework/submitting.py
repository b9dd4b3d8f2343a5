"""Submitting: all answers checked once more, departments asked, one case opened for each service."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid, Refused
from commonweal.core.identity.actor import Actor
from commonweal.core.identity.models import Person
from commonweal.core.journal.actions import Act as Entry
from commonweal.core.journal.actions import record_many
from commonweal.office.casework import access, answering, engine, events, proving, representing, tasking
from commonweal.office.casework.drafting import day_of, refuse_unless_draft, subject
from commonweal.office.casework.models import Application, Case, Task, case_reference
from commonweal.office.casework.moving import Moving, iso, take_state
from commonweal.office.casework.saying import reader_language
from commonweal.office.casework.versions import Applied, applied, applying
from commonweal.office.exchange import actions as exchange
from commonweal.office.exchange.answering import answers as held_by_departments
from commonweal.office.exchange.answering import sources
from commonweal.office.exchange.views import Evidence
from commonweal.register.regions import NoBranchError, branch_region


@dataclass(frozen=True, slots=True)
class _Ready:
    """One service of an application, checked and ready to be opened as a case."""

    service: Applied
    region: str
    evidence: tuple[Evidence, ...]
    facts: Mapping[str, Any]


def submit(actor: Actor, ref: str, *, token: str) -> Application:
    """Submit a draft. The same token again returns the same application, however often and at once it comes.

    Every answer is read once more, and what is missing is all said together. Departments are asked for what they
    hold; a rule that does not hold refuses. One case is opened for each service that applies. The submission does not
    wait for its place in the journal's tree: `journal.actions.sequence` gives it one (the worker does, or the receipt).

    Raises Invalid (questions, and `evidence.<requirement>` for what nothing proves), Refused `not-eligible`
    (params: requirements), `submitted`, `discarded`, `not-in-force`, `no-service-applies`, `no-branch` or
    `must-be-signed` (see casework.signing), NotAllowed.
    """
    if not re.fullmatch(r"[\x21-\x7e]{1,80}", token):
        raise Invalid({"token": "A token has 1 to 80 letters, digits and signs"})
    try:
        with transaction.atomic():
            return enter(actor, ref, token)
    except IntegrityError:
        earlier = Application.objects.filter(access.mine(actor), submit_token=token).first()
        if earlier is None:
            raise
        return earlier


def enter(actor: Actor, ref: str, token: str, *, signed: bool = False) -> Application:
    """Submit within a transaction; `signed` where everybody has signed what the services want signed."""
    application = access.application_for(actor, ref, write=True)
    if application.status == Application.SUBMITTED and application.submit_token == token:
        return application
    refuse_unless_draft(application)
    actor = access.acting(actor, application)
    services, now = applied(application), clock.now()
    representing.refuse_unless_sure(actor, services)
    day, language = day_of(services), reader_language()
    if not signed and any(_by_hand(each) for each in applying(services, application.answers, day)):
        raise Refused("must-be-signed", "This is sent when everybody has signed it", ref=application.ref)
    ready, answers = _checked(application, services, day, now, language)
    _mark(application, answers, ready, token, now)
    moves = [_opened(actor, application, each, now) for each in ready]
    Case.objects.bulk_create(move.case for move in moves)
    entries = [_submission(application, moves)]
    for move, each in zip(moves, ready, strict=True):
        entries += _open(move, each)
    Task.objects.bulk_create(task for move in moves for task in tasking.opened(move.case, move.bundle, move.state))
    application.submit_event = record_many(actor, entries)[0].id
    application.save(
        update_fields=[
            "answers", "region", "status", "submit_token", "submit_event", "submitted_at", "changed_at", "revision",
        ]
    )  # fmt: skip
    return application


def ready(application: Application, services: Sequence[Applied]) -> None:
    """Pass when a draft could be submitted as it stands. Raises Invalid or Refused as `submit` does."""
    _checked(application, services, day_of(tuple(services)), clock.now(), reader_language())


def _by_hand(service: Applied) -> bool:
    signature = service.bundle.service.signature
    return signature is not None and signature.level != "simple"


def _checked(
    application: Application, services: Sequence[Applied], day: date, now: datetime, language: str
) -> tuple[list[_Ready], dict[str, Any]]:
    """The services that apply, with what proves them. Raises Invalid or Refused."""
    apply = applying(services, application.answers, day)
    if not apply:
        raise Refused("no-service-applies", "None of these services applies to these answers")
    in_force = declared.current().services
    for service in (applies.bundle.service for applies in apply):
        if service.id not in in_force or not service.effective.covers(day):
            raise Refused("not-in-force", "This service can be applied for no more", service=service.id)
    bundles = [each.bundle for each in apply]
    answers, wrong = answering.complete(bundles, application.answers, day, language)
    files = dict(application.attachments.values_list("ref", "key"))
    for question in answering.file_questions(bundles):
        if question in answers and files.get(answers[question]) != question:
            wrong[question] = answering.say(answering.NEEDED, language)
    papers = {key.removeprefix(answering.PAPER) for key in files.values() if key.startswith(answering.PAPER)}
    told = [held_by_departments(application.person_id, sources(bundle, day), now) for bundle in bundles]
    ready = []
    for version, evidence in zip(apply, told, strict=True):
        held = {key: value for each in evidence for key, value in each.facts.items()}
        facts = proving.facts_for_rules(answers, held)
        fetched = {each.evidence for each in evidence if each.evidence}
        wrong |= proving.unproved(version.bundle, facts, day, fetched=fetched, papers=papers, language=language)
        ready.append(_Ready(version, _place(version, answers, application), evidence, facts))
    if wrong:
        raise Invalid(wrong)
    for each in ready:
        proving.refuse_unless_eligible([each.service.bundle], each.facts, day, language)
    return ready, answers


def _place(service: Applied, answers: Mapping[str, Any], application: Application) -> str:
    """Where the case is about: what the form says, else where the applicant lives."""
    place = service.bundle.service.place
    if place is not None and answers.get(place):
        return str(answers[place])
    home = Person.objects.filter(ref=application.person_id).values_list("home_region", flat=True).first() or ""
    return home if home in service.bundle.regions else ""


def _mark(
    application: Application, answers: dict[str, Any], ready: Sequence[_Ready], token: str, now: datetime
) -> None:
    application.answers = answers
    application.region = ready[0].region
    application.status, application.submit_token = Application.SUBMITTED, token
    application.submitted_at = application.changed_at = now
    application.revision += 1


def _opened(actor: Actor, application: Application, each: _Ready, now: datetime) -> Moving:
    """A case begun by the engine, not yet saved; what follows from its beginning is still to come."""
    bundle = each.service.bundle
    try:
        state, happened = engine.begin(bundle, each.facts, each.region or None, now)
    except LookupError as missing:
        raise Refused("no-branch", str(missing), service=bundle.service.id, region=each.region) from missing
    case = Case(
        ref=case_reference(),
        application=application,
        service=bundle.service.id,
        version=each.service.version,
        region=each.region,
        branch=_branch(each),
        evidence=[found.to_json() for found in each.evidence],
        opened_at=now,
        last={"by": actor.name, "act": "submit", "step": None, "at": iso(now)},
    )
    take_state(case, bundle, state)
    move = Moving(actor, case, bundle, state)
    move.happened = happened
    return move


def _open(move: Moving, each: _Ready) -> list[Entry]:
    """What the journal is told about a case that has just been saved, and what follows from its beginning."""
    fetched = exchange.entries(each.evidence, move.case.application.person_id, move.case.ref, move.bundle)
    state = move.state
    move.follow(move.happened)
    opened = Entry(events.CASE_OPENED, f"case:{move.case.ref}", move.opening(), None, [move.case.application.person_id])
    move.closing()
    if move.state is not state:
        take_state(move.case, move.bundle, move.state)
        move.case.save()
    return [*fetched, opened, *move.entries]


def _submission(application: Application, moves: Sequence[Moving]) -> Entry:
    data = {
        "application": application.ref,
        "services": [
            {"service": move.case.service, "version": move.case.version, "case": move.case.ref} for move in moves
        ],
        "event": application.target if application.target_kind == "event" else None,
        "language": application.language,
        "channel": application.channel,
    }
    personal = {"answers": application.answers}
    return Entry(events.APPLICATION_SUBMITTED, subject(application), data, personal, [application.person_id])


def _branch(each: _Ready) -> str:
    """The authority's branch for the case; none where the authority has no branch there."""
    bundle = each.service.bundle
    try:
        return branch_region(bundle, bundle.service.authority, each.region or None)
    except NoBranchError:
        return ""
