"""What a change to the register does, said before it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from commonweal.register.basis import sharing_basis
from commonweal.register.models import EvidenceType
from commonweal.register.plan import powers, services
from commonweal.register.plan.text import render_json, render_text
from commonweal.register.plan.types import (
    CaseImpact,
    EvidenceChange,
    FeeChange,
    OrganisationChange,
    OtherChange,
    PlanReport,
    PowerChange,
    ServiceChange,
)
from commonweal.register.register import Register, ServiceBundle

OpenCases = Mapping[str, Mapping[str, int]]
"""How many cases are open, by service and by the hash of the version they began with."""


def plan(
    old: Register,
    new: Register,
    open_cases: OpenCases | None = None,
    version: Callable[[str], ServiceBundle] | None = None,
) -> PlanReport:
    """Compare two registers.

    With `open_cases` the report says what becomes of them; `version` gives the bundle of a hash, for cases begun
    under versions older than `old` (those it does not know, by KeyError, are judged by `old`).
    """
    return PlanReport(
        before=old.hash,
        after=new.hash,
        services=services.changes(old, new),
        fees=services.fees(old, new),
        organisations=powers.organisations(old, new),
        powers=powers.powers(old, new),
        evidence=_evidence(old, new),
        others=_others(old, new),
        cases=_cases(old, new, open_cases or {}, version),
    )


def _evidence(old: Register, new: Register) -> tuple[EvidenceChange, ...]:
    """Evidence types that lose their dataset or their law."""
    found = []
    for name, before in old.evidence.items():
        after = new.evidence.get(name)
        asking = services.using_evidence(new, name)
        if after is None:
            found.append(EvidenceChange(name, "evidence", name, asking))
            continue
        if before.dataset and _dataset(new, after) is None:
            found.append(EvidenceChange(name, "dataset", before.dataset, asking))
        law = _law(old, before)
        if law and not _law(new, after):
            found.append(EvidenceChange(name, "law", law, asking))
    return tuple(found)


def _dataset(register: Register, evidence: EvidenceType) -> str | None:
    """The dataset that answers the evidence, where it is declared and has rows from somewhere."""
    dataset = register.datasets.get(evidence.dataset or "")
    return dataset.id if dataset is not None and dataset.source is not None else None


def _law(register: Register, evidence: EvidenceType) -> str | None:
    """The article under which the evidence's dataset may be asked, where there still is one."""
    dataset = register.datasets.get(evidence.dataset or "")
    return sharing_basis(register.laws, dataset, evidence) if dataset is not None else None


def _others(old: Register, new: Register) -> tuple[OtherChange, ...]:
    """Changed declarations that have no group of their own."""
    found = []
    for key in ("regions", "posts", "laws", "codelists", "elements", "evidence", "datasets", "events", "links"):
        before, after = getattr(old, key), getattr(new, key)
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name):
                what = "added" if name not in before else "removed" if name not in after else "changed"
                found.append(OtherChange((before.get(name) or after[name]).kind, name, what))  # type: ignore[arg-type]
    if old.jurisdiction != new.jurisdiction:
        found.insert(0, OtherChange("Jurisdiction", new.jurisdiction.id, "changed"))
    return tuple(found)


def _cases(
    old: Register, new: Register, open_cases: OpenCases, version: Callable[[str], ServiceBundle] | None
) -> tuple[CaseImpact, ...]:
    """What becomes of open cases, version by version."""
    found = []
    for service in sorted(open_cases):
        current = new.bundle(service).hash if service in new.services else None
        for name, count in sorted(open_cases[service].items()):
            if count:
                stranded = _stranded(old, new, service, name, version)
                found.append(CaseImpact(service, name, count, name == current, stranded))
    return tuple(found)


def _stranded(
    old: Register, new: Register, service: str, name: str, version: Callable[[str], ServiceBundle] | None
) -> tuple[str, ...]:
    """The posts that work a step of this version and will have no seats."""
    try:
        declared = version(name).service if version else old.services[service]
    except KeyError:
        declared = old.services.get(service)  # type: ignore[assignment]
    if declared is None:
        return ()
    named = dict.fromkeys(step.by for step in declared.steps if step.by)
    return tuple(post for post in named if post not in new.posts or not new.posts[post].seats)


__all__ = [
    "CaseImpact",
    "EvidenceChange",
    "FeeChange",
    "OpenCases",
    "OrganisationChange",
    "OtherChange",
    "PlanReport",
    "PowerChange",
    "ServiceChange",
    "plan",
    "render_json",
    "render_text",
]
