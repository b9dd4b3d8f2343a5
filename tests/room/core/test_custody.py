"""Nobody changes a key alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from commonweal.core import clock
from commonweal.core.custody import actions, queries
from commonweal.core.custody.models import KeyRequest
from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.core.identity.actor import Actor, Seat
from commonweal.core.journal.models import Event
from commonweal.core.trust import authority, documents

pytestmark = [pytest.mark.room, pytest.mark.django_db]


def _staff(ref: str, post: str) -> Actor:
    return Actor("staff", ref, ref, frozenset({Seat(post, "north")}), "high")


ANN, BEN = _staff("P-ANN", "keepers/keeper"), _staff("P-BEN", "keepers/keeper")
OTHER = _staff("P-OTTO", "markets/clerk")


@pytest.fixture(autouse=True)
def _office(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.KEYS_ROOT, settings.TRUST_ROOT = tmp_path / "keys", tmp_path / "trust"
    monkeypatch.setattr(
        "commonweal.core.custody.access.keeps",
        lambda actor: actor.is_staff and any(seat.organisation == "keepers" for seat in actor.posts),
    )


def test_a_new_key_needs_a_second_person() -> None:
    before = authority.current().certificate("document-seal")
    asked = actions.ask(ANN, "rotate", "document-seal", reason="The yearly new key")
    with pytest.raises(Refused) as caught:
        actions.approve(ANN, asked.ref)
    assert caught.value.code == "own-request"
    assert authority.current().certificate("document-seal") == before
    actions.approve(BEN, asked.ref)
    assert authority.current().certificate("document-seal") != before
    assert [each.type for each in Event.objects.order_by("id")] == ["custody.asked.v1", "custody.approved.v1"]
    assert Event.objects.order_by("id").last().data["asked_by"] == "P-ANN"
    with pytest.raises(Refused) as caught:
        actions.approve(BEN, asked.ref)
    assert caught.value.code == "key-decided"


def test_the_database_refuses_one_person_twice() -> None:
    from django.db import IntegrityError

    asked = actions.ask(ANN, "rotate", "document-seal", reason="The yearly new key")
    with pytest.raises(IntegrityError):
        KeyRequest.objects.filter(ref=asked.ref).update(decided_by="P-ANN")


def test_a_revoked_seal_seals_no_more_until_there_is_a_new_one() -> None:
    serial = f"{authority.current().certificate('document-seal').serial_number:x}"
    asked = actions.ask(
        ANN, "revoke", "document-seal", serial=serial, why="key_compromise", reason="The token was stolen"
    )
    actions.approve(BEN, asked.ref)
    row = next(row for row in queries.listed(BEN) if row.serial == serial)
    assert row.state == "revoked"
    plain = documents.compose("#data.title", {}, language="en", title="Permit")
    with pytest.raises(Exception, match="rotate"):
        documents.seal(plain, reason="Issued")
    actions.approve(ANN, actions.ask(BEN, "rotate", "document-seal", reason="After the theft").ref)
    assert documents.validate(documents.seal(plain, reason="Issued")).verdict == "valid"


def test_the_operator_asks_and_cannot_decide() -> None:
    asked = actions.ask(actions.OPERATOR, "rotate", "time-stamping", reason="The yearly new key")
    with pytest.raises(NotAllowed):
        actions.approve(actions.OPERATOR, asked.ref)
    assert actions.approve(ANN, asked.ref).state == KeyRequest.APPROVED


def test_others_neither_see_nor_act() -> None:
    asked = actions.ask(ANN, "rotate", "document-seal", reason="The yearly new key")
    for attempt in (
        lambda: actions.ask(OTHER, "rotate", "document-seal", reason="Because I can"),
        lambda: actions.approve(OTHER, asked.ref),
        lambda: actions.refuse(OTHER, asked.ref, "Not good"),
        lambda: queries.listed(OTHER),
        lambda: queries.requests(OTHER),
        lambda: actions.approve(BEN, "K-NOTHING"),
    ):
        with pytest.raises(NotAllowed):
            attempt()


@pytest.mark.parametrize(
    ("act", "more", "field"),
    [
        ("burn", {}, "act"),
        ("rotate", {"purpose": "journal'; --"}, "purpose"),
        ("rotate", {"reason": " "}, "reason"),
        ("revoke", {"serial": "zz", "why": "superseded"}, "serial"),
        ("revoke", {"serial": "1", "why": "superseded"}, "serial"),
        ("revoke", {"why": "boredom"}, "why"),
    ],
)
def test_what_does_not_fit_is_named(act: str, more: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        actions.ask(ANN, act, **{"purpose": "document-seal", "reason": "The yearly new key", **more})
    assert field in caught.value.fields


def test_the_same_is_asked_once_and_may_be_refused() -> None:
    asked = actions.ask(ANN, "rotate", "document-seal", reason="The yearly new key")
    with pytest.raises(Refused) as caught:
        actions.ask(BEN, "rotate", "document-seal", reason="The yearly new key")
    assert caught.value.code == "key-asked"
    actions.refuse(BEN, asked.ref, "Not before the holiday")
    actions.ask(BEN, "rotate", "document-seal", reason="After the holiday")
    page = queries.requests(ANN, limit=1)
    assert page.rows[0].state == "waiting"
    assert queries.requests(ANN, page.next).rows[0].note == "Not before the holiday"
    with pytest.raises(Invalid):
        queries.requests(ANN, "nonsense")


def test_a_chain_of_another_authority_needs_two_and_fits_the_key() -> None:
    asked = actions.ask(ANN, "install", "document-seal", reason="The province's chain", chain="no certificate")
    with pytest.raises(Refused) as caught:
        actions.approve(BEN, asked.ref)
    assert caught.value.code == "key-problem"
    assert KeyRequest.objects.get(ref=asked.ref).state == KeyRequest.WAITING


def test_a_coming_end_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert actions.warn() == 0
    near = clock.now() + timedelta(days=1095 - 30)
    monkeypatch.setattr("commonweal.core.clock.now", lambda: near)
    assert actions.warn() == 1
    assert actions.warn() == 0
    told = Event.objects.get(type="custody.expiring.v1")
    assert told.data["purpose"] == "document-seal"
    assert next(row for row in queries.listed(ANN) if row.purpose == "document-seal").soon
