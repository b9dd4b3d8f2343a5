"""Applying by program: what the counter does, and what it forgives."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.room.windows_api import flow
from tests.room.windows_api.world import World

pytestmark = [pytest.mark.room, pytest.mark.django_db]


@pytest.fixture
def owner(world: World, api: Callable[..., Client]) -> Client:
    return api(world.owner)


def test_good_answers_are_kept_when_others_are_refused(owner: Client) -> None:
    ref = flow.send(owner, "post", "/applications", {"service": "market-stall"}).json()["ref"]
    answers = {"stall.name": "Soups", "stall.area": "a lot", "stall.goods": "gold"}
    refused = flow.send(owner, "patch", f"/applications/{ref}", {"answers": answers, "revision": 0})
    assert refused.status_code in {412, 422}
    revision = owner.get(f"/api/v1/applications/{ref}").json()["revision"]
    refused = flow.send(owner, "patch", f"/applications/{ref}", {"answers": answers, "revision": revision})
    assert refused.status_code == 422
    assert {each["field"] for each in refused.json()["errors"]} == {"stall.area", "stall.goods"}
    assert owner.get(f"/api/v1/applications/{ref}").json()["answers"] == {"stall.name": "Soups"}


def test_a_writer_says_which_revision_they_read(owner: Client) -> None:
    begun = flow.send(owner, "post", "/applications", {"service": "market-stall"})
    ref, etag = begun.json()["ref"], begun["ETag"]
    body = {"answers": {"stall.name": "Soups"}}
    assert flow.send(owner, "patch", f"/applications/{ref}", body).status_code == 428
    assert flow.send(owner, "patch", f"/applications/{ref}", body, If_Match="nonsense").status_code == 400
    assert flow.send(owner, "patch", f"/applications/{ref}", body, If_Match=etag).status_code == 200
    stale = flow.send(owner, "patch", f"/applications/{ref}", body, If_Match=etag)
    assert stale.status_code == 412
    assert stale.json()["code"] == "stale"


def test_a_question_follows_from_the_answers(owner: Client) -> None:
    ref = flow.draft(owner)["ref"]
    asked = {each["key"] for each in owner.get(f"/api/v1/applications/{ref}").json()["questions"]}
    assert "form.fire" in asked


def test_submitting_twice_opens_one_case(owner: Client) -> None:
    ref = flow.draft(owner)["ref"]
    first = flow.send(owner, "post", f"/applications/{ref}/submit", Idempotency_Key="the-same-key")
    again = flow.send(owner, "post", f"/applications/{ref}/submit", Idempotency_Key="the-same-key")
    assert first.status_code == again.status_code == 200
    assert [case["ref"] for case in first.json()["cases"]] == [case["ref"] for case in again.json()["cases"]]
    assert flow.send(owner, "post", f"/applications/{ref}/submit").status_code == 422


def test_what_is_missing_is_named_when_submitting(owner: Client) -> None:
    ref = flow.send(owner, "post", "/applications", {"service": "market-stall"}).json()["ref"]
    refused = flow.send(owner, "post", f"/applications/{ref}/submit", Idempotency_Key="some-new-key")
    assert refused.status_code == 422
    assert "stall.name" in {each["field"] for each in refused.json()["errors"]}


def test_a_file_comes_back_as_it_was_and_is_only_saved(owner: Client) -> None:
    ref = flow.draft(owner)["ref"]
    held = flow.attach(owner, ref).json()
    assert (held["content_type"], held["size"]) == ("application/pdf", len(flow.PDF))
    answer = owner.get(f"/api/v1/applications/{ref}/files/{held['ref']}")
    assert b"".join(answer.streaming_content) == flow.PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert owner.delete(f"/api/v1/applications/{ref}/files/{held['ref']}").status_code == 204


def test_a_file_of_another_kind_is_refused(owner: Client) -> None:
    ref = flow.draft(owner)["ref"]
    refused = flow.attach(owner, ref, b"MZ\x90\x00 a program", "plan.pdf")
    assert refused.status_code == 409
    assert refused.json()["code"] == "wrong-type"


def test_too_large_a_file_is_refused_before_it_is_read(owner: Client) -> None:
    ref = flow.draft(owner)["ref"]
    refused = flow.attach(owner, ref, flow.PDF + b"0" * (11 * 1024 * 1024))
    assert refused.status_code == 413
    assert refused["Content-Type"] == "application/problem+json"


def test_a_life_event_is_applied_for_as_one(owner: Client) -> None:
    begun = flow.send(owner, "post", "/applications", {"event": "starting-out"})
    assert begun.status_code == 201
    assert begun.json()["services"] == ["market-stall"]
    assert flow.send(owner, "post", "/applications", {}).status_code == 422


def test_a_submitted_application_has_a_receipt(owner: Client) -> None:
    ref, _ = flow.submitted(owner)
    receipt = owner.get(f"/api/v1/applications/{ref}/receipt").json()
    assert receipt["event"]["type"].endswith("casework.application-submitted.v1")
    assert "Anna" not in str(receipt["event"])
