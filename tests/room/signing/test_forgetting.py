"""When a case's time has passed, what was signed for it goes as well: document, signatures, who was invited."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from commonweal.core import clock
from commonweal.core.errors import NotAllowed
from commonweal.core.journal.models import Event
from commonweal.office.casework import actions, queries, retaining
from commonweal.office.signing import queries as rounds
from commonweal.office.signing import shelf
from commonweal.office.signing.forgetting import forget
from commonweal.office.signing.models import Place, Round
from tests.room.signing.conftest import Signer

pytestmark = [pytest.mark.room, pytest.mark.django_db]


def signed(mei: Signer, lin: Signer, opened: Round) -> str:
    """A case that two people signed for, and that was withdrawn; the application's reference."""
    mei.sign(opened.ref)
    lin.sign(opened.ref)
    application = str(opened.content["application"])
    case = queries.application(mei.actor, application).cases[0]
    actions.withdraw(mei.actor, case.ref, reason="The car was sold to somebody else")
    return application


def test_the_document_goes_with_the_answers_it_repeats(
    mei: Signer, lin: Signer, opened: Round, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        application = signed(mei, lin, opened)
    round = Round.objects.get(ref=opened.ref)
    kept = [shelf.place(name) for name in (round.document, round.sealed)]
    assert all(each.exists() for each in kept)
    with clock.travel(clock.now() + timedelta(days=20 * 366)), django_capture_on_commit_callbacks(execute=True):
        assert retaining.forget_due() == 1
    assert not Round.objects.exists()
    assert not Place.objects.exists()
    assert not any(each.exists() for each in kept)
    told = Event.objects.get(type="casework.case-forgotten.v1").data
    assert told["documents"] == 1
    assert told["legal"] == "data-act/18"
    assert Event.objects.filter(type="signing.document-sealed.v1").exists(), "that it was signed stays on record"
    assert queries.application(mei.actor, application).cases


def test_a_file_that_another_document_has_too_stays(opened: Round, django_capture_on_commit_callbacks: Any) -> None:
    Round.objects.create(
        subject="application:A-OTHER", principal=opened.principal, opener=opened.opener, services=[], title={},
        language="en", content={}, document=opened.document, size=opened.size, level="advanced", order="parallel",
        accepts=[], due_at=opened.due_at, status=Round.SEALED,
    )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        assert forget(opened.subject).documents == 1
    assert shelf.get(opened.document)


def test_a_draft_thrown_away_takes_the_document_with_it(
    mei: Signer, lin: Signer, opened: Round, django_capture_on_commit_callbacks: Any
) -> None:
    mei.sign(opened.ref)
    where = shelf.place(opened.document)
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard(mei.actor, str(opened.content["application"]))
    assert not Round.objects.exists()
    assert not where.exists()
    with pytest.raises(NotAllowed):
        rounds.document(lin.actor, opened.ref)
