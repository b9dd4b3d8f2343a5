"""Rules: each types, says yes or no, and reads only what is asked or held."""

from __future__ import annotations

import re
from collections.abc import Mapping

from commonweal.register.check.context import Context, Path
from commonweal.register.models import LifeEvent, PublicService
from commonweal.register.naming import evidence_of, names_in, rules_of
from commonweal.register.rules import Rule, RuleError, compile_rule

_COMPARED = re.compile(
    r"(?<![\w.])([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+)\s*(?:==|!=|in)\s*(\[[^\]]*\]|\"[^\"\\]*\"|'[^'\\]*')"
)
_LITERAL = re.compile(r"\"([^\"\\]*)\"|'([^'\\]*)'")


class Held:
    """What departments hold about whoever applies, by element, and what each dataset's columns are."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.about_applicants = self._columns(
            name for name, dataset in context.datasets.items() if dataset.grain in ("person", "business")
        )

    def _columns(self, names: object) -> dict[str, str]:
        elements, datasets = self.context.elements, self.context.datasets
        return {
            column.element: elements[column.element].type
            for name in names  # type: ignore[attr-defined]
            if name in datasets
            for column in datasets[name].columns
            if column.element in elements
        }

    def asked(self, service: PublicService) -> dict[str, str]:
        """The names that are asked in the form, with their types."""
        found: dict[str, str] = {}
        for field in service.form:
            element = self.context.elements.get(field.element or "")
            kind = element.type if element else field.type
            if kind:
                found[field.key] = kind
        return found

    def readable(self, service: PublicService) -> dict[str, str]:
        """What a rule of the service may read: what is asked, what its evidence holds, what is held anyway."""
        types = [self.context.evidence.get(name) for _, name in evidence_of(service)]
        answered = self._columns([each.dataset for each in types if each and each.dataset])
        asked = self.asked(service)
        rules = (name for _, rule in rules_of(service) for name in names_in(rule))
        anyway = {name: self.about_applicants[name] for name in rules if name in self.about_applicants}
        return anyway | answered | asked


def service(context: Context, held: Held, declared: PublicService) -> None:
    """Judge the rules of one service."""
    variables: Mapping[str, str] | None = None
    for path, expression in rules_of(declared):
        variables = held.readable(declared) if variables is None else variables
        rule = rule_of(context, declared, path, expression, variables)
        if rule is not None:
            _literals(context, declared, path, expression)
            if path[0] == "steps" and not rule.names and rule.program.eval(data={}).value() is False:
                context.fault(declared, path, "unreachable", "This is never true, so the step is never taken")
    _order(context, declared)


def event(context: Context, held: Held, declared: LifeEvent) -> None:
    """Judge the rules of a life event, which may read whatever one of its services asks."""
    services = [context.services[each.service] for each in declared.services if each.service in context.services]
    readable: dict[str, str] = dict(held.about_applicants)
    for each in services:
        readable |= held.asked(each)
    for i, member in enumerate(declared.services):
        if member.when is not None:
            rule_of(context, declared, ("services", i, "when"), member.when, readable)


def rule_of(
    context: Context, at: PublicService | LifeEvent, path: Path, expression: str, variables: Mapping[str, str]
) -> Rule | None:
    """The compiled rule, or None after noting why it cannot be used."""
    if not context.broken_elements.isdisjoint(names_in(expression)):
        return None  # its element has a fault of its own; what the rule is worth shows when that is mended
    try:
        rule = compile_rule(expression, variables)
    except RuleError as error:
        within = (error.line, error.column)
        context.fault(at, path, "bad-rule", error.message, error.suggestion, within=within)
        return None
    if not rule.truth:
        kind = rule.program.return_type().name().lower()
        context.fault(at, path, "not-a-condition", f"A rule says true or false; this gives a value of type {kind}")
        return None
    return rule


def _literals(context: Context, at: PublicService, path: Path, expression: str) -> None:
    """Refuse a comparison with a code or region that does not exist: it could never be true."""
    for found in _COMPARED.finditer(expression):
        element = context.elements.get(found[1])
        local = next((field for field in at.form if field.key == found[1]), None)
        kind = element.type if element else local.type if local else None
        codelist = context.codelists.get((element.codelist if element else local.codelist if local else None) or "")
        if kind == "region":
            known, what = set(context.regions), "region"
        elif codelist is not None:
            known, what = {code.code for code in codelist.codes}, f"code of “{codelist.id}”"
        else:
            continue
        for literal in _LITERAL.finditer(found[2]):
            word = literal[1] if literal[1] is not None else literal[2]
            if word not in known:
                column = found.start(2) + literal.start() + 1
                message = f"“{word[:60]}” is no {what}, so this is never equal"
                context.fault(at, path, "unknown-code", message, context.suggest(word, known), within=(1, column))


def _order(context: Context, at: PublicService) -> None:
    """A question's condition reads questions that come before it, or it could not be decided when it is asked."""
    place = {field.key: i for i, field in enumerate(at.form)}
    for i, field in enumerate(at.form):
        for name in names_in(field.when or ""):
            if place.get(name, -1) == i:
                context.fault(
                    at, ("form", i, "when"), "asked-later", f"Whether “{name}” is asked depends on its own answer"
                )
            elif place.get(name, -1) > i:
                message = (
                    f"Whether “{field.key}” is asked depends on “{name}”, which is asked only after it: put that first"
                )
                context.fault(at, ("form", i, "when"), "asked-later", message)
