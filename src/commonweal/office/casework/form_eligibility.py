"""Whether somebody may have a service, as far as their answers tell (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from commonweal.office.casework.form_words import both
from commonweal.register import ServiceBundle
from commonweal.register.models import Requirement, Text
from commonweal.register.rules import Rules


@dataclass(frozen=True, slots=True)
class RequirementState:
    """A condition set by a rule. `holds` is None while an answer it needs is missing; `sentence` says it in words."""

    requirement: Requirement
    holds: bool | None
    sentence: Text


def eligibility(bundle: ServiceBundle, answers: Mapping[str, Any], today: date) -> tuple[RequirementState, ...]:
    """Every rule that applies to these answers, and whether it holds.

    What is proved by evidence is not here: whether it is proved is known to who fetched or took the evidence.
    """
    rules, states = Rules.of(bundle), []
    for requirement in bundle.service.requirements:
        if requirement.rule is None:
            continue
        applies = True if requirement.when is None else rules.holds(requirement.when, answers, today)
        if applies is False:
            continue
        holds = rules.holds(requirement.rule, answers, today)
        known = holds if applies or holds else None  # what may not apply is no reason to turn anybody away
        states.append(RequirementState(requirement, known, requirement.name or both("condition")))
    return tuple(states)
