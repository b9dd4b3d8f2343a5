"""What somebody may try: another's answer, another document, another file, a changed row. Each is refused and named."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.conf import settings

from commonweal.core.errors import NotAllowed, Refused
from commonweal.office.casework import actions
from commonweal.office.signing import actions as signing
from commonweal.office.signing import proof, shelf
from commonweal.office.signing import queries as rounds
from commonweal.office.signing.checking import check
from commonweal.office.signing.models import Place, Round
from tests.room.signing.conftest import HERE, Signer, draft

pytestmark = [pytest.mark.room, pytest.mark.django_db]


def refusal(signer: Signer, ref: str, used: object) -> Refused:
    with pytest.raises(Refused) as refused:
        actions.sign_with_passkey(signer.actor, ref, used, host=HERE.host, address=HERE.address)  # type: ignore[arg-type]
    return refused.value


def test_an_answer_is_not_taken_twice(mei: Signer, lin: Signer, opened: Round) -> None:
    used = lin.answer(signing.challenge(lin.actor, opened.ref))
    actions.sign_with_passkey(lin.actor, opened.ref, used, host=HERE.host, address=HERE.address)
    actions.sign_with_passkey(lin.actor, opened.ref, used, host=HERE.host, address=HERE.address)
    assert refusal(mei, opened.ref, used).params["why"] == "other-person"
    assert Place.objects.filter(status="signed").count() == 1


def test_an_answer_over_another_hash_signs_nothing(mei: Signer, lin: Signer, opened: Round) -> None:
    used = lin.answer(hashlib.sha256(b"another document").digest())
    assert refusal(lin, opened.ref, used).params["why"] == "other-document"
    assert not Place.objects.filter(status="signed").exists()


def test_an_answer_for_another_site_signs_nothing(lin: Signer, opened: Round) -> None:
    used = lin.answer(signing.challenge(lin.actor, opened.ref))
    with pytest.raises(Refused) as refused:
        actions.sign_with_passkey(lin.actor, opened.ref, used, host="evil.example", address=HERE.address)
    assert refused.value.code == "signature-refused"
    assert refused.value.params["why"] == "other-site"


def test_a_stranger_sees_and_signs_nothing(eve: Signer, opened: Round) -> None:
    for attempt in (rounds.round_view, rounds.document, rounds.sealed, signing.challenge, signing.withdraw):
        with pytest.raises(NotAllowed):
            attempt(eve.actor, opened.ref)
    with pytest.raises(NotAllowed):
        signing.decline(eve.actor, opened.ref, "I am nobody here")


def test_a_swapped_document_is_found_before_anybody_signs_it(lin: Signer, opened: Round) -> None:
    place = settings.MEDIA_ROOT / "signing" / opened.document[:2] / opened.document
    place.write_bytes(place.read_bytes() + b" ")
    with pytest.raises(Refused) as refused:
        lin.sign(opened.ref)
    assert refused.value.code == "document-damaged"


def test_a_changed_row_is_found_and_never_sealed(mei: Signer, lin: Signer, opened: Round) -> None:
    lin.sign(opened.ref)
    place = Place.objects.get(round=opened, number=2)
    place.evidence = {**place.evidence, "name": "Somebody Else"}
    place.save()
    assert not rounds.round_view(mei.actor, opened.ref).places[1].intact
    mei.sign(opened.ref)
    view = rounds.round_view(mei.actor, opened.ref)
    assert (view.status, view.trouble) == ("signed", "record-changed")


def test_a_swapped_key_in_the_proof_is_found(mei: Signer, lin: Signer, opened: Round) -> None:
    mei.sign(opened.ref)
    lin.sign(opened.ref)
    sealed = rounds.sealed(mei.actor, opened.ref)
    original = rounds.document(mei.actor, opened.ref)
    told = json.loads(proof.attached(sealed)[proof.NAME])
    mine, theirs = (each["passkey"] for each in told["signatures"])
    mine["public_key"], theirs["public_key"] = theirs["public_key"], mine["public_key"]
    forged = proof.attach(original, {proof.NAME: json.dumps(told).encode()})
    found = check(forged)
    assert found.verdict == "altered"
    assert "does not fit the key" in found.why


def test_a_proof_without_its_seal_is_not_genuine(mei: Signer, lin: Signer, opened: Round) -> None:
    mei.sign(opened.ref)
    lin.sign(opened.ref)
    sealed = rounds.sealed(mei.actor, opened.ref)
    unsealed = proof.attach(rounds.document(mei.actor, opened.ref), proof.attached(sealed))
    assert check(unsealed).verdict == "unsealed"
    at = sealed.index(b"%PDF") + 900
    assert check(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]).verdict == "altered"
    assert check(sealed + b"\n%more").verdict in {"altered", "genuine", "unsealed"}
    assert check(b"%PDF-1.7 nothing").verdict == "unsigned"
    assert check(b"").verdict == "unsigned"


def test_an_uploaded_document_must_be_the_one_to_sign(mei: Signer, lin: Signer, opened: Round) -> None:
    other = actions.begin_signing(mei.actor, draft(mei, lin.person.ref, **{"vehicle.plate": "RVD0009"})).round
    for handed_in, code in (
        (shelf.get(opened.document), "upload-unsigned"),
        (shelf.get(other.document), "upload-other-document"),
        (shelf.get(opened.document)[:-20], "upload-other-document"),
        (b"hello", "upload-unreadable"),
        (shelf.get(opened.document) + b"\n%nothing", "upload-unsigned"),
    ):
        with pytest.raises(Refused) as refused:
            actions.sign_with_upload(lin.actor, opened.ref, handed_in)
        assert refused.value.code == code
    assert not Place.objects.filter(status="signed").exists()
