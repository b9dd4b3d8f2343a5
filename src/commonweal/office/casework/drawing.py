"""An application as its applicant sees it: what is asked, what is answered, what is fetched, what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from commonweal.core import clock
from commonweal.office.casework import representing, saying, showing, viewing
from commonweal.office.casework.form import Question, RequirementState, eligibility, questions
from commonweal.office.casework.models import Application
from commonweal.office.casework.proving import facts_for_rules
from commonweal.office.casework.versions import Applied, applied, applying, newer, target_name, today
from commonweal.office.casework.views import ApplicationView, Fact, FeeLine, PaperNeeded, WillFetch
from commonweal.office.exchange.answering import Source, answers, sources
from commonweal.office.exchange.views import Evidence
from commonweal.register import ServiceBundle


def application(row: Application) -> ApplicationView:
    """Everything a window shows of an application the caller may see."""
    services = applied(row)
    day = today(services[0].bundle.jurisdiction.timezone, row.submitted_at or clock.now())
    draft = row.status == Application.DRAFT
    bundles = [each.bundle for each in applying(services, row.answers, day)]
    asked = questions(bundles, row.answers, day)
    attachments = tuple(showing.file_row(each) for each in row.attachments.order_by("id"))
    names = {each.ref: each.name for each in attachments}
    proofs = [_Proofs(bundle, row, day, attachments) for bundle in bundles] if draft else []
    return ApplicationView(
        ref=row.ref,
        name=target_name(row, services),
        services=tuple(each["service"] for each in row.versions),
        event=row.target if row.target_kind == "event" else None,
        language=row.language,
        status=row.status,  # type: ignore[arg-type]
        revision=row.revision,
        started=row.started_at,
        submitted=row.submitted_at,
        answers=dict(row.answers),
        bundles=tuple(each.bundle for each in services),
        newer_version=draft and newer(row),
        questions=asked,
        check=_check(services, asked, row, names),
        unanswered=tuple(each.key for each in asked if each.required and each.key not in row.answers),
        eligibility=tuple(state for each in proofs for state in each.rules),
        attachments=attachments,
        will_fetch=_once([each for proof in proofs for each in proof.will_fetch]),
        papers=_asked_once([each for proof in proofs for each in proof.papers]),
        fees=tuple(line for proof in proofs for line in proof.fees),
        cases=() if draft else viewing.applicant_cases(row.cases.select_related("application").order_by("id")),
        submit_token=row.submit_token or row.ref,
        event_id=str(row.submit_event) if row.submit_event else None,
        **representing.both(row),
    )


class _Proofs:
    """What a draft needs besides answers, for one service."""

    def __init__(self, bundle: ServiceBundle, row: Application, day: date, files: Sequence[showing.FileRow]) -> None:
        asked: tuple[Source, ...] = sources(bundle, day)
        held: tuple[Evidence, ...] = answers(row.person_id, asked, clock.now())
        facts = facts_for_rules(row.answers, {k: v for each in held for k, v in each.facts.items()})
        answered = {(each.evidence, each.dataset): each for each in held}
        self.rules: tuple[RequirementState, ...] = eligibility(bundle, facts, day)
        self.will_fetch: list[WillFetch] = [
            showing.will_fetch(bundle, source, answered[source.evidence, source.dataset.id])
            for source in asked
            if (source.evidence, source.dataset.id) in answered
        ]
        fetched = {each.evidence for each in held if each.evidence}
        self.papers: tuple[PaperNeeded, ...] = showing.papers(bundle, facts, day, fetched, files)
        self.fees: tuple[FeeLine, ...] = showing.fee_lines(bundle, facts, day)


def _check(
    services: Sequence[Applied], asked: Sequence[Question], row: Application, names: dict[str, str]
) -> tuple[Fact, ...]:
    """The answers to be checked, in the order asked, each in words."""
    owner = {field.key: each.bundle for each in reversed(services) for field in each.bundle.service.form}
    return tuple(
        Fact(
            key=question.key,
            label=question.label,
            value=row.answers[question.key],
            shown=saying.shown(owner[question.key], question.key, row.answers[question.key], names),
            type=question.type,
        )
        for question in asked
        if question.key in row.answers
    )


def _once(rows: Sequence[WillFetch]) -> tuple[WillFetch, ...]:
    """One line for each thing fetched, though several services need it."""
    return tuple({(row.evidence, row.dataset): row for row in reversed(rows)}.values())[::-1]


def _asked_once(rows: Sequence[PaperNeeded]) -> tuple[PaperNeeded, ...]:
    """One page for each paper, though several services need it."""
    return tuple({tuple(name for name, _ in row.evidence): row for row in reversed(rows)}.values())[::-1]
