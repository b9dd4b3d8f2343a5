"""Holding records, and answering another department's question about a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid, NotAllowed
from commonweal.core.identity import numbers
from commonweal.core.identity.actor import Actor
from commonweal.core.journal.actions import Act, record, record_many
from commonweal.office.exchange import access, events
from commonweal.office.exchange.answering import Source, answers, source_of, sources
from commonweal.office.exchange.lawful import day_of
from commonweal.office.exchange.models import HeldRecord
from commonweal.office.exchange.views import Evidence
from commonweal.register import ServiceBundle
from commonweal.register.models import Dataset


@transaction.atomic
def hold(
    actor: Actor,
    dataset_id: str,
    person: str,
    fields: Mapping[str, Any],
    *,
    region: str = "",
    recorded_at: datetime | None = None,
    valid_until: datetime | None = None,
) -> HeldRecord:
    """Put one record about `person` (a reference) into a department's register; a correction is a new record.

    `fields` are JSON values by the dataset's column names. Raises NotAllowed unless the actor sits in the
    department that publishes the dataset (or is the system), Invalid for columns that are unknown or missing.
    """
    dataset = declared.current().datasets.get(dataset_id)
    if dataset is None or dataset.source is None or dataset.source.type != "register":
        raise NotAllowed("not-found", f"No department keeps a register called {dataset_id}")
    access.may_hold(actor, dataset.publisher)
    columns = {column.name for column in dataset.columns}
    wrong = dict.fromkeys(fields.keys() - columns, "This register has no such column")
    needed = {column.name for column in dataset.columns if column.required} - {dataset.subject}
    wrong |= dict.fromkeys(needed - fields.keys(), "This column is required")
    if wrong:
        raise Invalid(wrong, f"The record does not fit the register {dataset_id}")
    row = HeldRecord.objects.create(
        dataset=dataset_id,
        subject=person,
        region=region,
        fields=dict(fields),
        recorded_at=recorded_at or clock.now(),
        valid_until=valid_until,
    )
    numbers.keep(_numbers(dataset, person, fields))
    data = {"dataset": dataset_id, "provider": dataset.publisher, "columns": sorted(fields), "region": region}
    record(actor, events.RECORD_HELD, f"dataset:{dataset_id}", data, about=[person])
    return row


def _numbers(dataset: Dataset, person: str, fields: Mapping[str, Any]) -> list[numbers.Given]:
    """National identifiers among the columns of a record about a person."""
    elements = declared.current().elements
    return [
        numbers.Given(person, column.element, str(fields[column.name]))
        for column in dataset.columns
        if fields.get(column.name) and column.element in elements and elements[column.element].identifies is not None
    ]


def fetch(actor: Actor, evidence_type: str, person: str, *, case_ref: str, bundle: ServiceBundle) -> Evidence | None:
    """Ask the department that holds this evidence about `person` (a reference); None when it cannot answer.

    It answers when a dataset is declared for the evidence, an article in force permits sharing it, and it holds a
    record that is valid and young enough. The answer holds only what the service reads, and is journalled with its
    legal basis. Inside a transaction only (RuntimeError otherwise).
    """
    source = source_of(bundle, evidence_type, day_of(bundle, clock.now()))
    found = gather(actor, person, case_ref=case_ref, bundle=bundle, among=[source]) if source else ()
    return found[0] if found else None


def gather(
    actor: Actor, person: str, *, case_ref: str, bundle: ServiceBundle, among: Iterable[Source] | None = None
) -> tuple[Evidence, ...]:
    """Ask for everything that departments can answer about `person` for this service, in one query.

    One event for each answer. Inside a transaction only.
    """
    now = clock.now()
    asked = sources(bundle, day_of(bundle, now)) if among is None else tuple(among)
    found = answers(person, asked, now)
    record_many(actor, entries(found, person, case_ref, bundle))
    return found


def entries(found: Iterable[Evidence], person: str, case_ref: str, bundle: ServiceBundle) -> list[Act]:
    """What the journal is told about answers given to a case, for a room that records them with its own act."""
    return [
        Act(
            events.EVIDENCE_FETCHED,
            f"case:{case_ref}",
            {
                "case": case_ref,
                "evidence": evidence.evidence,
                "dataset": evidence.dataset,
                "provider": evidence.provider,
                "consumer": bundle.service.authority,
                "purpose": bundle.service.id,
                "elements": sorted(evidence.facts),
                "legal": evidence.legal,
                "recorded_at": evidence.recorded_at.isoformat(),
            },
            None,
            [person],
        )
        for evidence in found
    ]
