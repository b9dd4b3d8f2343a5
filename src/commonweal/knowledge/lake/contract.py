"""What a dataset's declaration promises of its rows: each column bound to a data element of the unified standard."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import pyarrow as pa

from commonweal.core.errors import Refused
from commonweal.register.models import CodeList, Column, DataElement, Dataset, Region

ARROW: dict[str, pa.DataType] = {
    "integer": pa.int64(),
    "decimal": pa.float64(),
    "money": pa.decimal128(20, 2),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "year": pa.int32(),
}
"""How each element type is stored; every other type is stored as text."""


class Standard(Protocol):
    """The part of a register that the lake needs."""

    @property
    def datasets(self) -> Mapping[str, Dataset]: ...
    @property
    def elements(self) -> Mapping[str, DataElement]: ...
    @property
    def codelists(self) -> Mapping[str, CodeList]: ...
    @property
    def regions(self) -> Mapping[str, Region]: ...


@dataclass(frozen=True)
class BoundColumn:
    """A column and the element that says what may stand in it."""

    name: str
    element: DataElement
    required: bool
    codes: frozenset[str] | None = None
    spellings: Mapping[str, str] = field(default_factory=dict)
    """Names of codes, case-folded, to the code: a publisher that wrote the name meant the code."""
    names: frozenset[str] = frozenset()
    """Those names exactly as declared."""

    @cached_property
    def digits(self) -> tuple[int, ...]:
        """How many digits codes of digits have: where all have five, 1001 can only be 01001."""
        return tuple(sorted({len(code) for code in self.codes or () if code.isdigit()}))

    @property
    def type(self) -> pa.DataType:
        """The Arrow type the column is stored as."""
        return ARROW.get(self.element.type, pa.string())


@dataclass(frozen=True)
class Contract:
    """A dataset with its columns bound. Make it with `of`."""

    dataset: Dataset
    columns: tuple[BoundColumn, ...]

    @classmethod
    def of(cls, standard: Standard, dataset_id: str, *, linking: bool = False) -> Contract:
        """Bind a declared dataset; `linking` also its columns that are read for linking only and never stored.

        Raises Refused where the register does not declare what is needed.
        """
        dataset = standard.datasets.get(dataset_id)
        if dataset is None:
            raise Refused("unknown-dataset", f"There is no dataset named {dataset_id!r} in the register")
        columns = [column for column in dataset.columns if linking or column.held == "lake"]
        return cls(dataset, tuple(_bind(standard, dataset, column) for column in columns))

    @property
    def schema(self) -> pa.Schema:
        """The stored table's columns, in the declared order; all may be null in storage."""
        return pa.schema([(c.name, c.type) for c in self.columns])

    @property
    def personal(self) -> tuple[BoundColumn, ...]:
        """The columns that hold facts about a person."""
        return tuple(c for c in self.columns if c.element.sensitivity in ("personal", "sensitive"))

    @property
    def identifying(self) -> bool:
        """Whether rows as published hold facts about a person, also where the lake stores none of them."""
        return bool(self.personal) or any(column.held == "linkage" for column in self.dataset.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the declared order."""
        return tuple(c.name for c in self.columns)

    @property
    def fingerprint(self) -> str:
        """Changes whenever the stored form of the same rows would: columns, types, keys."""
        told = [(c.name, c.element.id, str(c.type)) for c in self.columns], self.dataset.keys
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def column(self, name: str) -> BoundColumn:
        """The bound column of that name. Raises KeyError."""
        found = next((c for c in self.columns if c.name == name), None)
        if found is None:
            raise KeyError(name)
        return found


def _bind(standard: Standard, dataset: Dataset, column: Column) -> BoundColumn:
    name, element_id = column.name, column.element
    element = standard.elements.get(element_id)
    if element is None:
        raise Refused(
            "unknown-element", f"Dataset {dataset.id}: column {name} is bound to {element_id}, which is not declared"
        )
    codes, spellings, names = _values(standard, element)
    required = column.required or name in dataset.keys
    return BoundColumn(name, element, required, codes, spellings, names)


def _values(standard: Standard, element: DataElement) -> tuple[frozenset[str] | None, dict[str, str], frozenset[str]]:
    """The codes an element admits, the names that stand for them (folded, and as declared).

    Names shared by two codes stand for none.
    """
    named: list[tuple[str, tuple[str, ...]]]
    if element.type == "region":
        named = [(r.id, tuple(r.name.root.values())) for r in standard.regions.values()]
    elif element.type == "code" and element.codelist is not None and element.codelist in standard.codelists:
        named = [(c.code, tuple(c.name.root.values())) for c in standard.codelists[element.codelist].codes]
    else:
        return None, {}, frozenset()
    spellings: dict[str, str] = {}
    shared: set[str] = set()
    for code, names in named:
        for name in {n.casefold() for n in names}:
            if spellings.setdefault(name, code) != code:
                shared.add(name)
    known = {name: code for name, code in spellings.items() if name not in shared}
    return frozenset(code for code, _ in named), known, frozenset(name for _, names in named for name in names)
