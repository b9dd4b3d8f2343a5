"""Reads about what departments hold and who asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commonweal.core import clock, pages
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid
from commonweal.core.identity.actor import Actor
from commonweal.core.journal import queries as journal
from commonweal.core.journal.models import Event
from commonweal.core.pages import Page
from commonweal.office.exchange import access
from commonweal.office.exchange.answering import Source, answers, sources
from commonweal.office.exchange.lawful import day_of
from commonweal.office.exchange.models import HeldRecord
from commonweal.office.exchange.views import Evidence, HeldRow, UsageRow
from commonweal.register import ServiceBundle

__all__ = ["Evidence", "HeldRow", "Source", "UsageRow", "answerable", "held_for", "usage"]


def answerable(bundle: ServiceBundle, person: str | None) -> dict[str, str | None]:
    """For each evidence type the service asks for, the dataset that will answer it, or None: a paper is needed.

    Without a person (somebody reading the guide signed out) it says which datasets could answer.
    """
    day = day_of(bundle, clock.now())
    could = {source.evidence: source.dataset.id for source in sources(bundle, day) if source.evidence}
    if person is not None:
        held = {found.evidence for found in answers(person, sources(bundle, day), clock.now())}
        could = {evidence: dataset for evidence, dataset in could.items() if evidence in held}
    wanted = dict.fromkeys(name for each in bundle.service.requirements for name in each.evidence_any)
    return {evidence: could.get(evidence) for evidence in wanted}


def held_for(actor: Actor, person: str, cursor: str | None = None, limit: int = 20) -> Page[HeldRow]:
    """What departments hold about a person, the newest first. Raises NotAllowed for anybody but that person."""
    access.may_read_about(actor, person)
    rows = HeldRecord.objects.filter(subject=person).order_by("-id")
    if cursor is not None:
        rows = rows.filter(id__lt=_number(cursor))
    datasets = declared.current().datasets
    page = pages.page(list(rows[: limit + 1]), limit, lambda row: (row.id,))

    def shown(row: HeldRecord) -> HeldRow:
        dataset = datasets.get(row.dataset)
        elements = {column.name: column.element for column in dataset.columns} if dataset else {}
        facts = {elements.get(name, name): value for name, value in row.fields.items()}
        provider = dataset.publisher if dataset else ""
        return HeldRow(row.dataset, provider, facts, row.region, row.recorded_at, row.valid_until)

    return page.map(shown)


def usage(actor: Actor, person: str, cursor: str | None = None, limit: int = 50) -> Page[UsageRow]:
    """Who used a person's data, the newest first. Raises NotAllowed for anybody but that person."""
    access.may_read_about(actor, person)
    return journal.about_person(person, cursor, limit).map(_usage)


def _usage(event: Event) -> UsageRow:
    """One event about a person; fields that its type does not have are empty."""
    data: Mapping[str, Any] = event.data
    kind = event.actor.partition(":")[0]
    return UsageRow(
        event=event.id,
        at=event.time,
        code=event.type.split(".")[1],
        actor_kind=kind,
        organisation=str(data.get("consumer") or data.get("organisation") or ""),
        post=str(data.get("post") or ""),
        provider=str(data.get("provider") or ""),
        dataset=str(data.get("dataset") or ""),
        elements=tuple(data.get("elements") or ()),
        service=str(data.get("purpose") or data.get("service") or ""),
        case=str(data.get("case") or ""),
        legal=str(data.get("legal") or ""),
    )


def _number(cursor: str) -> int:
    (position,) = pages.decode(cursor, 1)
    if not isinstance(position, int):
        raise Invalid({"cursor": "Start again from the first page"})
    return position
