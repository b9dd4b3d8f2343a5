"""Datasets as DCAT-AP 3 (DCAT Application Profile for data portals in Europe, SEMIC) JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from commonweal.register.exports.cpsv import law, organisation
from commonweal.register.exports.graph import Graph, Node, plain, typed, words
from commonweal.register.models import Dataset
from commonweal.register.register import Register

FREQUENCY_AUTHORITY = "http://publications.europa.eu/resource/authority/frequency/"
FREQUENCIES = {
    "once": "NEVER",
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "monthly": "MONTHLY",
    "yearly": "ANNUAL",
    "continuous": "CONT",
}
ACCESS_AUTHORITY = "http://publications.europa.eu/resource/authority/access-right/"
ACCESS = {"open": "PUBLIC", "shared": "RESTRICTED", "restricted": "NON_PUBLIC"}
MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet", "json": "application/json"}


@dataclass(frozen=True)
class Holding:
    """What the lake holds of a dataset: when it last changed, and where each format can be fetched."""

    modified: datetime | None = None
    downloads: Mapping[str, str] | None = None


def dcat_ap(register: Register, base: str, holdings: Mapping[str, Holding] | None = None) -> Node:
    """The catalogue of every declared dataset. Only open ones carry download addresses.

    `base` is the address under which the jurisdiction's things are named; `holdings` is what has been collected.
    """
    graph = Graph(base)
    held = holdings or {}
    publisher = next(iter(register.organisations), None)
    datasets = [_dataset(graph, register, each, held.get(each.id, Holding())) for each in register.datasets.values()]
    jurisdiction = register.jurisdiction
    graph.add(
        graph.iri("catalogue"),
        "dcat:Catalog",
        dct_title=words(jurisdiction.name),
        dct_description=words(jurisdiction.description or jurisdiction.name),
        dct_publisher=organisation(graph, register, publisher) if publisher else None,
        dct_language=[graph.language(code) for code in jurisdiction.languages],
        dcat_dataset=datasets,
    )
    return graph.document()


def _dataset(graph: Graph, register: Register, dataset: Dataset, held: Holding) -> Node:
    name = graph.iri("dataset", dataset.id)
    known = dataset.publisher in register.organisations
    frequency = graph.add(FREQUENCY_AUTHORITY + FREQUENCIES[dataset.rhythm], "dct:Frequency")
    rights = graph.add(ACCESS_AUTHORITY + ACCESS[dataset.access], "dct:RightsStatement")
    return graph.add(
        name,
        "dcat:Dataset",
        dct_identifier=dataset.id,
        dct_title=words(dataset.name),
        dct_description=words(dataset.description or dataset.name),
        dct_publisher=organisation(graph, register, dataset.publisher) if known else None,
        dct_accrualPeriodicity=frequency,
        dct_accessRights=rights,
        dcatap_applicableLegislation=law(graph, register, dataset.legal),
        dct_modified=typed(held.modified.isoformat(), "dateTime") if held.modified else None,
        dcat_keyword=[each for column in dataset.columns for each in _keyword(register, column.element)],
        dct_provenance=_provenance(graph, name, dataset),
        dcat_distribution=[
            _distribution(graph, name, dataset, form, address)
            for form, address in sorted((held.downloads or {}).items())
            if dataset.access == "open"
        ],
    )


def _keyword(register: Register, element: str) -> list[Node]:
    declared = register.elements.get(element)
    return (words(declared.name) or []) if declared else []


def _provenance(graph: Graph, name: str, dataset: Dataset) -> Node | None:
    if not dataset.attribution:
        return None
    return graph.add(f"{name}/provenance", "dct:ProvenanceStatement", rdfs_label=plain(dataset.attribution))


def _distribution(graph: Graph, name: str, dataset: Dataset, form: str, address: str) -> Node:
    licence = None
    if dataset.licence:
        licence = graph.add(
            graph.iri("licence", dataset.licence), "dct:LicenseDocument", dct_title=plain(dataset.licence)
        )
    media = "http://www.iana.org/assignments/media-types/" + MEDIA_TYPES.get(form, "application/octet-stream")
    return graph.add(
        f"{name}/distribution/{form}",
        "dcat:Distribution",
        dcat_accessURL=graph.add(address, "rdfs:Resource"),
        dcat_downloadURL=graph.add(address, "rdfs:Resource"),
        dcat_mediaType=graph.add(media, "dct:MediaType"),
        dct_license=licence,
    )
