"""Signing over HTTP: the pages a signer walks, and what a stranger gets."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from fido2.utils import websafe_decode

from commonweal.core.identity.actions import appoint
from commonweal.core.identity.actor import SYSTEM
from commonweal.office.casework import actions, queries
from commonweal.office.casework.models import Task
from commonweal.office.signing.checking import check
from commonweal.office.signing.models import Round
from tests.room.signing.conftest import PASSWORD, Signer, draft

pytestmark = [pytest.mark.room, pytest.mark.django_db]


def browser(signer: Signer) -> Client:
    """Signed in with the passkey, as somebody who signs is."""
    client = Client(headers={"host": "localhost"})
    wanted = client.get("/sign-in/options").json()
    answer = client.post("/sign-in/passkey", {"credential": json.dumps(signer.key.use(wanted))})
    assert answer.status_code == 302, answer.content.decode()[:500]
    return client


def press_sign(client: Client, signer: Signer, ref: str) -> str:
    wanted = client.get(f"/signing/{ref}/options").json()
    answer = client.post(f"/signing/{ref}/sign", {"credential": json.dumps(signer.key.use(wanted))}, follow=True)
    return str(answer.content.decode())


def test_two_people_sign_in_their_browsers(mei: Signer, lin: Signer) -> None:
    ref = draft(mei, lin.person.ref)
    hers, his = browser(mei), browser(lin)
    assert "Make the document to sign" in hers.get(f"/applications/{ref}/check").content.decode()
    shown = hers.post(f"/applications/{ref}/sign", follow=True).content.decode()
    round = Round.objects.get()
    assert "RVD0001" in shown
    assert f'href="/signing/{round.ref}/sign"' in shown
    assert "Waits for you" in his.get("/signing").content.decode()
    assert "Something waits for your signature" in his.get("/applications").content.decode()
    wanted = his.get(f"/signing/{round.ref}/options").json()
    assert websafe_decode(wanted["publicKey"]["challenge"]).hex() == round.document
    assert "You have signed" in press_sign(his, lin, round.ref)
    assert "Everybody has signed, and it is sent" in press_sign(hers, mei, round.ref)
    pdf = his.get(f"/signing/{round.ref}/signed.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert check(pdf.content).verdict == "genuine"
    assert "The signed document" in hers.get(f"/applications/{ref}").content.decode()


def test_an_official_sees_and_checks_the_signatures(mei: Signer, lin: Signer, eve: Signer, opened: Round) -> None:
    mei.sign(opened.ref)
    lin.sign(opened.ref)
    case = queries.application(mei.actor, opened.content["application"]).cases[0].ref
    appoint(SYSTEM, eve.person, "traffic-police/registrar", Task.objects.get(case__ref=case).region)
    desk = browser(eve)
    desk.post("/hat", {"hat": "staff"})
    page = desk.get(f"/desk/cases/{case}").content.decode()
    assert "Check the signatures" in page
    checked = desk.get(f"/desk/cases/{case}/signatures").content.decode()
    assert "Everybody signed exactly this document" in checked
    assert desk.get(f"/desk/cases/{case}/signed.pdf").content.startswith(b"%PDF")
    assert browser(lin).get(f"/desk/cases/{case}/signed.pdf").status_code in {302, 404}


def test_whoever_signs_has_shown_just_now_who_they_are(lin: Signer, opened: Round) -> None:
    client = Client(headers={"host": "localhost"})
    client.post("/sign-in", {"username": lin.person.username, "password": PASSWORD})
    client.force_login(lin.person)
    answer = client.get(f"/signing/{opened.ref}/sign")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/step-up?")


def test_a_replayed_form_signs_nothing(lin: Signer, opened: Round) -> None:
    client = browser(lin)
    wanted = client.get(f"/signing/{opened.ref}/options").json()
    credential = {"credential": json.dumps(lin.key.use(wanted))}
    client.session.flush()
    client = browser(lin)
    assert client.post(f"/signing/{opened.ref}/sign", credential).status_code == 422
    assert not opened.places.filter(status="signed").exists()


def test_a_stranger_finds_nothing(eve: Signer, opened: Round) -> None:
    client = browser(eve)
    for tail in ("", "/document.pdf", "/signed.pdf", "/sign", "/options", "/upload", "/decline"):
        assert client.get(f"/signing/{opened.ref}{tail}").status_code == 404, tail
    for tail in ("/sign", "/upload", "/decline", "/withdraw", "/invite"):
        assert client.post(f"/signing/{opened.ref}{tail}").status_code == 404, tail


def test_a_code_is_shown_once_and_opens_the_document(mei: Signer, lin: Signer) -> None:
    ref = draft(mei, "Lin of Lower Lane")
    hers, his = browser(mei), browser(lin)
    shown = hers.post(f"/applications/{ref}/sign", follow=True).content.decode()
    code = shown.split('<p class="reference">')[1].split("</p>")[0]
    round = Round.objects.get()
    assert code not in hers.get(f"/signing/{round.ref}").content.decode()
    assert his.post("/signing/code", {"code": "2222-2222-2222"}).status_code == 422
    assert his.post("/signing/code", {"code": code})["Location"] == f"/signing/{round.ref}"


def test_what_is_uploaded_wrongly_is_named(lin: Signer, opened: Round) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = browser(lin)
    own = client.get(f"/signing/{opened.ref}/document.pdf").content
    for content, told in ((own, "no signature in this file yet"), (b"%PDF-1.4 other", "another document")):
        file = SimpleUploadedFile("x.pdf", content, "application/pdf")
        answer = client.post(f"/signing/{opened.ref}/upload", {"document": file})
        assert answer.status_code == 422
        assert told in answer.content.decode()


def test_declining_asks_why(mei: Signer, lin: Signer, opened: Round) -> None:
    client = browser(lin)
    assert client.post(f"/signing/{opened.ref}/decline", {"reason": ""}).status_code == 422
    client.post(f"/signing/{opened.ref}/decline", {"reason": "It is not mine"})
    assert "It is not mine" in browser(mei).get(f"/signing/{opened.ref}").content.decode()
    assert actions.begin_signing(mei.actor, opened.content["application"]).round.ref != opened.ref
