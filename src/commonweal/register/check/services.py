"""One service: what it names exists, what it costs is paid, what it promises is issued."""

from __future__ import annotations

from string import Formatter

from commonweal.register.celtypes import unreadable
from commonweal.register.check import signing
from commonweal.register.check.context import Context
from commonweal.register.check.standard import bounds
from commonweal.register.models import (
    CodeList,
    DataElement,
    EvidenceType,
    FormField,
    LifeEvent,
    Post,
    PublicOrganisation,
    PublicService,
)
from commonweal.register.naming import evidence_of, organisation_of

NUMBER_PARTS = ("year", "region", "seq")


def check(context: Context, service: PublicService) -> None:
    """Judge one service's references, form, costs and outputs."""
    context.refer(service, ("authority",), PublicOrganisation, service.authority, "organisation")
    if service.event is not None and context.refer(service, ("event",), LifeEvent, service.event, "life event"):
        event = context.events.get(service.event)
        if event is not None and all(each.service != service.id for each in event.services):
            message = f"“{event.id}” does not list “{service.id}”"
            context.warn(service, ("event",), "not-in-event", message)
    for path, name in evidence_of(service):
        context.refer(service, path, EvidenceType, name, "evidence type")
    for key in ("requirements", "cost", "outputs"):
        names = [each.id for each in getattr(service, key)]
        if len(set(names)) < len(names):
            context.once(service, (key,), names, key.rstrip("s"))
    _form(context, service)
    _place(context, service)
    _costs(context, service)
    _outputs(context, service)
    signing.check(context, service)


def _form(context: Context, service: PublicService) -> None:
    keys = [field.key for field in service.form]
    if len(set(keys)) < len(keys):
        context.once(service, ("form",), keys, "question")
    for i, field in enumerate(service.form):
        if field.element is None:
            _local(context, service, i, field)
        elif context.refer(service, ("form", i, "element"), DataElement, field.element, "data element"):
            element = context.elements.get(field.element)
            if element is not None:
                _bound(context, service, i, field, element)


def _local(context: Context, service: PublicService, i: int, field: FormField) -> None:
    """A question of this form's own is checked as a data element is."""
    path = ("form", i)
    if unreadable(field.key) is not None:
        message = f"No rule could read “{field.key}”: “{field.id}” means something else in rules"
        context.fault(service, (*path, "id"), "reserved-word", message)
    if field.codelist is not None:
        context.refer(service, (*path, "codelist"), CodeList, field.codelist, "code list")
    if (field.type == "code") != (field.codelist is not None):
        needs = "needs a code list" if field.type == "code" else f"is of type {field.type}, which has no code list"
        context.fault(service, (*path, "type"), "codelist-type", f"“{field.id}” {needs}")
    bounds(context, service, path, str(field.type), field.min, field.max)


def _bound(context: Context, service: PublicService, i: int, field: FormField, element: DataElement) -> None:
    """A form may narrow what the standard says of an element, and never change or widen it."""
    path = ("form", i)
    for key in ("type", "codelist"):
        mine, standard = getattr(field, key), getattr(element, key)
        if mine is not None and mine != standard:
            message = f"“{element.id}” has the {key} “{standard}” in the standard; a form cannot change it"
            context.fault(service, (*path, key), "changes-standard", message, standard)
    bounds(context, service, path, element.type, field.min, field.max)
    for key, wider in (("min", lambda a, b: a < b), ("max", lambda a, b: a > b)):
        mine, standard = getattr(field, key), getattr(element, key)
        if mine is not None and standard is not None and type(mine) is type(standard) and wider(mine, standard):
            message = f"“{element.id}” has the {key} {standard} in the standard; a form can only narrow it"
            context.fault(service, (*path, key), "changes-standard", message, str(standard))


def _place(context: Context, service: PublicService) -> None:
    """The answer that routes a case is a region, and is asked; branches need one."""
    if service.place is not None:
        asked = {field.element for field in service.form if field.element}
        element = context.elements.get(service.place)
        if not context.refer(service, ("place",), DataElement, service.place, "data element"):
            return
        if service.place not in asked:
            message = f"“{service.place}” routes the case but is not asked in the form"
            context.fault(service, ("place",), "never-asked", message)
        if element is not None and element.type != "region":
            message = f"“{element.id}” is of type {element.type}; a case is routed by a region"
            context.fault(service, ("place",), "not-a-region", message)
        return
    for i, step in enumerate(service.steps):
        organisation = context.organisations.get(organisation_of(step.by)) if step.by else None
        if organisation is not None and organisation.region is None and organisation.level != "province":
            message = (
                f"“{organisation.id}” has a branch in every {organisation.level}: without a place the case"
                " goes to the one where the applicant lives"
            )
            context.warn(service, ("steps", i, "by"), "no-place", message)
            return


def _costs(context: Context, service: PublicService) -> None:
    """Every cost is paid in one step, and every payment is of a cost."""
    known = {cost.id for cost in service.cost}
    paid: set[str] = set()
    for i, step in enumerate(service.steps):
        for k, name in enumerate(step.pay):
            if name not in known:
                message = f"“{service.id}” has no cost “{name}”"
                context.fault(service, ("steps", i, "pay", k), "unknown-name", message, context.suggest(name, known))
            elif name in paid:
                context.fault(service, ("steps", i, "pay", k), "paid-twice", f"“{name}” is paid in an earlier step")
            paid.add(name)
    for i, cost in enumerate(service.cost):
        if cost.id not in paid:
            message = f"No step lets anybody pay “{cost.id}”: add a step with pay: [{cost.id}]"
            context.fault(service, ("cost", i), "never-paid", message)


def _outputs(context: Context, service: PublicService) -> None:
    """Every output is issued by a step, every step issues an output that is declared; numbers can be made."""
    known = {output.id for output in service.outputs}
    issued = {step.output for step in service.steps if step.output}
    for i, step in enumerate(service.steps):
        if step.output is not None and step.output not in known:
            message = f"“{service.id}” has no output “{step.output}”"
            context.fault(service, ("steps", i, "output"), "unknown-name", message, context.suggest(step.output, known))
    for i, output in enumerate(service.outputs):
        if output.id not in issued:
            message = f"No step issues “{output.id}”: add a step with output: {output.id}"
            context.fault(service, ("outputs", i), "never-issued", message)
        if output.seal is not None:
            context.refer(service, ("outputs", i, "seal"), PublicOrganisation, output.seal, "organisation")
        for k, post in enumerate(output.kept_by):
            context.refer(service, ("outputs", i, "kept_by", k), Post, post, "post")
        problem = number_problem(output.number) if output.number is not None else None
        if problem:
            context.fault(service, ("outputs", i, "number"), "bad-number", problem)


def number_problem(number: str) -> str | None:
    """Why a number pattern such as `FB{year}-{region}-{seq:06}` cannot be used, or None when it can."""
    try:
        parts = [(name, form, turn) for _, name, form, turn in Formatter().parse(number) if name is not None]
    except ValueError as error:
        return f"“{number[:60]}” is not a number pattern: {error}"
    for name, form, turn in parts:
        if name not in NUMBER_PARTS or turn:
            return f"{{{name}}} is not known in a number; use {{year}}, {{region}} and {{seq:06}}"
        if form and not (name == "seq" and form.isascii() and form.isdigit() and int(form) <= 20):
            return f"“{form[:20]}” cannot follow {name}; only seq takes a width, as in {{seq:06}}"
    if not any(name == "seq" for name, _, _ in parts):
        return "A number needs {seq}, or two outputs would have the same"
    return None
