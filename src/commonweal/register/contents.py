"""The collections of declarations that a register and a service bundle both hold."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Self, TypeVar

from commonweal.register import canonical
from commonweal.register.models import (
    KINDS,
    CodeList,
    DataElement,
    Dataset,
    Declared,
    EvidenceType,
    Jurisdiction,
    LegalResource,
    Post,
    PublicOrganisation,
    Region,
)

D = TypeVar("D", bound=Declared)
FORMAT = 1
"""Version of the JSON that `to_json` writes."""


def _none() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Contents(ABC):
    """Declarations by kind and id. Equal when their canonical JSON is."""

    jurisdiction: Jurisdiction
    regions: Mapping[str, Region] = field(default_factory=_none)
    organisations: Mapping[str, PublicOrganisation] = field(default_factory=_none)
    posts: Mapping[str, Post] = field(default_factory=_none)
    laws: Mapping[str, LegalResource] = field(default_factory=_none)
    codelists: Mapping[str, CodeList] = field(default_factory=_none)
    elements: Mapping[str, DataElement] = field(default_factory=_none)
    evidence: Mapping[str, EvidenceType] = field(default_factory=_none)
    datasets: Mapping[str, Dataset] = field(default_factory=_none)

    def all(self) -> Iterator[Declared]:
        """Every declaration held, the jurisdiction first, then kind by kind in the order of their ids."""
        yield self.jurisdiction
        for part in (
            self.regions, self.organisations, self.posts, self.laws, self.codelists, self.elements,
            self.evidence, self.datasets,
        ):  # fmt: skip
            yield from part.values()

    def to_json(self) -> str:
        """Canonical JSON, from which `from_json` makes an equal value."""
        return canonical.dumps({"format": FORMAT, "objects": [canonical.plain(each) for each in self.all()]})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        whole = json.loads(text)
        if not isinstance(whole, dict) or whole.get("format") != FORMAT:
            raise ValueError(f"not a register of format {FORMAT}")
        return cls.of(KINDS[each["kind"]].model_validate(each) for each in whole["objects"])

    @classmethod
    @abstractmethod
    def of(cls, objects: Iterable[Declared]) -> Self:
        """Sort declarations into their collections. Raises ValueError without exactly one jurisdiction."""

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal: the name of this version."""
        return canonical.digest(self.to_json())

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.hash == self.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).from_json, (self.to_json(),)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.jurisdiction.id}>"


def sorted_by_id(objects: Iterable[Declared], kind: type[D]) -> Mapping[str, D]:
    """The declarations of one kind by id, in the order of their ids, not to be changed."""
    mine = sorted((each for each in objects if isinstance(each, kind)), key=lambda each: each.id)
    return MappingProxyType({each.id: each for each in mine})


def only_jurisdiction(objects: Iterable[Declared]) -> Jurisdiction:
    """The one jurisdiction among the declarations. Raises ValueError for none or several."""
    found = [each for each in objects if isinstance(each, Jurisdiction)]
    if len(found) != 1:
        raise ValueError(f"a register has exactly one Jurisdiction, not {len(found)}")
    return found[0]


def collections(objects: Iterable[Declared]) -> dict[str, Any]:
    """The arguments common to a register and a bundle."""
    held = list(objects)
    return {
        "jurisdiction": only_jurisdiction(held),
        "regions": sorted_by_id(held, Region),
        "organisations": sorted_by_id(held, PublicOrganisation),
        "posts": sorted_by_id(held, Post),
        "laws": sorted_by_id(held, LegalResource),
        "codelists": sorted_by_id(held, CodeList),
        "elements": sorted_by_id(held, DataElement),
        "evidence": sorted_by_id(held, EvidenceType),
        "datasets": sorted_by_id(held, Dataset),
    }
