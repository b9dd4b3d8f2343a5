"""What every check stands on: the declarations by kind, the names known, and how to note a fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from commonweal.register.faults import Severity, nearest
from commonweal.register.models import (
    CodeList,
    DataElement,
    Dataset,
    Declared,
    EvidenceType,
    Jurisdiction,
    LegalResource,
    LifeEvent,
    Link,
    Post,
    PublicOrganisation,
    PublicService,
    Region,
)
from commonweal.register.reading import Reading

D = TypeVar("D", bound=Declared)
Path = tuple[str | int, ...]
SUGGESTIONS = 300
"""How many unknown names get a suggestion; comparing with ten thousand names takes a hundredth of a second."""


class Context:
    """One reading, looked at by all checks."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.regions = self._all(Region)
        self.organisations = self._all(PublicOrganisation)
        self.posts = self._all(Post)
        self.laws = self._all(LegalResource)
        self.codelists = self._all(CodeList)
        self.elements = self._all(DataElement)
        self.evidence = self._all(EvidenceType)
        self.datasets = self._all(Dataset)
        self.services = self._all(PublicService)
        self.events = self._all(LifeEvent)
        self.links = self._all(Link)
        self._names: dict[str, frozenset[str]] = {}
        self._suggested = 0

    @cached_property
    def jurisdiction(self) -> Jurisdiction | None:
        """The jurisdiction, or None where none could be read."""
        return next(iter(self._all(Jurisdiction).values()), None)

    @cached_property
    def broken_elements(self) -> frozenset[str]:
        """The names of data elements, and of what could not be read at all, that have faults of their own."""
        return (self.names(DataElement) - self.elements.keys()) | self.reading.unread

    def _all(self, kind: type[D]) -> Mapping[str, D]:
        return {each.id: each for each in self.reading.objects.values() if isinstance(each, kind)}

    def names(self, kind: type[Declared]) -> frozenset[str]:
        """The ids declared of a kind, those of broken declarations among them."""
        name = kind.__name__
        if name not in self._names:
            keys = (*self.reading.objects, *self.reading.broken)
            self._names[name] = frozenset(id_ for kind_, id_ in keys if kind_ == name)
        return self._names[name]

    def fault(
        self,
        at: Declared,
        path: Path,
        code: str,
        message: str,
        suggestion: str | None = None,
        severity: Severity = "error",
        on_key: bool = False,
        within: tuple[int, int] | None = None,
    ) -> None:
        """Note a fault of a declaration, at a path within it."""
        self.reading.fault((at.kind, at.id), path, code, message, suggestion, severity, on_key, within)

    def warn(self, at: Declared, path: Path, code: str, message: str, suggestion: str | None = None) -> None:
        """Note something that works but is probably not meant."""
        self.fault(at, path, code, message, suggestion, "warning")

    def refer(self, at: Declared, path: Path, kind: type[Declared], name: str, what: str) -> bool:
        """Whether `name` is declared; notes an unknown name with the nearest right one."""
        names = self.names(kind)
        if name in names or name in self.reading.unread:
            return True
        whole = [id_ for kind_, id_ in self.reading.objects if kind_ == kind.__name__]
        self.fault(at, path, "unknown-name", f"No {what} is declared as “{name}”", self.suggest(name, whole))
        return False

    def suggest(self, name: str, names: Iterable[str]) -> str | None:
        """The nearest right name, for as many unknown names as it is affordable."""
        self._suggested += 1
        return nearest(name, names) if self._suggested <= SUGGESTIONS else None

    def once(self, at: Declared, path: Path, names: Iterable[Any], what: str) -> None:
        """Note every name that a list holds twice; `path` leads to the list."""
        seen: set[Any] = set()
        for i, name in enumerate(names):
            if name in seen:
                self.fault(at, (*path, i), "declared-twice", f"The {what} “{name}” is in this list already")
            seen.add(name)
