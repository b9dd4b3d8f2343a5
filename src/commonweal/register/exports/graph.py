"""A JSON-LD graph in the making: nodes with types of their own, so that every reference resolves in the same file.

Both profiles fail their shapes when a concept or place is only pointed at; here whatever is pointed at is also typed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from commonweal.register.models import Text

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
LANGUAGE_AUTHORITY = "http://publications.europa.eu/resource/authority/language/"
LANGUAGES = {"en": "ENG", "zh": "ZHO", "fr": "FRA", "de": "DEU", "es": "SPA", "pt": "POR", "ru": "RUS", "ar": "ARA"}
"""The EU Publications Office's three-letter codes for languages met so far."""

Node = dict[str, Any]


@dataclass
class Graph:
    """Nodes by identifier; a node said twice is merged."""

    base: str
    nodes: dict[str, Node] = field(default_factory=dict)

    def iri(self, *parts: str) -> str:
        """The address of a declared thing under the jurisdiction's own base."""
        return "/".join([self.base.rstrip("/"), *(quote(part, safe="/") for part in parts)])

    def add(self, identifier: str, types: str | list[str], **properties: Any) -> Node:
        """Add a node; absent values are left out. Property names use `_` for the colon. Returns a reference to it."""
        node = self.nodes.setdefault(identifier, {"@id": identifier, "@type": types})
        node.update(
            {name.replace("_", ":", 1): value for name, value in properties.items() if value not in (None, [], "")}
        )
        return {"@id": identifier}

    def concept(self, kind: str, code: str, label: Text | None = None) -> Node:
        """A concept of one of the platform's own small vocabularies."""
        return self.add(
            self.iri("concept", kind, code), "skos:Concept", skos_prefLabel=words(label) if label else plain(code)
        )

    def language(self, code: str) -> Node:
        """A language of the jurisdiction, as the Publications Office names it."""
        known = LANGUAGES.get(code.split("-")[0], "MUL")
        return self.add(LANGUAGE_AUTHORITY + known, "dct:LinguisticSystem")

    def document(self) -> Node:
        """The finished JSON-LD document, nodes in the order they were first said."""
        return {"@context": PREFIXES, "@graph": list(self.nodes.values())}


def words(text: Text | None) -> list[Node] | None:
    """A text in all its languages; Chinese is tagged with its script (BCP 47)."""
    if text is None:
        return None
    return [{"@value": value, "@language": tag(language)} for language, value in text.root.items()]


def plain(value: str) -> list[Node]:
    """A text that is the same in every language."""
    return [{"@value": value, "@language": "en"}]


def tag(language: str) -> str:
    """The jurisdiction's language code as BCP 47 writes it."""
    return {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}.get(language, language)


def typed(value: str, kind: str) -> Node:
    """A literal with an XML Schema type."""
    return {"@value": value, "@type": f"xsd:{kind}"}


def named(iris: Iterable[Node]) -> list[Node]:
    """References without repeats, in order."""
    return list({each["@id"]: each for each in iris}.values())
