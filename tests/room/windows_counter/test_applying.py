"""From Start to the receipt, one question a page, and everything that goes wrong on the way."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from commonweal.core.identity.actor import person_actor
from commonweal.core.identity.models import Person
from commonweal.core.journal.actions import sequence
from commonweal.office.casework import queries
from commonweal.office.casework.models import Application
from tests.room.windows_counter.conftest import PASSWORD, PDF, begin, hidden, pdf, send, text_of, visit, walk

pytestmark = [pytest.mark.room, pytest.mark.django_db]
AREA = "premises.floor_area"


def test_a_whole_application_in_either_language(mei: Person) -> None:
    for language, words in (("en", "We have your application"), ("zh-hans", "我们已收到您的申请")):
        client = visit(mei, language)
        ref = begin(client)
        walk(client, mei, ref)
        assert send(client, ref).url == f"/applications/{ref}/receipt"
        said = text_of(client.get(f"/applications/{ref}/receipt"))
        assert words in said
        assert ref in said


def test_start_asks_for_sign_in_and_then_starts(mei: Person) -> None:
    client = visit()
    page = client.post("/services/open-restaurant/start", {"go": "1"})
    assert page.status_code == 403
    kept = {"next": hidden(page, "next"), "kept": hidden(page, "kept")}
    answer = client.post("/sign-in", {"username": "mei", "password": PASSWORD, **kept})
    assert answer.url == "/services/open-restaurant/start"
    assert client.get(answer.url).url.startswith("/applications/A-")
    assert client.get("/services/open-restaurant/start").url == "/services/open-restaurant", (
        "a plain visit starts nothing"
    )
    assert Application.objects.count() == 1


def test_the_question_page_says_where_one_is_and_keeps_what_does_not_fit(mei: Person) -> None:
    client = visit(mei)
    ref = begin(client)
    address = walk(client, mei, ref, until=AREA)
    page = client.get(address)
    assert "Question 4 of about" in text_of(page) or "of about" in text_of(page)
    wrong = client.post(address, {"answer": "quite large", "revision": hidden(page, "revision")})
    assert wrong.status_code == 422
    body = wrong.content.decode()
    assert 'value="quite large"' in body
    assert 'aria-invalid="true"' in body
    assert 'href="#answer"' in body
    assert "Enter a number" in text_of(wrong)
    chinese = visit(mei, "zh-hans")
    assert "请填写数字" in text_of(chinese.post(address, {"answer": "很大", "revision": hidden(page, "revision")}))


def test_save_and_return(mei: Person) -> None:
    client = visit(mei)
    ref = begin(client)
    address = walk(client, mei, ref, until=AREA)
    revision = hidden(client.get(address), "revision")
    assert client.post(address, {"answer": "120", "revision": revision, "later": "1"}).url == "/applications"
    listed = client.get("/applications")
    assert "Not sent yet" in text_of(listed)
    assert "Your answers are saved" in text_of(listed)
    back = visit(mei).get(f"/applications/{ref}")
    assert back.status_code == 302
    assert AREA not in back.url, "it goes on at the first question without an answer"
    assert "You have begun this already" in text_of(client.get("/services/open-restaurant"))


def test_changing_an_answer_returns_to_the_check_page(mei: Person) -> None:
    client = visit(mei)
    ref = begin(client)
    check = client.get(walk(client, mei, ref))
    assert f"/applications/{ref}/q/{AREA}?from=check" in check.content.decode()
    address = f"/applications/{ref}/q/{AREA}?from=check"
    revision = hidden(client.get(address), "revision")
    assert client.post(address, {"answer": "130", "revision": revision}).url == f"/applications/{ref}/check"
    assert "130" in text_of(client.get(f"/applications/{ref}/check"))


def test_a_changed_answer_that_opens_a_question_leads_to_it(mei: Person) -> None:
    client = visit(mei)
    ref = begin(client)
    walk(client, mei, ref)
    address = f"/applications/{ref}/q/terrace.wanted?from=check"
    answer = client.post(address, {"answer": "true", "revision": hidden(client.get(address), "revision")})
    assert answer.url == f"/applications/{ref}/q/terrace.area?from=check"


def test_sent_twice_is_sent_once_and_the_back_button_finds_the_receipt(mei: Person) -> None:
    client = visit(mei)
    ref = begin(client)
    walk(client, mei, ref)
    page = client.get(f"/applications/{ref}/check")
    token = hidden(page, "token")
    first = client.post(f"/applications/{ref}/submit", {"token": token})
    second = client.post(f"/applications/{ref}/submit", {"token": token})
    assert first.url == second.url == f"/applications/{ref}/receipt"
    assert len(queries.application(person_actor(mei), ref).cases) == 1
    assert client.get(f"/applications/{ref}/check").url == f"/applications/{ref}"
    assert client.get(f"/applications/{ref}/q/{AREA}").url == f"/applications/{ref}"
    late = client.post(f"/applications/{ref}/q/{AREA}", {"answer": "999", "revision": "1"}, follow=True)
    assert "You have sent this application" in text_of(late)
    foreign = client.post(f"/applications/{ref}/submit", {"token": "another"})
    assert foreign.status_code == 409
    assert "You have sent this already" in text_of(foreign)


def test_two_windows_lose_nothing(mei: Person) -> None:
    client = visit(mei)
    ref = begin(client)
    address = walk(client, mei, ref, until=AREA)
    old = hidden(client.get(address), "revision")
    client.post(address, {"answer": "120", "revision": old})
    late = client.post(address, {"answer": "77", "revision": old})
    assert late.status_code == 409
    assert "in another window" in text_of(late)
    assert 'value="77"' in late.content.decode()
    assert client.post(address, {"answer": "77", "revision": hidden(late, "revision")}).status_code == 302
    assert queries.application(person_actor(mei), ref).answers[AREA] == "77"


def test_an_expired_session_keeps_the_words_just_typed(mei: Person) -> None:
    client = visit(mei)
    ref = begin(client)
    address = walk(client, mei, ref, until="business.trade_name")
    page = client.get(address)
    client.cookies.pop("sessionid")
    refused = client.post(address, {"answer": "Willow & Sons' <Noodles>", "revision": hidden(page, "revision")})
    assert refused.status_code == 403
    assert "is kept" in text_of(refused)
    answer = client.post("/sign-in", {
        "username": "mei", "password": PASSWORD,
        "next": hidden(refused, "next"), "kept": hidden(refused, "kept"),
    })  # fmt: skip
    assert answer.url == address
    again = client.get(address)
    assert "We kept what you had typed" in text_of(again)
    assert "Willow &amp; Sons&#x27; &lt;Noodles&gt;" in again.content.decode()
    assert "business.trade_name" not in queries.application(person_actor(mei), ref).answers, "it is not sent by itself"
    assert "We kept what you had typed" not in text_of(client.get(address)), "it is given back once"


def test_after_signing_in_again_one_still_returns_to_the_check_page(mei: Person) -> None:
    client = visit(mei)
    ref = begin(client)
    walk(client, mei, ref)
    address = f"/applications/{ref}/q/{AREA}?from=check"
    client.cookies.pop("sessionid")
    refused = client.post(address, {"answer": "140"})
    kept = {"next": hidden(refused, "next"), "kept": hidden(refused, "kept")}
    back = client.post("/sign-in", {"username": "mei", "password": PASSWORD, **kept}).url
    assert back == address
    revision = hidden(client.get(back), "revision")
    assert client.post(back, {"answer": "140", "revision": revision}).url == f"/applications/{ref}/check"


def test_kept_words_do_not_reach_somebody_else(mei: Person, other: Person) -> None:
    client = visit(mei)
    ref = begin(client)
    address = walk(client, mei, ref, until="business.trade_name")
    page = client.get(address)
    client.cookies.pop("sessionid")
    refused = client.post(address, {"answer": "secret plan", "revision": hidden(page, "revision")})
    fields = {"next": hidden(refused, "next"), "kept": hidden(refused, "kept")}
    client.post("/sign-in", {"username": "other", "password": PASSWORD, **fields})
    answer = client.get(address)
    assert answer.status_code == 404
    assert "secret plan" not in answer.content.decode()


def test_a_forged_kept_form_is_ignored(mei: Person) -> None:
    client = visit()
    answer = client.post("/sign-in", {
        "username": "mei", "password": PASSWORD, "next": "/applications", "kept": "eyJwYXRoIjoiLyJ9:x:y",
    })  # fmt: skip
    assert answer.url == "/applications"
    assert "kept" not in client.session


@pytest.mark.parametrize("tail", [
    "", "/check", "/receipt", "/proof.json", "/q/premises.floor_area", "/discard", "/paper/lease", "/files/F-22222222",
    "/pay/O-22222222", "/cases/C-22222222/answer", "/cases/C-22222222/withdraw", "/cases/C-22222222/food-licence",
])  # fmt: skip
def test_another_persons_reference_does_not_exist(mei: Person, other: Person, tail: str) -> None:
    ref = begin(visit(mei))
    stranger = visit(other)
    assert stranger.get(f"/applications/{ref}{tail}").status_code == 404
    assert stranger.get(f"/applications/A-22222222{tail}").status_code == 404


@pytest.mark.parametrize("tail", ["/submit", "/refresh", "/discard", "/q/premises.floor_area"])
def test_another_persons_draft_cannot_be_touched(mei: Person, other: Person, tail: str) -> None:
    ref = begin(visit(mei))
    assert visit(other).post(f"/applications/{ref}{tail}", {"answer": "1", "token": "x"}).status_code == 404
    assert queries.application(person_actor(mei), ref).status == "draft"


def test_every_form_wants_its_token(mei: Person) -> None:
    ref = begin(visit(mei))
    client = Client(enforce_csrf_checks=True)
    client.force_login(mei)
    answer = client.post(f"/applications/{ref}/discard")
    assert answer.status_code == 403
    assert "Nothing was sent" in text_of(answer)
    kept = client.post(
        f"/applications/{ref}/q/business.trade_name",
        {"answer": "Kept words"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert "We kept what you typed" in text_of(kept)
    assert 'value="Kept words"' in client.get(f"/applications/{ref}/q/business.trade_name").content.decode()


def test_fields_never_asked_change_nothing(mei: Person) -> None:
    client = visit(mei)
    ref = begin(client)
    address = walk(client, mei, ref, until=AREA)
    revision = hidden(client.get(address), "revision")
    client.post(
        address, {"answer": "120", "revision": revision, "status": "submitted", "food.manager": "x", "is_admin": "1"}
    )
    view = queries.application(person_actor(mei), ref)
    assert view.status == "draft"
    assert "is_admin" not in view.answers
    assert "food.manager" not in view.answers
    assert client.post(f"/applications/{ref}/q/no.such", {"answer": "1"}).status_code == 302
    assert client.get(f"/applications/{ref}/q/terrace.area").status_code == 302, "not asked while no terrace is wanted"


def test_a_file_too_large_is_refused_with_what_to_do(mei: Person, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 200_000
    client = visit(mei)
    ref = begin(client)
    address = f"/applications/{ref}/q/premises.plan"
    answer = client.post(address, {"answer": pdf("plan.pdf", PDF + b"x" * 400_000)})
    assert answer.status_code == 413
    assert "This file is too large" in text_of(answer)
    assert f'href="{address}"' in answer.content.decode()


def test_a_wrong_kind_of_file_is_refused_beside_the_field(mei: Person) -> None:
    client = visit(mei)
    ref = begin(client)
    answer = client.post(
        f"/applications/{ref}/q/premises.plan", {"answer": pdf("plan.pdf", b"MZ\x90\x00" + b"\0" * 300)}
    )
    assert answer.status_code == 422
    assert "Hand in a PDF" in text_of(answer)


def test_a_file_is_only_ever_a_download(mei: Person) -> None:
    client = visit(mei)
    ref = begin(client)
    assert client.post(f"/applications/{ref}/q/premises.plan", {"answer": pdf("<plan>.pdf")}).status_code == 302
    (held,) = queries.application(person_actor(mei), ref).attachments
    answer = client.get(f"/applications/{ref}/files/{held.ref}")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert visit().get(f"/applications/{ref}/files/{held.ref}").status_code == 302


def test_a_draft_is_thrown_away_after_asking(mei: Person) -> None:
    client = visit(mei)
    ref = begin(client)
    assert "Throw this draft away?" in text_of(client.get(f"/applications/{ref}/discard"))
    assert client.post(f"/applications/{ref}/discard").url == "/applications"
    assert "was thrown away" in text_of(client.get(f"/applications/{ref}"))


def test_what_is_missing_is_named_with_a_link(mei: Person) -> None:
    client = visit(mei)
    ref = begin(client)
    page = client.get(f"/applications/{ref}/check")
    assert "Some questions have no answer yet" in text_of(page)
    answer = client.post(f"/applications/{ref}/submit", {"token": "anything"})
    assert answer.status_code == 422
    assert f"/applications/{ref}/q/business.trade_name?from=check" in answer.content.decode()


def test_the_receipt_proves_itself(mei: Person) -> None:
    client = visit(mei)
    ref = begin(client)
    walk(client, mei, ref)
    send(client, ref)
    assert "is being placed in the record" in text_of(client.get(f"/applications/{ref}/receipt"))
    assert client.get(f"/applications/{ref}/proof.json").status_code == 409
    sequence()
    assert "of the public record" in text_of(client.get(f"/applications/{ref}/receipt"))
    answer = client.get(f"/applications/{ref}/proof.json")
    assert answer["Content-Disposition"] == f'attachment; filename="{ref}-proof.json"'
    from commonweal.core.journal.checkpoints import verifiers
    from commonweal.core.journal.proofs import verify_receipt

    assert verify_receipt(answer.content.decode(), str(verifiers()[-1])).genuine
    assert json.loads(answer.content)["event"]["type"].endswith("casework.application-submitted.v1")


def test_a_changed_service_is_offered_not_forced(mei: Person, published: Any) -> None:
    from commonweal.core.declared.actions import publish
    from commonweal.core.identity.actor import SYSTEM
    from commonweal.register import Register

    client = visit(mei)
    ref = begin(client)
    walk(client, mei, ref, until="food.manager")
    service = published.services["open-restaurant"]
    dearer = service.cost[0].model_copy(update={"amount": Decimal("250.00")})
    newer = service.model_copy(update={"cost": (dearer,)})
    publish(SYSTEM, Register.of([newer if each is service else each for each in published.all()]))
    page = client.get(f"/applications/{ref}")
    assert page.status_code == 200
    assert "The rules for this have changed" in text_of(page)
    moved = client.post(f"/applications/{ref}/refresh", follow=True)
    assert "All your answers were kept" in text_of(moved)
    assert queries.application(person_actor(mei), ref).newer_version is False


def test_personal_pages_stay_out_of_caches(mei: Person) -> None:
    client = visit(mei)
    assert "no-store" in client.get("/applications")["Cache-Control"]
