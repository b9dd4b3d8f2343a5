"""The pages of certificates: for holders, for whoever was handed one, for the officials who keep them."""

from __future__ import annotations

import io
import json
import logging
import re
from datetime import timedelta

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commonweal.core import clock
from commonweal.core.identity.models import Person
from commonweal.office.casework.models import Case
from commonweal.office.certificates import actions, credentials, jose, listing, sealing, statuslist
from commonweal.office.certificates.models import Certificate, StatusList
from tests.room.office.conftest import MONDAY
from tests.unit.certificates.wallet import Key

pytestmark = [pytest.mark.room, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _later(certificate):
    with clock.travel(MONDAY + timedelta(days=10)):
        yield


def browser(actor=None, hat: str | None = None) -> Client:
    client = Client()
    if actor is not None:
        client.force_login(Person.objects.get(ref=actor.id))
    if hat:
        client.post("/hat", {"hat": hat})
    return client


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_anybody_checks_a_certificate_without_signing_in(certificate, language):
    client = browser()
    client.cookies["django_language"] = language
    assert client.get("/verify").status_code == 200
    answer = client.post("/verify", {"text": credentials.code(certificate)})
    said = re.search(r'id="verdict">([^<]*)<', answer.content.decode())[1]
    expected = {"en": "Market office issued Market pass MP00001 to Ana Reed, and it is in force today.",
                "zh-hans": "MP00001"}  # fmt: skip
    assert expected[language] in said
    assert answer.status_code == 200


def test_a_phone_opens_the_answer_from_the_code(certificate):
    path = credentials.code(certificate).removeprefix("HTTPS://COMMONWEAL.LOCAL")
    assert "in force" in text(browser().get(path))


def test_checking_leaves_nothing_behind(market, certificate, caplog, settings):
    """No row is written, no file is kept, no line of log tells what was asked about."""
    caplog.set_level(logging.DEBUG)
    credential = actions.credential(market.holder, certificate.ref)
    picture = io.BytesIO()
    segno.make(credentials.code(certificate), error="m").save(picture, kind="png", scale=4)
    before = sorted(settings.HOME.rglob("*"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client = browser()
        client.post("/verify", {"text": credential})
        client.post("/verify", {"file": SimpleUploadedFile("photo.png", picture.getvalue())})
        client.post("/verify", {"number": "MP00001", "fact": "Ana Reed"})
        client.get(credentials.code(certificate).removeprefix("HTTPS://COMMONWEAL.LOCAL"))
    writes = [
        each["sql"] for each in asked if not each["sql"].lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE"))
    ]
    assert writes == []
    assert sorted(settings.HOME.rglob("*")) == before
    logged = " ".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert not any(secret in logged for secret in ("Ana Reed", "MP00001", credential[:60], "/V/"))
    assert not client.cookies.get("sessionid")


def test_too_much_is_refused_before_it_is_looked_at():
    too_large = SimpleUploadedFile("x.pdf", b"%PDF" + b"0" * (10 * 1024 * 1024 + 1))
    answer = browser().post("/verify", {"file": too_large})
    assert answer.status_code == 422
    assert "too large" in text(answer)


def test_a_number_alone_is_not_enough():
    answer = browser().post("/verify", {"number": "MP00001"})
    assert answer.status_code == 422
    assert "Ana" not in text(answer)


def test_the_holder_finds_it_takes_it_and_shows_a_part(market, certificate):
    client = browser(market.holder)
    assert "MP00001" in text(client.get("/certificates"))
    page = client.get(f"/certificates/{certificate.ref}")
    assert "Ana&#x27;s Noodles" in page.content.decode()
    assert client.get(f"/certificates/{certificate.ref}/code.svg").content.startswith(b"<?xml")
    key = Key()
    taken = client.post(f"/certificates/{certificate.ref}/credential", {"key": json.dumps(key.jwk)})
    assert jose.parse(taken.content.decode().split("~")[0]).payload["cnf"]["jwk"]["x"] == key.jwk["x"]
    shared = client.post(f"/certificates/{certificate.ref}/share", {"fact": ["stall.name"]}).content.decode()
    presentation = re.search(r"<textarea[^>]*>([^<]*)</textarea>", shared)[1]
    answer = text(browser().post("/verify", {"text": presentation}))
    assert "Noodles" in answer
    assert "Ana Reed" not in answer
    assert "2 facts" in answer


@pytest.mark.parametrize("typed", ["{", "[]", "7", '{"kty":"RSA"}', '{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}'])
def test_a_wrong_key_is_explained(market, certificate, typed):
    answer = browser(market.holder).post(f"/certificates/{certificate.ref}/credential", {"key": typed})
    assert answer.status_code == 422


def test_an_official_suspends_and_revokes_and_the_world_knows(market):
    certificate = Certificate.objects.get()
    first, second = browser(market.examiner, "staff"), browser(market.second, "staff")
    address = f"/desk/certificates/{certificate.ref}"
    assert "MP00001" in text(first.get("/desk/certificates?q=mp0"))
    form = {"act": "revoke", "reason": "The stall was never built", "revision": certificate.revision}
    assert "second official" in text(first.post(address, form, follow=True))
    assert "in force" in text(browser().post("/verify", {"text": credentials.code(certificate)}))
    refused = first.post(address, {"act": "confirm", "revision": certificate.revision})
    assert refused.status_code == 409
    assert second.post(address, {"act": "confirm", "revision": certificate.revision}).status_code == 302
    assert "Revoked: no longer valid" in text(browser().post("/verify", {"text": credentials.code(certificate)}))
    told = text(browser(market.holder).get(f"/certificates/{certificate.ref}"))
    assert "The stall was never built" in told
    application = Case.objects.get(ref=certificate.case).application.ref
    assert "Revoked · MP00001" in text(browser(market.holder).get(f"/applications/{application}"))
    assert browser(market.elsewhere, "staff").get(address).status_code == 404


def test_the_published_list_tells_a_verifier_what_became_of_it(certificate):
    client = browser()
    metadata = client.get("/.well-known/jwt-vc-issuer").json()
    keys = jose.keys_of(metadata)
    now = int(clock.now().timestamp())

    def state() -> int:
        answer = client.get(f"/status-lists/{certificate.status_list_id}")
        assert answer["Content-Type"] == "application/statuslist+jwt"
        uri, content, bits = statuslist.read(answer.content.decode(), keys, now)
        assert uri == f"https://commonweal.local/status-lists/{certificate.status_list_id}"
        return statuslist.state(content, bits, certificate.status_index)

    assert state() == statuslist.VALID
    row = Certificate.objects.get()
    row.status = Certificate.SUSPENDED
    row.seal = sealing.seal(row)
    row.save()
    listing.seal_again(row.status_list_id)
    assert state() == statuslist.SUSPENDED
    assert metadata["issuer"] == "https://commonweal.local"
    assert client.get("/status-lists/99999").status_code == 404


def test_a_list_that_the_database_was_made_to_change_is_not_published(market, certificate):
    address = f"/status-lists/{certificate.status_list_id}"
    actions.change(market.examiner, certificate.ref, actions.REVOKE, "The stall was never built", revision=1)
    row = Certificate.objects.get(pk=certificate.pk)
    if row.status == Certificate.VALID:  # where two officials are needed
        actions.confirm(market.second, certificate.ref, revision=row.revision)
    assert Certificate.objects.get(pk=certificate.pk).status == Certificate.REVOKED
    assert browser().get(address).status_code == 200
    Certificate.objects.filter(pk=certificate.pk).update(status=Certificate.VALID)
    changed = browser().get(address)
    assert changed.status_code >= 400
    assert b"eyJ" not in changed.content
    StatusList.objects.update(seal=None)
    assert browser().get(address).status_code >= 400


FORMS = ("document.pdf", "code.svg")


@pytest.mark.parametrize("form", FORMS)
def test_a_changed_record_is_sealed_for_nobody(market, certificate, form):
    """Whoever can write in the database cannot have a false name sealed by asking for the paper anew."""
    client = browser(market.holder)
    address = f"/certificates/{certificate.ref}/{form}"
    assert client.get(address).status_code == 200
    row = Certificate.objects.get()
    row.content["holder"]["name"] = "Somebody Else"
    row.save()
    answer = client.get(address)
    assert answer.status_code == 409
    assert "record of this certificate is damaged" in text(answer)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("status", "answered"), [("suspended", 200), ("revoked", 409), ("replaced", 409)])
def test_what_is_over_for_good_is_not_made_anew(market, certificate, form, status, answered):
    row = Certificate.objects.get()
    row.status = status
    row.seal = sealing.seal(row)
    row.save()
    client = browser(market.holder)
    assert client.get(f"/certificates/{certificate.ref}/{form}").status_code == answered
    taken = client.post(f"/certificates/{certificate.ref}/credential")
    assert taken.status_code == answered
    assert "apply" not in text(taken), "it is about a certificate, and not about an application"


HALF = json.loads('"\\ud800"')
"""Half of a character: JSON can say it, and no page can be written with it."""


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"typ": []}, {}), ({"typ": {}}, {}), ({}, {"iss": HALF}),
        ({}, {"status": {"status_list": {"idx": 1, "uri": "/²"}}}),
    ],
)  # fmt: skip
def test_a_strange_text_is_answered_with_a_page(certificate, header, claims):
    def packed(value):
        return jose.encode(json.dumps(value).encode())

    head = packed({"alg": "ES256", "typ": "dc+sd-jwt", **header})
    body = packed({"iat": 1, "number": "MP00001", "vct": "/a/b", **claims})
    answer = browser().post("/verify", {"text": f"{head}.{body}.{packed(7)}~"})
    assert answer.status_code == 200
    assert "damaged or cut short" in text(answer)
