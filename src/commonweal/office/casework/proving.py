"""Whether an application may be submitted: what proves each requirement, and which rules do not hold (pure)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from commonweal.core.errors import Refused
from commonweal.office.casework.answering import PAPER
from commonweal.office.casework.form import eligibility
from commonweal.register import ServiceBundle
from commonweal.register.models import Requirement
from commonweal.register.rules import Rules

_ADD = {"en": "Add one of these: {}", "zh-hans": "请提交以下材料之一：{}"}
_HELD = {
    "en": "No department holds a record that proves this. Ask {} to enter it, then apply",
    "zh-hans": "没有部门持有可证明此项的记录。请联系{}登记后再申请",
}


def facts_for_rules(answers: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    """What rules read: what the applicant said, and what departments hold of what nobody asked them."""
    return {**held, **answers}


def in_question(
    bundle: ServiceBundle, facts: Mapping[str, Any], day: date, *, unknown: bool = False
) -> tuple[Requirement, ...]:
    """The requirements met by evidence that apply to these facts; those not yet known to apply only on request."""
    rules = Rules.of(bundle)

    def applies(requirement: Requirement) -> bool:
        holds = rules.holds(requirement.when, facts, day) if requirement.when else True
        return unknown if holds is None else holds

    return tuple(each for each in bundle.service.requirements if each.evidence_any and applies(each))


def unproved(
    bundle: ServiceBundle,
    facts: Mapping[str, Any],
    day: date,
    *,
    fetched: Collection[str],
    papers: Collection[str],
    language: str,
) -> dict[str, str]:
    """For each requirement that nothing proves, what to do, under the key `evidence.<requirement>`.

    `fetched` are evidence types that departments answered, `papers` those handed in.
    """
    missing = {}
    for requirement in in_question(bundle, facts, day):
        if not set(requirement.evidence_any) & {*fetched, *papers}:
            missing[f"{PAPER}{requirement.id}"] = _what_to_do(bundle, requirement, language)
    return missing


def _what_to_do(bundle: ServiceBundle, requirement: Requirement, language: str) -> str:
    known = [bundle.evidence[name] for name in requirement.evidence_any if name in bundle.evidence]
    papers = [each.name.say(language) for each in known if each.upload]
    if papers:
        return _say(_ADD, language).format(_listed(papers, language))
    holders = [
        bundle.organisations[dataset.publisher].name.say(language)
        for dataset in (bundle.datasets.get(each.dataset or "") for each in known)
        if dataset is not None and dataset.publisher in bundle.organisations
    ]
    return _say(_HELD, language).format(_listed(list(dict.fromkeys(holders)), language))


def refuse_unless_eligible(
    bundles: Sequence[ServiceBundle], facts: Mapping[str, Any], day: date, language: str
) -> None:
    """Raise Refused `not-eligible` when a rule does not hold; params: requirements [{service, id, name, legal}].

    A rule that cannot be known is left to the official who decides.
    """
    failed = []
    for bundle in bundles:
        for state in eligibility(bundle, facts, day):
            requirement = state.requirement
            if state.holds is False and requirement.rule is not None:
                name = requirement.name.say(language) if requirement.name else requirement.id
                told = {"service": bundle.service.id, "id": requirement.id, "name": name, "legal": requirement.legal}
                failed.append(told)
    if failed:
        names = _listed([each["name"] for each in failed], language)
        raise Refused("not-eligible", f"A condition is not met: {names}", requirements=failed, names=names)


def _listed(words: Sequence[str | None], language: str) -> str:
    return ("、" if language.startswith("zh") else ", ").join(word for word in words if word)


def _say(words: Mapping[str, str], language: str) -> str:
    return words["zh-hans" if language.startswith("zh") else "en"]
