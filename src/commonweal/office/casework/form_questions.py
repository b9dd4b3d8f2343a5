"""The questions of a form, derived from the declaration: in order, each once, where its condition holds (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from commonweal.register import ServiceBundle
from commonweal.register.models import ElementType, FormField, Sensitivity, Text
from commonweal.register.naming import organisation_of
from commonweal.register.regions import NoBranchError, branch_region, descendants
from commonweal.register.rules import Rules

Option = tuple[str, Text]
Limit = Decimal | date | None
LENGTHS: Mapping[str, int] = {"string": 200, "text": 5000}
"""The most characters of an answer whose element declares no limit."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `noun` is what is asked for, `label` how it is asked; `services` need the answer.

    `options` are code and name; `unit` as declared; `source` the data element, None for a question of one form.
    """

    key: str
    type: ElementType
    label: Text
    noun: Text
    hint: Text | None = None
    help: Text | None = None
    required: bool = True
    options: tuple[Option, ...] = ()
    example: str | None = None
    unit: str | None = None
    min: Limit = None
    max: Limit = None
    max_length: int | None = None
    pattern: str | None = None
    currency: str | None = None
    source: str | None = None
    sensitivity: Sensitivity = "internal"
    services: tuple[str, ...] = ()


def questions(bundles: Sequence[ServiceBundle], answers: Mapping[str, Any], today: date) -> tuple[Question, ...]:
    """What is asked, in the order declared, each key once across services: the strictest of what they ask.

    An answer to a question that is no longer asked counts as not given, so that nothing hangs on it.
    """
    forms = [(bundle.service.id, field, question) for bundle in bundles for field, question in _form(bundle, today)]
    if not any(field.when for _, field, _ in forms):
        return _merged((service, question) for service, _, question in forms)
    rules, declared = Rules.of(*bundles), {question.key for _, _, question in forms}
    counted: Mapping[str, Any] = answers
    for _ in range(len(declared) + 1):
        asked = [
            (service, question)
            for service, field, question in forms
            if field.when is None or rules.holds(field.when, counted, today) is True
        ]
        keys = {question.key for _, question in asked}
        left = {key: value for key, value in answers.items() if key in keys or key not in declared}
        if left == counted:
            break
        counted = left
    return _merged(asked)


def _merged(asked: Any) -> tuple[Question, ...]:
    found: dict[str, Question] = {}
    for service, question in asked:
        known = found.get(question.key)
        found[question.key] = _both(known, question, service) if known else replace(question, services=(service,))
    return tuple(found.values())


def _both(known: Question, other: Question, service: str) -> Question:
    """One question for two services that ask the same: required by either, within the limits of both."""
    codes = {code for code, _ in other.options}
    return replace(
        known,
        required=known.required or other.required,
        options=tuple(option for option in known.options if option[0] in codes),
        min=_tighter(known.min, other.min, max),
        max=_tighter(known.max, other.max, min),
        services=known.services if service in known.services else (*known.services, service),
    )


def _tighter(one: Any, other: Any, choose: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    return choose(one, other) if type(one) is type(other) else one


@lru_cache(maxsize=512)
def _form(bundle: ServiceBundle, today: date) -> tuple[tuple[FormField, Question], ...]:
    """A service's questions, made once for a version and a day (codes come and go with days)."""
    return tuple((field, _question(bundle, field, today)) for field in bundle.service.form)


def _question(bundle: ServiceBundle, field: FormField, today: date) -> Question:
    element = bundle.elements.get(field.element) if field.element else None
    kind = field.type or (element.type if element else "string")
    first = bundle.jurisdiction.languages[0]
    noun = element.name if element else field.label or Text({first: field.key})
    return Question(
        key=field.key,
        type=kind,
        label=field.label or (element.question if element else None) or noun,
        noun=noun,
        hint=field.hint or (element.hint if element else None),
        help=element.description if element else None,
        required=field.required,
        options=_options(bundle, field, kind, today),
        example=element.example if element else None,
        unit=element.unit if element else None,
        min=_tighter(element.min if element else None, field.min, max),
        max=_tighter(element.max if element else None, field.max, min),
        max_length=(element.max_length if element else None) or LENGTHS.get(kind),
        pattern=element.pattern if element else None,
        currency=bundle.jurisdiction.currency if kind == "money" else None,
        source=element.id if element else None,
        sensitivity=element.sensitivity if element else "internal",
    )


def _options(bundle: ServiceBundle, field: FormField, kind: str, today: date) -> tuple[Option, ...]:
    if kind == "region":
        return tuple((name, bundle.regions[name].name) for name in _places(bundle, field.key))
    element = bundle.elements.get(field.element) if field.element else None
    named = field.codelist or (element.codelist if element else None)
    if kind != "code" or named is None or named not in bundle.codelists:
        return ()
    return tuple((code.code, code.name) for code in bundle.codelists[named].codes if code.effective.covers(today))


def _places(bundle: ServiceBundle, key: str) -> list[str]:
    """The regions to choose from, each after the one it lies in.

    Where the answer routes the case, only those that every department of the service has a branch for.
    """
    roots = [region.id for region in bundle.regions.values() if region.parent not in bundle.regions]
    places = [name for root in roots for name in (root, *descendants(bundle, root))]
    if key != bundle.service.place:
        return places
    worked = {bundle.service.authority, *(organisation_of(step.by) for step in bundle.service.steps if step.by)}
    return [name for name in places if all(_serves(bundle, organisation, name) for organisation in worked)]


def _serves(bundle: ServiceBundle, organisation: str, region: str) -> bool:
    try:
        branch_region(bundle, organisation, region)
    except NoBranchError:
        return False
    return True
