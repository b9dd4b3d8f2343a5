"""Open data for other people's programs: CKAN's own client over a real server, and the catalogues by their shapes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ckanapi
import pytest
import requests

from commonweal.knowledge.lake.actions import collect
from tests.unit.register.test_exports import judge

pytestmark = [pytest.mark.room, pytest.mark.django_db(transaction=True)]
CLOSED = """
- {kind: DataElement, id: secret.code, type: string, sensitivity: internal, name: {en: Secret, zh-hans: 内部编号}}
- {kind: Dataset, id: closed, name: {en: Closed, zh-hans: 内部数据}, publisher: statistics, access: shared, keys: [c],
   columns: [{name: c, element: secret.code}], source: {type: file, path: schools.csv, rename: {code: c}}}
"""


@pytest.fixture
def site(declare: Callable[..., Path], live_server: Any) -> str:
    """A running deployment with an open dataset and a closed one, both collected."""
    folder = declare("{type: file, path: schools.csv}", CLOSED)
    lines = [f"S{i:03},{i * 10},2026-01-01" for i in range(150)]
    (folder / "schools.csv").write_text("\n".join(["code,pupils,changed", *lines]) + "\n")
    collect("schools")
    collect("closed")
    return str(live_server.url)


def test_the_ckan_client_lists_searches_and_downloads(site: str) -> None:
    for get_only in (False, True):
        client = ckanapi.RemoteCKAN(site, get_only=get_only)
        assert client.action.package_list() == ["schools"]
        package = client.action.package_show(id="schools")
        assert (package["title"], package["organization"]["name"], package["license_id"]) == (
            "Schools", "statistics", "CC BY 4.0",
        )  # fmt: skip
        found = client.action.package_search(q="pupils schools", rows=5)
        assert (found["count"], found["results"][0]["name"]) == (1, "schools")
        assert client.action.package_search(q="*:*", fq="organization:nobody")["count"] == 0
        assert client.action.organization_list() == ["statistics"]
        assert client.action.group_list() == []
        assert client.action.tag_list() == ["school"]
        assert client.action.status_show()["site_title"] == "Testland"
        resource = client.action.resource_show(id=package["resources"][0]["id"])
        body = requests.get(resource["url"], timeout=30).content.decode("utf-8-sig")
        assert len(body.splitlines()) == 151
        rows = client.action.datastore_search(resource_id=resource["id"], limit=2, offset=3, fields="code,pupils")
        assert (rows["total"], rows["records"][0]) == (150, {"code": "S003", "pupils": 30})
        one = client.action.datastore_search(resource_id=resource["id"], filters=json.dumps({"code": "S007"}))
        assert [row["pupils"] for row in one["records"]] == [70]
        held = client.action.datastore_search(resource_id=resource["id"], q="s14", sort="code desc", limit=3)
        assert (held["total"], [row["code"] for row in held["records"]]) == (10, ["S149", "S148", "S147"])
        there = client.action.datastore_search(resource_id=resource["id"], q=json.dumps({"code": "14"}))
        assert there["total"] == 12
        assert client.action.datastore_search(resource_id=resource["id"], q="nothing of the kind")["records"] == []
        for wrong in ({"q": json.dumps({"none": "x"})}, {"q": "{"}, {"sort": "code sideways"}, {"sort": "none"}):
            with pytest.raises(ckanapi.ValidationError):
                client.action.datastore_search(resource_id=resource["id"], **wrong)


def test_what_is_closed_or_unknown_is_not_there(site: str) -> None:
    client = ckanapi.RemoteCKAN(site)
    for name in ("closed", "nothing"):
        with pytest.raises(ckanapi.NotFound):
            client.action.package_show(id=name)
        with pytest.raises(ckanapi.NotFound):
            client.action.datastore_search(resource_id=f"{name}.csv")
    with pytest.raises(ckanapi.ValidationError):
        client.action.package_show()
    with pytest.raises(ckanapi.CKANAPIError):
        client.action.package_create(name="x")


def test_hostile_requests_end_in_an_answer(site: str) -> None:
    address = f"{site}/api/3/action/package_search"
    for body in (b"[", b"[" * 50_000, b"1", b"\xff", b'{"rows": -1}', b'{"rows": "x"}', b'{"start": 1e400}'):
        answer = requests.post(address, data=body, timeout=30)
        assert (answer.status_code, answer.json()["success"]) == (409, False), body
    assert requests.post(address, data=b" " * 70_000, timeout=30).status_code == 409
    assert requests.get(f"{site}/api/3/action/package_show?id=%00", timeout=30).status_code == 409
    search = f"{site}/api/3/action/datastore_search?resource_id=schools.csv&filters="
    assert requests.get(search + "[1]", timeout=30).status_code == 409
    assert requests.get(search + '{"nothing":1}', timeout=30).status_code == 409


def test_the_catalogues_conform_to_the_published_shapes(site: str) -> None:
    answer = requests.get(f"{site}/catalogue.jsonld", timeout=30)
    assert answer.headers["Content-Type"] == "application/ld+json"
    document = answer.json()
    addresses = [node["@id"] for node in document["@graph"] if "/download" in node["@id"]]
    assert sorted(addresses) == [f"{site}/api/v1/datasets/schools/download?format={f}" for f in ("csv", "parquet")]
    assert requests.get(addresses[0], timeout=30).status_code == 200
    judge(document, "dcat-ap-3.0.1-shapes.ttl")
    assert requests.get(f"{site}/services.jsonld", timeout=30).json()["@graph"] is not None
