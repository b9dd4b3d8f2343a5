"""Parts of what windows show of a case or an application: facts, evidence, files, law, fees, outputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from commonweal.office.casework import fees, saying
from commonweal.office.casework.answering import PAPER
from commonweal.office.casework.models import Attachment, Output
from commonweal.office.casework.proving import in_question
from commonweal.office.casework.views import (
    EvidenceRow,
    Fact,
    FeeLine,
    FileRow,
    LawView,
    OutputRow,
    PaperNeeded,
    WillFetch,
)
from commonweal.office.exchange.answering import Source
from commonweal.office.exchange.views import Evidence
from commonweal.register import ServiceBundle
from commonweal.register.models import Text
from commonweal.register.register import cost_in_force


def facts(
    bundle: ServiceBundle, answers: Mapping[str, Any], evidence: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> tuple[Fact, ...]:
    """What the applicant said, in the order of the form, then what departments answered."""
    asked = [field.key for field in bundle.service.form if field.key in answers]
    said = [fact(bundle, key, answers[key], names) for key in asked]
    told = [each for answer in evidence for each in held_facts(bundle, answer)]
    return (*said, *told)


def fact(bundle: ServiceBundle, key: str, value: Any, names: Mapping[str, str]) -> Fact:
    """One answer, in words."""
    shown = saying.shown(bundle, key, value, names)
    return Fact(key, saying.label(bundle, key), value, shown, saying.kind(bundle, key))


def held_facts(bundle: ServiceBundle, answer: Mapping[str, Any]) -> tuple[Fact, ...]:
    """What one department answered, in words, with where it comes from."""
    dataset = bundle.datasets.get(answer["dataset"])
    name = dataset.name if dataset is not None else plain(bundle, answer["dataset"])
    at = datetime.fromisoformat(answer["fetched_at"])
    return tuple(
        Fact(
            key=key,
            label=saying.label(bundle, key),
            value=value,
            shown=saying.shown(bundle, key, value, {}),
            type=saying.kind(bundle, key),
            source=answer["dataset"],
            source_name=name,
            verified_at=at,
        )
        for key, value in answer["facts"].items()
    )


def file_row(attachment: Attachment) -> FileRow:
    """A file as a list shows it."""
    return FileRow(
        attachment.ref, attachment.key, attachment.name, attachment.media_type, attachment.size, attachment.sha256,
        attachment.added_at,
    )  # fmt: skip


def evidence_rows(
    bundle: ServiceBundle, evidence: Sequence[Mapping[str, Any]], files: Sequence[FileRow]
) -> tuple[EvidenceRow, ...]:
    """What proves the requirements: what departments answered, then the papers handed in."""
    rows = [_fetched(bundle, answer) for answer in evidence]
    wanted = dict.fromkeys(name for each in bundle.service.requirements for name in each.evidence_any)
    for name in wanted:
        given = tuple(file for file in files if file.key == f"{PAPER}{name}")
        if given:
            title = bundle.evidence[name].name if name in bundle.evidence else plain(bundle, name)
            rows.append(EvidenceRow(name, title, None, None, None, None, None, None, files=given))
    return tuple(rows)


def _fetched(bundle: ServiceBundle, answer: Mapping[str, Any]) -> EvidenceRow:
    dataset = bundle.datasets.get(answer["dataset"])
    dataset_name = dataset.name if dataset is not None else plain(bundle, answer["dataset"])
    kind = answer["evidence"]
    return EvidenceRow(
        type=kind or answer["dataset"],
        name=bundle.evidence[kind].name if kind in bundle.evidence else dataset_name,
        dataset=answer["dataset"],
        dataset_name=dataset_name,
        organisation=answer["provider"],
        organisation_name=organisation_name(bundle, answer["provider"]),
        legal=answer["legal"],
        fetched=datetime.fromisoformat(answer["fetched_at"]),
        facts=held_facts(bundle, answer),
    )


def will_fetch(bundle: ServiceBundle, source: Source, answer: Evidence) -> WillFetch:
    """What a department will be asked, under which article, and what it would answer now."""
    kind = source.evidence or ""
    return WillFetch(
        evidence=source.evidence or source.dataset.id,
        name=bundle.evidence[kind].name if kind in bundle.evidence else source.dataset.name,
        dataset=source.dataset.id,
        dataset_name=source.dataset.name,
        organisation=source.dataset.publisher,
        organisation_name=organisation_name(bundle, source.dataset.publisher),
        legal=source.legal,
        facts=held_facts(bundle, answer.to_json()),
    )


def papers(
    bundle: ServiceBundle, facts: Mapping[str, Any], day: date, fetched: Iterable[str], files: Sequence[FileRow]
) -> tuple[PaperNeeded, ...]:
    """The requirements that only a paper can prove for this person, and what was handed in for each."""
    needed, answered = [], set(fetched)
    for requirement in in_question(bundle, facts, day):
        names = [name for name in requirement.evidence_any if name in bundle.evidence]
        choices = tuple((name, bundle.evidence[name].name) for name in names if bundle.evidence[name].upload)
        if answered & set(requirement.evidence_any) or not choices:
            continue
        given = tuple(file for file in files if file.key.removeprefix(PAPER) in names and file.key.startswith(PAPER))
        name = requirement.name or choices[0][1]
        needed.append(PaperNeeded(requirement.id, name, choices, given))
    return tuple(needed)


def fee_lines(bundle: ServiceBundle, facts: Mapping[str, Any], day: date) -> tuple[FeeLine, ...]:
    """The fees in force, and whether each is owed as far as one knows."""
    currency = bundle.jurisdiction.currency
    return tuple(
        FeeLine(
            id=cost.id,
            service=bundle.service.id,
            name=cost.name or bundle.service.name,
            amount=fees.minor(cost.amount),
            currency=currency,
            applies=fees.applies(bundle, cost, facts, day),
            legal=cost.legal,
        )
        for cost in cost_in_force(bundle.service, day)
    )


def output_row(bundle: ServiceBundle, output: Output) -> OutputRow:
    """What was issued, as it is shown."""
    declared = next((each for each in bundle.service.outputs if each.id == output.output), None)
    authority = declared.seal if declared is not None and declared.seal else bundle.service.authority
    return OutputRow(
        number=output.number,
        output=output.output,
        name=declared.name if declared is not None and declared.name else bundle.service.name,
        issued=output.issued_at,
        valid_until=output.valid_until,
        authority=authority,
        authority_name=organisation_name(bundle, authority),
        facts=tuple(fact(bundle, key, value, {}) for key, value in output.data.items()),
    )


def law(bundle: ServiceBundle, reference: str | None) -> LawView | None:
    """The article a step stands on, with its text where it is declared."""
    if reference is None:
        return None
    act, _, number = reference.partition("/")
    found = bundle.laws.get(act)
    if found is None:
        return None
    article = found.article(number) if number else None
    return LawView(reference, found.name, number or None, article.text if article else None, found.source)


def organisation_name(bundle: ServiceBundle, organisation: str) -> Text:
    """What a department is called; its id where it is not declared."""
    found = bundle.organisations.get(organisation)
    return found.name if found is not None else plain(bundle, organisation)


def plain(bundle: ServiceBundle, words: str) -> Text:
    """The same words in every language."""
    return Text(dict.fromkeys(bundle.jurisdiction.languages, words))
