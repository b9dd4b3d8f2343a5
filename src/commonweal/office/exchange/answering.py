"""Which registers can answer a service's questions about a person, and what they answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Q

from commonweal.core import clock
from commonweal.office.exchange.lawful import elements_needed, fresh_enough, legal_basis, unasked
from commonweal.office.exchange.models import HeldRecord
from commonweal.office.exchange.views import Evidence
from commonweal.register import ServiceBundle
from commonweal.register.models import Dataset


@dataclass(frozen=True, slots=True)
class Source:
    """A dataset that may be asked, what it proves (None: only facts that rules read), and the article it stands on."""

    evidence: str | None
    dataset: Dataset
    elements: tuple[str, ...]
    max_age: str | None
    legal: str


def sources(bundle: ServiceBundle, day: date) -> tuple[Source, ...]:
    """Everything the service may ask departments on `day`: its evidence, then facts that only its rules read."""
    return _sources(_Version(bundle), day)


def source_of(bundle: ServiceBundle, evidence_type: str, day: date) -> Source | None:
    """The source that answers one evidence type on `day`, or None."""
    return next((source for source in sources(bundle, day) if source.evidence == evidence_type), None)


def answers(person: str, asked: Sequence[Source], now: datetime) -> tuple[Evidence, ...]:
    """What the sources hold about a person: the newest valid record of each. One query, no event."""
    held = newest(person, {source.dataset.id for source in asked}, now)
    found = []
    for source in asked:
        row = held.get(source.dataset.id)
        if row is None or not fresh_enough(row.recorded_at, source.max_age, now):
            continue
        columns = {column.element: column.name for column in source.dataset.columns}
        values = {element: row.fields.get(columns[element]) for element in source.elements}
        found.append(
            Evidence(
                evidence=source.evidence,
                dataset=source.dataset.id,
                provider=source.dataset.publisher,
                facts={element: value for element, value in values.items() if value is not None},
                legal=source.legal,
                recorded_at=row.recorded_at,
                valid_until=row.valid_until,
                fetched_at=now,
            )
        )
    return tuple(found)


def newest(person: str, datasets: Iterable[str], now: datetime) -> dict[str, HeldRecord]:
    """The newest record about a person in each dataset that has come and not passed at `now`."""
    wanted = sorted(datasets)
    if not wanted:
        return {}
    rows = HeldRecord.objects.filter(Q(valid_until=None) | Q(valid_until__gt=now), subject=person, dataset__in=wanted)
    held: dict[str, HeldRecord] = {}
    for row in rows.filter(recorded_at__lte=now).order_by("recorded_at", "id"):
        held[row.dataset] = row
    return held


@dataclass(frozen=True, eq=False)
class _Version:
    """A bundle as a cache key: its hash, so that the same version read twice is worked out once."""

    bundle: ServiceBundle

    def __hash__(self) -> int:
        return hash(self.bundle.hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Version) and self.bundle.hash == other.bundle.hash


@lru_cache(maxsize=512)
def _sources(version: _Version, day: date) -> tuple[Source, ...]:
    bundle, found = version.bundle, []
    wanted = dict.fromkeys(name for each in bundle.service.requirements for name in each.evidence_any)
    for name in wanted:
        evidence = bundle.evidence.get(name)
        dataset = bundle.datasets.get(evidence.dataset) if evidence is not None and evidence.dataset else None
        legal = legal_basis(bundle, dataset, evidence, day) if dataset is not None and _held(dataset) else None
        if evidence is not None and dataset is not None and legal is not None:
            found.append(Source(name, dataset, elements_needed(bundle, dataset), evidence.max_age, legal))
    asked = {source.dataset.id for source in found}
    for dataset in bundle.datasets.values():
        needed = tuple(column.element for column in dataset.columns if column.element in unasked(bundle))
        legal = legal_basis(bundle, dataset, None, day) if needed and _held(dataset) else None
        if legal is not None and dataset.id not in asked:
            found.append(Source(None, dataset, needed, None, legal))
    return tuple(found)


def _held(dataset: Dataset) -> bool:
    return dataset.source is not None and dataset.source.type == "register"


def referred(person: str, dataset: str, field: str) -> tuple[str, ...]:
    """Whom a department's register names beside a person: the values of `field` in every valid row about them."""
    rows = HeldRecord.objects.filter(subject=person, dataset=dataset).filter(
        Q(valid_until=None) | Q(valid_until__gt=clock.now())
    )
    said = (row.fields.get(field) for row in rows.order_by("-recorded_at", "-id")[:200])
    return tuple(dict.fromkeys(str(ref) for ref in said if ref))
