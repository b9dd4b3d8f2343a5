"""Declarations put into the words of one language, as the API answers them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from commonweal.register import Register, ServiceBundle
from commonweal.register.models import Cost, FormField, LifeEvent, PublicService, Requirement, Step, Text
from commonweal.windows.api.answers_schema import answers_schema, options


def language() -> str:
    """The language of this request."""
    return get_language() or "en"


def say(text: Text | None) -> str | None:
    """The words in this request's language, or None."""
    return text.say(language()) if text is not None else None


def named(thing: Any) -> dict[str, Any]:
    """A declared thing by id and name."""
    return {"id": thing.id, "name": thing.name.say(language())}


def organisation(register: Any, organisation_id: str) -> dict[str, str]:
    """An organisation by id and name; the id twice where it is no longer declared."""
    found = register.organisations.get(organisation_id)
    return named(found) if found else {"id": organisation_id, "name": organisation_id}


def service_row(register: Register | ServiceBundle, service: PublicService) -> dict[str, Any]:
    """A service as a list shows it."""
    return {
        **named(service),
        "summary": say(service.summary or service.description),
        "authority": organisation(register, service.authority),
        "audience": list(service.audience),
    }


def service(bundle: ServiceBundle, version: str) -> dict[str, Any]:
    """A service in full."""
    declared = bundle.service
    deadline = declared.deadline
    return {
        **service_row(bundle, declared),
        "version": version,
        "description": say(declared.description),
        "legal": [law(bundle, reference) for reference in declared.legal],
        "requirements": [_requirement(bundle, each) for each in declared.requirements],
        "questions": [_question(bundle, field) for field in declared.form],
        "steps": [_step(bundle, step) for step in declared.steps],
        "deadline": deadline.model_dump() if deadline else None,
        "cost": [_cost(bundle, cost) for cost in declared.cost],
        "outputs": [{"id": each.id, "name": say(each.name) or each.id} for each in declared.outputs],
        "channels": list(declared.channels),
        "answers_schema": answers_schema(bundle, language()),
    }


def law(bundle: Any, reference: str) -> dict[str, Any]:
    """The act or article that `reference` names."""
    act_id, _, article_id = reference.partition("/")
    act = bundle.laws.get(act_id)
    article = act.article(article_id) if act and article_id else None
    return {
        "id": reference,
        "name": act.name.say(language()) if act else act_id,
        "article": article_id or None,
        "text": say(article.text) if article else None,
        "source": act.source if act else None,
    }


def _requirement(bundle: ServiceBundle, requirement: Requirement) -> dict[str, Any]:
    return {
        "id": requirement.id,
        "name": say(requirement.name),
        "rule": requirement.rule,
        "evidence": [_evidence(bundle, each) for each in requirement.evidence_any],
        "when": requirement.when,
        "legal": requirement.legal,
    }


def _evidence(bundle: ServiceBundle, evidence_id: str) -> dict[str, Any]:
    evidence = bundle.evidence[evidence_id]
    dataset = bundle.datasets.get(evidence.dataset) if evidence.dataset else None
    publisher = organisation(bundle, dataset.publisher) if dataset else None
    return {**named(evidence), "fetched_from": publisher, "upload": evidence.upload}


def _question(bundle: ServiceBundle, field: FormField) -> dict[str, Any]:
    element = bundle.elements.get(field.element) if field.element else None
    label = field.label or (element.question or element.name if element else None)
    return {
        "key": field.key,
        "type": field.type or (element.type if element else "string"),
        "label": say(label) or field.key,
        "hint": say(field.hint or (element.hint if element else None)),
        "required": field.required,
        "when": field.when,
        "options": [{"code": code, "name": name} for code, name in options(bundle, field, language())],
        "example": element.example if element else None,
        "unit": element.unit if element else None,
        "max_length": element.max_length if element else None,
    }


def _step(bundle: ServiceBundle, step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "name": say(step.name) or step.id,
        "nature": "work" if step.by else ("pay" if step.pay else "output"),
        "organisation": organisation(bundle, step.by.partition("/")[0]) if step.by else None,
        "post": step.by,
        "after": list(step.after),
        "when": step.when,
        "deadline": step.deadline,
        "overdue": step.overdue,
        "legal": step.legal,
    }


def _cost(bundle: ServiceBundle, cost: Cost) -> dict[str, Any]:
    return {
        "id": cost.id,
        "name": say(cost.name),
        "amount": format(cost.amount, "f"),
        "currency": bundle.jurisdiction.currency,
        "exempt_when": cost.exempt_when,
        "legal": cost.legal,
    }


def life_event(register: Register, event: LifeEvent) -> dict[str, Any]:
    """A life event as a list shows it."""
    services = [register.services[each.service] for each in event.services if each.service in register.services]
    return {
        **named(event),
        "summary": say(event.summary or event.description),
        "bundle": event.bundle,
        "services": [named(each) for each in services],
    }
