"""A plan in sentences, grouped, for whoever signs the change."""

from __future__ import annotations

import json
from collections.abc import Iterator

from commonweal.register.plan.types import (
    CaseImpact,
    EvidenceChange,
    FeeChange,
    OrganisationChange,
    PlanReport,
    PowerChange,
    ServiceChange,
)


def render_text(report: PlanReport, currency: str = "") -> str:
    """The whole report: a heading and its sentences for each group that has any."""
    if report.empty:
        return "Nothing changes.\n"
    groups = (
        ("Services", [line for change in report.services for line in _service(change)]),
        ("Fees", [_fee(change, currency) for change in report.fees]),
        ("Organisations", [line for change in report.organisations for line in _organisation(change)]),
        ("Powers of staff", [_power(change) for change in report.powers]),
        ("Evidence", [_evidence(change) for change in report.evidence]),
        ("Other declarations", [f"{each.kind} {each.id} is {each.what}." for each in report.others]),
        ("Open cases", [_case(case) for case in report.cases] or ["Open cases keep the version they began with."]),
    )
    lines = [f"Register {report.before[:12]} → {report.after[:12]}"]
    for heading, sentences in groups:
        if sentences:
            lines += ["", heading, *(f"  {sentence}" for sentence in sentences)]
    return "\n".join(lines) + "\n"


def render_json(report: PlanReport) -> str:
    """The report as a JSON object."""
    return json.dumps(report.plain(), ensure_ascii=False, indent=2) + "\n"


def _service(change: ServiceChange) -> Iterator[str]:
    name = f"{change.service} ({change.name})"
    if change.what == "affected":
        yield f"{name} stays as it is, but gets a new version through what it shares:"
    elif change.what == "changed":
        yield f"{name} changes: {', '.join(change.parts)}."
    else:
        yield f"{name} is {change.what}."
    yield from (f"  - {detail}" for detail in change.details)


def _fee(change: FeeChange, currency: str) -> str:
    unit = f" {currency}" if currency else ""
    if change.before is None:
        return f"{change.service}: a fee “{change.cost}” of {change.after}{unit} comes."
    if change.after is None:
        return f"{change.service}: the fee “{change.cost}” of {change.before}{unit} goes."
    return f"{change.service}: the fee “{change.cost}” goes from {change.before} to {change.after}{unit}."


def _organisation(change: OrganisationChange) -> Iterator[str]:
    name = f"{change.organisation} ({change.name})"
    if change.what == "merged":
        yield f"{name} merges into {change.into}, which takes over its steps."
    elif change.what == "changed":
        yield f"{name} changes its name, contact or functions."
    else:
        yield f"{name} is {change.what}."
    yield from (f"  - {detail}" for detail in change.details)


def _power(change: PowerChange) -> str:
    where = _where(change)
    verb = "may now" if change.what == "gained" else "may no longer"
    acts = _listed([act.replace("-", " ") for act in change.acts])
    return f"{change.post} {verb} {acts} in step “{change.step}” of {change.service}{where}."


def _where(change: PowerChange) -> str:
    if len(change.regions) == 1:
        return f", in {change.regions[0]}"
    if change.everywhere:
        return f", in all {len(change.regions)} branches"
    return f", in {_listed(list(change.regions), 'and')}"


def _listed(words: list[str], last: str = "or") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _evidence(change: EvidenceChange) -> str:
    asked = f"; asked by {', '.join(change.services)}" if change.services else ""
    if change.lost == "dataset":
        return f"{change.evidence} is no longer answered by “{change.was}”: people will be asked for paper{asked}."
    if change.lost == "law":
        return f"{change.evidence} loses its legal basis, {change.was}{asked}."
    return f"{change.evidence} is no longer declared{asked}."


def _case(case: CaseImpact) -> str:
    many = f"{case.count} open case{'' if case.count == 1 else 's'} of {case.service} ({case.version[:12]})"
    if case.stranded:
        verb = "waits" if case.count == 1 else "wait"
        return f"{many} {verb} on posts that will not exist: {', '.join(case.stranded)}. Decide them first."
    if case.stays:
        return f"{many} and new ones have the same version."
    return f"{many} {'goes' if case.count == 1 else 'go'} on under the version begun with."
