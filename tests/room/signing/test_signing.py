"""Two people sign one application, from the document to the sealed PDF that proves it."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from commonweal.core import clock
from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.core.identity import mandates
from commonweal.core.identity.actions import add_company
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.journal.queries import events
from commonweal.office.casework import actions, queries, representing
from commonweal.office.exchange.actions import hold
from commonweal.office.signing import actions as signing
from commonweal.office.signing import queries as rounds
from commonweal.office.signing.checking import check
from commonweal.office.signing.models import Round
from tests.room.signing.conftest import Signer, draft

pytestmark = [pytest.mark.room, pytest.mark.django_db]


def types(ref: str) -> list[str]:
    return [each.type for each in events(None, subject=f"signing:{ref}").rows]


def test_both_sign_and_it_is_sealed_and_sent(mei: Signer, lin: Signer, opened: Round) -> None:
    original = rounds.document(lin.actor, opened.ref)
    assert original.startswith(b"%PDF-1.7")
    lin.sign(opened.ref)
    assert queries.application(mei.actor, opened.content["application"]).status == "draft"
    assert [each.who for each in rounds.round_view(mei.actor, opened.ref).missing] == ["Mei Demo"]
    mei.sign(opened.ref)
    view = queries.application(mei.actor, opened.content["application"])
    assert view.status == "submitted"
    assert view.cases[0].service == "change-of-keeper"
    sealed = rounds.sealed(lin.actor, opened.ref)
    assert sealed.startswith(original), "what was signed is in the sealed document, byte for byte"
    found = check(sealed)
    assert found.verdict == "genuine", found
    assert {each.name for each in found.hands} == {"Mei Demo", "Lin Demo"}
    assert {each.algorithm for each in found.hands} == {"ES256"}
    assert types(opened.ref)[0] == "signing.document-sealed.v1"


def test_pdfsig_reads_the_seal(mei: Signer, lin: Signer, opened: Round, tmp_path: Path) -> None:
    if shutil.which("pdfsig") is None:
        pytest.skip("pdfsig is absent: apt-get install poppler-utils")
    mei.sign(opened.ref)
    lin.sign(opened.ref)
    file = tmp_path / "signed.pdf"
    file.write_bytes(rounds.sealed(mei.actor, opened.ref))
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said
    assert "ETSI.CAdES.detached" in said


def test_it_is_not_sent_before_it_is_signed(mei: Signer, lin: Signer) -> None:
    with pytest.raises(Refused) as refused:
        actions.submit(mei.actor, draft(mei, lin.person.ref), token="one")
    assert refused.value.code == "must-be-signed"


def test_a_document_is_made_once_however_often_it_is_asked_for(mei: Signer, lin: Signer) -> None:
    ref = draft(mei, lin.person.ref)
    assert actions.begin_signing(mei.actor, ref).round == actions.begin_signing(mei.actor, ref).round


def test_what_is_missing_is_said_before_anybody_signs(mei: Signer) -> None:
    application = actions.start(mei.actor, service="change-of-keeper")
    with pytest.raises(Invalid) as invalid:
        actions.begin_signing(mei.actor, application.ref)
    assert "transfer.keeper" in invalid.value.fields


def test_changed_answers_overtake_the_document(mei: Signer, lin: Signer, opened: Round) -> None:
    lin.sign(opened.ref)
    ref = opened.content["application"]
    application = queries.application(mei.actor, ref)
    actions.save(mei.actor, ref, {"vehicle.plate": "RVD0002"}, revision=application.revision)
    assert rounds.round_view(lin.actor, opened.ref).status == "overtaken"
    with pytest.raises(Refused) as refused:
        mei.sign(opened.ref)
    assert refused.value.code == "round-over"
    again = actions.begin_signing(mei.actor, ref).round
    assert again.document != opened.document
    told = events(None, subject=f"signing:{opened.ref}").rows[0]
    assert told.type == "signing.round-overtaken.v1"
    assert told.data["signed"] == [2]


def test_the_same_answers_saved_again_change_nothing(mei: Signer, opened: Round) -> None:
    ref = opened.content["application"]
    application = queries.application(mei.actor, ref)
    actions.save(mei.actor, ref, {"vehicle.plate": "RVD0001"}, revision=application.revision)
    assert rounds.round_view(mei.actor, opened.ref).status == "open"


def test_an_invitation_is_good_once(mei: Signer, lin: Signer, eve: Signer) -> None:
    made = actions.begin_signing(mei.actor, draft(mei, "Lin of Lower Lane"))
    code = made.codes[2]
    with pytest.raises(Refused) as refused:
        signing.take_invitation(lin.actor, "2345-6789-ABCD")
    assert refused.value.code == "bad-code"
    assert signing.take_invitation(lin.actor, code.lower()).ref == made.round.ref
    with pytest.raises(Refused):
        signing.take_invitation(eve.actor, code)
    lin.sign(made.round.ref)
    mei.sign(made.round.ref)
    assert rounds.round_view(mei.actor, made.round.ref).status == "sealed"


def test_a_new_code_takes_the_place_of_the_old(mei: Signer, lin: Signer) -> None:
    made = actions.begin_signing(mei.actor, draft(mei, "Lin of Lower Lane"))
    fresh = signing.renew_invitation(mei.actor, made.round.ref, 2)
    with pytest.raises(Refused):
        signing.take_invitation(lin.actor, made.codes[2])
    assert signing.take_invitation(lin.actor, fresh).ref == made.round.ref


def test_declining_ends_it_and_says_why(mei: Signer, lin: Signer, opened: Round) -> None:
    with pytest.raises(Invalid):
        signing.decline(lin.actor, opened.ref, " ")
    signing.decline(lin.actor, opened.ref, "I do not want this vehicle")
    view = rounds.round_view(mei.actor, opened.ref)
    assert view.status == "declined"
    assert view.places[1].reason == "I do not want this vehicle"
    with pytest.raises(Refused):
        mei.sign(opened.ref)


def test_withdrawing_lets_a_new_document_be_made(mei: Signer, lin: Signer, opened: Round) -> None:
    with pytest.raises(NotAllowed):
        signing.withdraw(lin.actor, opened.ref)
    signing.withdraw(mei.actor, opened.ref)
    signing.withdraw(mei.actor, opened.ref)
    assert actions.begin_signing(mei.actor, opened.content["application"]).round.ref != opened.ref


def test_who_has_not_signed_is_reminded_once_and_then_it_ends(mei: Signer, lin: Signer, opened: Round) -> None:
    mei.sign(opened.ref)
    half = opened.opened_at + timedelta(days=7, minutes=1)
    assert signing.due(half) == 1
    assert signing.due(half) == 0
    assert rounds.round_view(mei.actor, opened.ref).places[1].reminded == half
    assert signing.due(opened.due_at) == 1
    with clock.travel(opened.due_at), pytest.raises(Refused):
        lin.sign(opened.ref)
    assert rounds.round_view(mei.actor, opened.ref).status == "expired"


def test_a_killed_process_is_made_good_by_the_worker(mei: Signer, lin: Signer, opened: Round) -> None:
    lin.sign(opened.ref)
    used = mei.answer(signing.challenge(mei.actor, opened.ref))
    signing.sign_with_passkey(mei.actor, opened.ref, used, host="localhost", address="http://localhost")
    assert rounds.round_view(mei.actor, opened.ref).status == "signed"
    assert actions.conclude_waiting() == 1
    assert actions.conclude_waiting() == 0
    assert rounds.round_view(mei.actor, opened.ref).status == "sealed"
    assert queries.application(mei.actor, opened.content["application"]).status == "submitted"


def test_a_director_signs_for_the_company_and_the_document_says_so(mei: Signer, lin: Signer) -> None:
    company = add_company(SYSTEM, "River Foods Ltd", "rf-100", "upper-vale")
    said = {"person": mei.person.ref, "company": company.ref}
    hold(SYSTEM, "company-officers", mei.person.ref, said, region="upper-vale")
    application = actions.start(mei.actor, service="lost-plate", on_behalf_of=company.ref)
    answers = {
        "vehicle.plate": "RVD0001", "vehicle.home_region": "upper-vale", "plate.lost_on": "2026-11-20",
        "contact.phone": "+99 555 0100",
    }  # fmt: skip
    actions.save(mei.actor, application.ref, answers, revision=application.revision)
    round = actions.begin_signing(mei.actor, application.ref).round
    mei.sign(round.ref)
    (hand,) = check(rounds.sealed(mei.actor, round.ref)).hands
    assert (hand.name, hand.on_behalf_of) == ("Mei Demo", "River Foods Ltd")


def test_a_mandate_that_ended_signs_nothing(mei: Signer) -> None:
    company = add_company(SYSTEM, "River Foods Ltd", "rf-100", "upper-vale")
    said = {"person": mei.person.ref, "company": company.ref}
    hold(SYSTEM, "company-officers", mei.person.ref, said, region="upper-vale")
    application = actions.start(mei.actor, service="lost-plate", on_behalf_of=company.ref)
    answers = {
        "vehicle.plate": "RVD0001", "vehicle.home_region": "upper-vale", "plate.lost_on": "2026-11-20",
        "contact.phone": "+99 555 0100",
    }  # fmt: skip
    actions.save(mei.actor, application.ref, answers, revision=application.revision)
    round = actions.begin_signing(mei.actor, application.ref).round
    mandates.confirm(SYSTEM, representing.types()["director"], mei.person.ref, [])
    with pytest.raises(Refused) as refused:
        mei.sign(round.ref)
    assert refused.value.code == "no-mandate"
