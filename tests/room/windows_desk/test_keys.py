"""The page of keys, and the authority's public addresses."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from commonweal.core.custody.models import KeyRequest
from commonweal.core.declared.actions import publish
from commonweal.core.identity.actions import add_person, appoint
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.trust import authority

pytestmark = [pytest.mark.room, pytest.mark.django_db]
RIVERLAND = Path(__file__).parents[3] / "examples" / "riverland"


def _browser(name: str, post: str) -> Client:
    person = add_person(SYSTEM, name, name.title(), password="correct horse battery")
    appoint(SYSTEM, person, post, "riverland")
    browser = Client()
    browser.force_login(person)
    return browser


@pytest.fixture
def office(db: Any, settings: Any, tmp_path: Path) -> dict[str, Client]:
    settings.JURISDICTION = RIVERLAND
    settings.KEYS_ROOT, settings.TRUST_ROOT = tmp_path / "keys", tmp_path / "trust"
    publish(SYSTEM, RIVERLAND)
    posts = {"ann": "data-bureau/steward", "ben": "data-bureau/head", "tam": "audit-office/auditor"}
    return {name: _browser(name, post) for name, post in posts.items()}


def test_one_asks_and_another_approves(office: dict[str, Client]) -> None:
    before = authority.current().certificate("document-seal").serial_number
    form = {"what": "rotate:document-seal", "reason": "The yearly new key"}
    assert office["ann"].post("/desk/keys", form).status_code == 302
    asked = KeyRequest.objects.get()
    page = office["ann"].get("/desk/keys").content.decode()
    assert "You asked; another person decides." in page
    assert 'value="approve"' not in page
    assert office["ann"].post(f"/desk/keys/{asked.ref}", {"decision": "approve"}).status_code == 409
    assert 'value="approve"' in office["ben"].get("/desk/keys").content.decode()
    assert office["ben"].post(f"/desk/keys/{asked.ref}", {"decision": "approve"}).status_code == 302
    assert authority.current().certificate("document-seal").serial_number != before
    assert office["ben"].post(f"/desk/keys/{asked.ref}", {"decision": "approve"}).status_code == 409


def test_others_do_not_learn_of_it(office: dict[str, Client]) -> None:
    assert office["tam"].get("/desk/keys").status_code == 404
    assert office["tam"].post("/desk/keys", {"what": "rotate:document-seal", "reason": "Because"}).status_code == 404
    assert 'href="/desk/keys"' not in office["tam"].get("/desk/").content.decode()
    assert 'href="/desk/keys"' in office["ann"].get("/desk/").content.decode()


@pytest.mark.parametrize("what", ["", "burn:document-seal", "rotate:journal", "revoke:document-seal:zz:superseded"])
def test_what_does_not_fit_is_marked(office: dict[str, Client], what: str) -> None:
    answer = office["ann"].post("/desk/keys", {"what": what, "reason": ""})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not KeyRequest.objects.exists()


def test_the_authority_answers_for_its_certificates(office: dict[str, Client], client: Client, tmp_path: Path) -> None:
    assert client.get("/trust/root.pem").content.startswith(b"-----BEGIN CERTIFICATE")
    assert client.get("/trust/issuing.pem").content.startswith(b"-----BEGIN CERTIFICATE")
    found = client.get("/trust/crl")
    assert found["Content-Type"] == "application/pkix-crl"
    point = str(authority.current().certificate("document-seal").extensions)
    named = point.split("/trust/crl/")[1].split("'")[0]
    assert client.get(f"/trust/crl/{named}").status_code == 200
    assert client.get("/trust/crl/00").status_code == 404
    assert client.post("/trust/ocsp", b"?", content_type="application/ocsp-request").content
    assert client.post("/trust/ocsp", b"?" * 9000, content_type="application/ocsp-request").status_code == 413


def test_openssl_takes_a_time_stamp_from_the_address(office: dict[str, Client], client: Client, tmp_path: Path) -> None:
    cache.clear()
    (tmp_path / "data").write_bytes(b"a decision")
    query, reply, root = (str(tmp_path / name) for name in ("q", "r", "root.pem"))
    subprocess.run(
        ["openssl", "ts", "-query", "-data", str(tmp_path / "data"), "-cert", "-sha512", "-out", query],
        check=True, capture_output=True,
    )  # fmt: skip
    asked = Path(query).read_bytes()
    answer = client.post("/trust/tsa", asked, content_type="application/timestamp-query")
    Path(reply).write_bytes(answer.content)
    Path(root).write_bytes(client.get("/trust/root.pem").content)
    done = subprocess.run(
        ["openssl", "ts", "-verify", "-in", reply, "-queryfile", query, "-CAfile", root], check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert "Verification: OK" in done.stdout + done.stderr
    codes = {
        client.post("/trust/tsa", asked, content_type="application/timestamp-query").status_code for _ in range(130)
    }
    assert 429 in codes
