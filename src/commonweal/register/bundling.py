"""What one service needs from the register, found by following its references."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from commonweal.register.contents import Contents
from commonweal.register.models import (
    CodeList,
    DataElement,
    Dataset,
    Declared,
    EvidenceType,
    LegalResource,
    Post,
    PublicOrganisation,
    PublicService,
)
from commonweal.register.naming import evidence_of, laws_of, names_in, organisation_of, rules_of

D = TypeVar("D", bound=Declared)


def gather(register: Contents, service: PublicService) -> list[Declared]:
    """The declarations that the service stands on; names that lead nowhere are left to `check`."""
    evidence = _pick(register.evidence, (name for _, name in evidence_of(service)))
    datasets = answering(register, service, evidence)
    elements = _elements(register, service, datasets)
    organisations = _organisations(register, service, datasets)
    return [
        register.jurisdiction,
        service,
        *register.regions.values(),
        *evidence,
        *datasets,
        *elements,
        *_codelists(register, service, elements),
        *organisations,
        *_posts(register, service),
        *_laws(register, service, evidence, datasets),
    ]


def answering(register: Contents, service: PublicService, evidence: Iterable[EvidenceType]) -> list[Dataset]:
    """The datasets that answer the service's evidence, and what is held about an applicant that its rules read."""
    direct = _pick(register.datasets, (each.dataset for each in evidence if each.dataset))
    asked = {field.key for field in service.form} | {c.element for d in direct for c in d.columns}
    unasked = {name for _, rule in rules_of(service) for name in names_in(rule)} - asked
    held = [
        dataset
        for dataset in register.datasets.values()
        if unasked and dataset.grain in ("person", "business") and dataset not in direct
        and any(column.element in unasked and column.held == "lake" for column in dataset.columns)
    ]  # fmt: skip
    return [*direct, *held]


def _pick(among: Mapping[str, D], names: Iterable[str]) -> list[D]:
    """The named declarations that exist, each once."""
    return [among[name] for name in dict.fromkeys(names) if name in among]


def _elements(register: Contents, service: PublicService, datasets: list[Dataset]) -> list[DataElement]:
    names = [field.element for field in service.form if field.element]
    names += [name for _, rule in rules_of(service) for name in names_in(rule)]
    names += [column.element for dataset in datasets for column in dataset.columns]
    return _pick(register.elements, names)


def _codelists(register: Contents, service: PublicService, elements: list[DataElement]) -> list[CodeList]:
    names = [field.codelist for field in service.form] + [element.codelist for element in elements]
    return _pick(register.codelists, (name for name in names if name))


def _organisations(register: Contents, service: PublicService, datasets: list[Dataset]) -> list[PublicOrganisation]:
    names = [service.authority, *(organisation_of(step.by) for step in service.steps if step.by)]
    names += [output.seal for output in service.outputs if output.seal]
    names += [dataset.publisher for dataset in datasets]
    for name in names:  # grows while it is read: parents of parents
        organisation = register.organisations.get(name)
        if organisation and organisation.parent and organisation.parent not in names:
            names.append(organisation.parent)
    return _pick(register.organisations, names)


def _posts(register: Contents, service: PublicService) -> list[Post]:
    """The posts that work the steps, and those their organisations escalate to."""
    named = {step.by for step in service.steps if step.by}
    working = {organisation_of(post) for post in named} | {service.authority}
    return [
        post
        for post in register.posts.values()
        if post.id in named or (post.supervises and post.organisation in working)
    ]


def _laws(
    register: Contents, service: PublicService, evidence: list[EvidenceType], datasets: list[Dataset]
) -> list[LegalResource]:
    references = [reference for _, reference, _ in laws_of(service)]
    references += [each.legal for each in evidence if each.legal]
    references += [reference for dataset in datasets for reference in dataset.legal]
    return _pick(register.laws, (reference.split("/", 1)[0] for reference in references))
