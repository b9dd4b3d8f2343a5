"""Which columns one can look at, by the declarations alone: no table is opened."""

from __future__ import annotations

from collections.abc import Sequence

from commonweal.knowledge.insight.explore.views import ColumnRow
from commonweal.register import Register
from commonweal.register.models import Column, DataElement, Dataset, Text

NUMERIC = ("integer", "decimal", "money", "boolean")
HIDDEN = ("personal", "sensitive")


def columns(register: Register, dataset: Dataset) -> list[ColumnRow]:
    """The columns of a dataset that hold figures or categories; none where its rows say neither where nor when."""
    if not (dataset.region or dataset.period):
        return []
    found = (_row(register, dataset, c) for c in dataset.columns)
    return [row for row in found if row is not None]


def _row(register: Register, dataset: Dataset, column: Column) -> ColumnRow | None:
    element = register.elements.get(column.element)
    if element is None or element.sensitivity in HIDDEN or column.name in (dataset.region, dataset.period):
        return None
    if column.name in dataset.keys or (element.type not in NUMERIC and element.type != "code"):
        return None
    publisher = register.organisations.get(dataset.publisher)
    return ColumnRow(
        key=f"{dataset.id}.{column.name}",
        dataset=dataset.id,
        dataset_name=dataset.name,
        column=column.name,
        name=element.name,
        unit=element.unit,
        publisher_name=publisher.name if publisher else Text({"en": dataset.publisher}),
        access=dataset.access,
        kind="number" if element.type in NUMERIC else "category",
        domain=_domain(register, dataset),
        timed=dataset.period is not None,
    )


def _domain(register: Register, dataset: Dataset) -> str:
    element = _element(register, dataset, dataset.region)
    if element is None:
        return ""
    return "regions" if element.type == "region" else (element.codelist or element.id)


def _element(register: Register, dataset: Dataset, name: str | None) -> DataElement | None:
    bound = next((c.element for c in dataset.columns if c.name == name), None)
    return register.elements.get(bound) if bound else None


def searched(rows: Sequence[ColumnRow], text: str) -> list[ColumnRow]:
    """Those whose names, in any language, hold every word of `text`."""
    words = text.casefold().split()
    if not words:
        return list(rows)
    return [row for row in rows if all(word in _words(row) for word in words)]


def _words(row: ColumnRow) -> str:
    texts = (*row.name.root.values(), *row.dataset_name.root.values(), *row.publisher_name.root.values(), row.key)
    return " ".join(texts).casefold()
