"""What other governments read of the register, judged by the published shapes and a validator nobody here wrote."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from commonweal.register import Register, load
from commonweal.register.exports import Holding, cpsv_ap, dcat_ap

ROOT = Path(__file__).resolve().parents[3]
SHAPES = Path(os.environ.get("COMMONWEAL_SHARED", ROOT.parent / "shared")) / "standards"
BASE = "https://riverland.example/id"


@pytest.fixture(scope="module")
def register() -> Register:
    found, _ = load(ROOT / "examples" / "riverland")
    assert found is not None
    return found


def judge(document: dict[str, Any], shapes: str) -> None:
    """Assert that the document conforms to a published shapes file."""
    if not (SHAPES / shapes).exists():
        pytest.skip(f"{shapes} is not here; set COMMONWEAL_SHARED to the folder that has standards/")
    pyshacl = pytest.importorskip("pyshacl")
    import rdflib

    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    conforms, _, text = pyshacl.validate(graph, shacl_graph=str(SHAPES / shapes), advanced=True)
    assert conforms, text[:4000]


def nodes(document: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {
        n["@id"]: n for n in document["@graph"] if kind in ([n["@type"]] if isinstance(n["@type"], str) else n["@type"])
    }


def test_services_conform_to_cpsv_ap(register: Register) -> None:
    document = cpsv_ap(register, BASE)
    assert set(nodes(document, "cpsv:PublicService")) == {f"{BASE}/service/{each}" for each in register.services}
    judge(document, "cpsv-ap-3.2.0-shacl.ttl")


def test_datasets_conform_to_dcat_ap(register: Register) -> None:
    open_one = next(each.id for each in register.datasets.values() if each.access == "open")
    closed = next(each.id for each in register.datasets.values() if each.access == "restricted")
    held = Holding(datetime(2026, 1, 2, tzinfo=UTC), {"csv": "https://riverland.example/a.csv"})
    document = dcat_ap(register, BASE, {open_one: held, closed: held})
    datasets = nodes(document, "dcat:Dataset")
    assert set(datasets) == {f"{BASE}/dataset/{each}" for each in register.datasets}
    assert "dcat:distribution" in datasets[f"{BASE}/dataset/{open_one}"]
    assert "dcat:distribution" not in datasets[f"{BASE}/dataset/{closed}"]
    judge(document, "dcat-ap-3.0.1-shapes.ttl")


def test_a_reader_finds_cost_deadline_law_and_both_languages(register: Register) -> None:
    document = cpsv_ap(register, BASE)
    by_id = {node["@id"]: node for node in document["@graph"]}
    service = by_id[f"{BASE}/service/open-restaurant"]
    declared = register.services["open-restaurant"]
    assert declared.deadline is not None
    assert service["cv:processingTime"]["@value"] == declared.deadline.total
    assert {each["@language"] for each in service["dct:title"]} == {"en", "zh-Hans"}
    cost = by_id[service["cv:hasCost"][0]["@id"]]
    assert cost["cv:value"]["@value"] == str(declared.cost[0].amount)
    assert all(each["@id"] in by_id for each in service["cv:hasLegalResource"])


def test_every_reference_resolves_inside_the_file(register: Register) -> None:
    for document in (cpsv_ap(register, BASE), dcat_ap(register, BASE)):
        known = {node["@id"] for node in document["@graph"]}

        def referred(value: Any) -> set[str]:
            if isinstance(value, list):
                return {found for each in value for found in referred(each)}
            if isinstance(value, dict) and set(value) == {"@id"}:
                return {value["@id"]}
            return set()

        for node in document["@graph"]:
            for name, value in node.items():
                if not name.startswith("@"):
                    assert referred(value) <= known, (node["@id"], name)
