"""The unified data standard: code lists, data elements, datasets, and what proves a requirement."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal

from commonweal.register.basis import sharing_basis
from commonweal.register.celtypes import unreadable
from commonweal.register.check import patterns, sources
from commonweal.register.check.context import Context, Path
from commonweal.register.models import (
    CodeList,
    DataElement,
    Dataset,
    Declared,
    EvidenceType,
    PublicOrganisation,
)

Bound = Decimal | date | None
NUMBERS = ("integer", "decimal", "money", "year")
WORDS = ("string", "text", "email", "phone")


def check(context: Context) -> None:
    """Judge every declaration that data is made of."""
    for codelist in context.codelists.values():
        _codelist(context, codelist)
    for element in context.elements.values():
        _element(context, element)
    _one_fact_once(context)
    for dataset in context.datasets.values():
        _dataset(context, dataset)
    for evidence in context.evidence.values():
        _evidence(context, evidence)


def _codelist(context: Context, codelist: CodeList) -> None:
    broader: dict[str, str | None] = {}
    for i, code in enumerate(codelist.codes):
        if code.code in broader:
            message = f"The code “{code.code}” is in “{codelist.id}” already"
            context.fault(codelist, ("codes", i, "code"), "duplicate-code", message)
        broader.setdefault(code.code, code.broader)
    fine: set[str] = set()
    for i, code in enumerate(codelist.codes):
        if code.broader is None:
            continue
        if code.broader not in broader:
            message = f"“{codelist.id}” has no code “{code.broader}”"
            near = context.suggest(code.broader, broader)
            context.fault(codelist, ("codes", i, "broader"), "unknown-code", message, near)
        elif _returns(broader, code.code, fine):
            message = f"The broader codes of “{code.code}” lead back to it"
            context.fault(codelist, ("codes", i, "broader"), "cycle", message)


def _returns(broader: dict[str, str | None], start: str, fine: set[str]) -> bool:
    """Whether the broader codes of `start` lead back to it; those that lead somewhere else join `fine`."""
    trail: dict[str, None] = {start: None}
    here = broader.get(start)
    while here is not None and here not in fine and here not in trail:
        trail[here] = None
        here = broader.get(here)
    fine.update(trail)
    return here == start


def _element(context: Context, element: DataElement) -> None:
    word = unreadable(element.id)
    if word is not None:
        message = f"No rule could read “{element.id}”: “{word}” means something else in rules"
        context.fault(element, ("id",), "reserved-word", message)
    if element.identifies is not None and (element.type != "string" or element.sensitivity in ("public", "internal")):
        message = f"“{element.id}” is a national identifier: it is of type string and its sensitivity is personal"
        context.fault(element, ("identifies",), "identifier-open", message, "sensitivity: personal")
    if element.codelist is not None:
        context.refer(element, ("codelist",), CodeList, element.codelist, "code list")
    if (element.type == "code") != (element.codelist is not None):
        needs = "needs a code list" if element.type == "code" else f"is of type {element.type}, which has no code list"
        context.fault(element, ("type",), "codelist-type", f"“{element.id}” {needs}")
    bounds(context, element, (), element.type, element.min, element.max)
    if element.max_length is not None and element.type not in WORDS:
        context.fault(element, ("max_length",), "bad-bounds", f"A {element.type} has no length")
    if element.pattern is None:
        return
    problem = patterns.problem(element.pattern) if element.type in WORDS else f"a {element.type} has no pattern"
    if problem:
        context.fault(element, ("pattern",), "bad-pattern", f"The pattern of “{element.id}” cannot be used: {problem}")
    elif element.example is not None and not patterns.matches(element.pattern, element.example):
        message = f"The example “{element.example[:60]}” does not fit the pattern of “{element.id}”"
        context.fault(element, ("example",), "bad-example", message)


def bounds(context: Context, at: Declared, path: Path, kind: str, low: Bound, high: Bound) -> None:
    """Refuse bounds that do not fit the type, or that leave no value between them."""
    for key, bound in (("min", low), ("max", high)):
        if bound is None:
            continue
        fits = isinstance(bound, date) if kind == "date" else isinstance(bound, Decimal) and kind in NUMBERS
        if not fits:
            wanted = "a date" if kind == "date" else "a number" if kind in NUMBERS else f"none: it is a {kind}"
            context.fault(at, (*path, key), "bad-bounds", f"“{key}” of a {kind} is {wanted}")
            return
    if low is not None and high is not None and high < low:  # type: ignore[operator]  # both fit the type
        context.fault(at, (*path, "max"), "bad-bounds", f"No value lies between {low} and {high}")


def normalised(words: str) -> str:
    """Words as they are compared: compatibility forms folded, case, spaces and punctuation left out."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def _one_fact_once(context: Context) -> None:
    """Refuse two data elements that say the same thing: one name with one type, or one concept in two entities.

    Within an entity several elements may be of one concept: the median and the mean of a time are two facts.
    """
    concepts: dict[tuple[str, str, str | None], str] = {}
    names: dict[tuple[str, str, str], str] = {}
    for element in context.elements.values():
        if element.concept:
            first = concepts.setdefault((element.concept, element.type, element.unit), element.id)
            if first.rpartition(".")[0] != element.id.rpartition(".")[0]:
                message = f"“{element.id}” and “{first}” have the concept {element.concept}: declare the fact once"
                context.fault(element, ("concept",), "same-thing", message, first)
                continue
        for language, words in element.name.root.items():
            first = names.setdefault((language, normalised(words), element.type), element.id)
            if first != element.id:
                message = f"“{element.id}” and “{first}” are both called “{words}”: use one, or name the difference"
                context.fault(element, ("name", language), "same-thing", message, first)
                break


