"""The once-only check: what people are asked though a department already holds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from commonweal.register.basis import sharing_basis
from commonweal.register.contents import Contents
from commonweal.register.models import Dataset, EvidenceType, PublicService
from commonweal.register.naming import evidence_of
from commonweal.register.register import Register

ABOUT_APPLICANTS = ("person", "business", "premises", "vehicle")
"""Grains of datasets whose rows are about whoever applies, or about what is theirs."""


@dataclass(frozen=True)
class Held:
    """A question or a paper that a dataset answers already.

    `place` is its path in the service; `asked` the question's key or the evidence type; `law` what lets the
    dataset be asked, or None when no law does yet.
    """

    service: str
    place: tuple[str | int, ...]
    what: str
    asked: str
    dataset: str
    publisher: str
    law: str | None

    def sentence(self, register: Contents, language: str = "en") -> str:
        """The finding in words; `check` speaks English as its other messages do."""
        publisher = register.organisations.get(self.publisher)
        holder = publisher.name.say(language) if publisher else self.publisher
        thing = f"The question “{self.asked}”" if self.what == "question" else f"The paper “{self.asked}”"
        basis = f"it can be fetched under {self.law}" if self.law else "no law lets it be fetched yet: declare one"
        return f"{thing} is held already: {holder} keeps it in “{self.dataset}”; {basis}"

    def plain(self) -> dict[str, Any]:
        """The finding as JSON values."""
        return {**asdict(self), "place": list(self.place)}


def once_only(register: Register) -> tuple[Held, ...]:
    """Every question and paper of every service that a declared dataset already holds, service by service."""
    holding: dict[str, Dataset] = {}
    for dataset in sorted(
        register.datasets.values(), key=lambda each: (sharing_basis(register.laws, each) is None, each.id)
    ):
        if dataset.grain in ABOUT_APPLICANTS and (dataset.subject is not None or dataset.grain != "person"):
            for column in dataset.columns:
                if column.name != dataset.subject and column.held == "lake":
                    holding.setdefault(column.element, dataset)
    return tuple(held for service in register.services.values() for held in _service(register, service, holding))


def _service(register: Register, service: PublicService, holding: dict[str, Dataset]) -> Iterator[Held]:
    for i, question in enumerate(service.form):
        dataset = holding.get(question.element or "")
        if dataset is not None and not _identifies(question.element, dataset):
            yield _held(register, service, ("form", i), "question", question.key, dataset)
    for path, name in evidence_of(service):
        evidence = register.evidence.get(name)
        dataset = register.datasets.get(evidence.dataset or "") if evidence else None
        if evidence is not None and evidence.upload and dataset is not None:
            yield _held(register, service, path, "paper", name, dataset, evidence)


def _identifies(element: str | None, dataset: Dataset) -> bool:
    """Whether the element is a key of the dataset: without asking for it nothing could be looked up."""
    return any(column.element == element and column.name in dataset.keys for column in dataset.columns)


def _held(
    register: Register,
    service: PublicService,
    path: tuple[str | int, ...],
    what: str,
    asked: str,
    dataset: Dataset,
    evidence: EvidenceType | None = None,
) -> Held:
    law = sharing_basis(register.laws, dataset, evidence)
    return Held(service.id, path, what, asked, dataset.id, dataset.publisher, law)