def _dataset(context: Context, dataset: Dataset) -> None:
    columns = {column.name: column.element for column in dataset.columns}
    context.once(dataset, ("columns",), [column.name for column in dataset.columns], "column")
    context.refer(dataset, ("publisher",), PublicOrganisation, dataset.publisher, "organisation")
    for i, column in enumerate(dataset.columns):
        context.refer(dataset, ("columns", i, "element"), DataElement, column.element, "data element")
    named = [(("keys", i), key) for i, key in enumerate(dataset.keys)]
    named += [((key,), getattr(dataset, key)) for key in ("region", "period", "subject")]  # type: ignore[misc]
    for path, name in named:
        if name is not None and name not in columns:
            message = f"“{dataset.id}” has no column “{name}”"
            context.fault(dataset, path, "unknown-column", message, context.suggest(name, columns))
    for key, kinds in (("region", ("region", "code")), ("period", ("date", "year"))):
        element = context.elements.get(columns.get(getattr(dataset, key) or "", ""))
        if element is not None and element.type not in kinds:
            message = (
                f"The {key} column is bound to “{element.id}”, a {element.type}; it has to be a {' or '.join(kinds)}"
            )
            context.fault(dataset, (key,), "column-type", message)
    sources.check(context, dataset)


def _evidence(context: Context, evidence: EvidenceType) -> None:
    if evidence.dataset is None:
        if not evidence.upload:
            message = f"Neither a dataset nor an upload can satisfy “{evidence.id}”"
            context.fault(evidence, ("upload",), "unsatisfiable", message)
        return
    if not context.refer(evidence, ("dataset",), Dataset, evidence.dataset, "dataset"):
        return
    dataset = context.datasets.get(evidence.dataset)
    if dataset is None:
        return
    if dataset.source is None and not evidence.upload:
        message = f"“{dataset.id}” has no source, and no paper may be handed in: nothing can satisfy “{evidence.id}”"
        context.fault(evidence, ("dataset",), "unsatisfiable", message)
    if dataset.grain == "person" and dataset.subject is None:
        message = f"“{dataset.id}” has no subject column, so nobody's row can be found in it"
        context.fault(evidence, ("dataset",), "no-subject", message)
    if sharing_basis(context.laws, dataset, evidence) is None:
        message = f"No article named permits sharing “{dataset.id}”, so it is never asked for “{evidence.id}”"
        if evidence.upload:
            context.warn(evidence, ("dataset",), "no-legal-basis", message + ": people are asked for paper")
        else:
            context.fault(evidence, ("dataset",), "unsatisfiable", message + ", and no paper may be handed in")
