"""What the law no longer lets us keep is erased when its time has passed, and the record of the case stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commonweal.core import clock
from commonweal.core.errors import Invalid, NotAllowed, Stale
from commonweal.core.journal.actions import sequence
from commonweal.core.journal.models import Event, PersonalData
from commonweal.core.journal.verify import verify
from commonweal.office.casework import abandoned, actions, files, queries, retaining
from commonweal.office.casework.models import Application, Attachment, Case

from .conftest import MONDAY, World, upload
from .helpers import do, draft, resident, submitted

pytestmark = [pytest.mark.room, pytest.mark.django_db]
YEARS = timedelta(days=11 * 366)


@pytest.fixture
def closed(world: World) -> Case:
    """A case that its applicant withdrew: closed, with answers and a file."""
    with clock.travel(MONDAY):
        person = resident(world)
        case = submitted(person)
        do(world.staff("front-office/clerk", "east-bank"), case, "accept", "accept")
        actions.withdraw(person, case.ref, reason="I moved away and need it no more")
    return Case.objects.get(pk=case.pk)


def bare(case: Case) -> tuple[object, ...]:
    application = Application.objects.get(pk=case.application_id)
    return application.answers, application.attachments.count(), Case.objects.get(pk=case.pk).evidence


def test_nothing_goes_before_its_time(closed: Case) -> None:
    until = retaining.kept_until(closed)
    assert until is not None
    with clock.travel(MONDAY + timedelta(days=(until - MONDAY.date()).days)):
        assert retaining.forget_due() == 0
    assert bare(closed)[0]


def test_after_its_time_answers_files_evidence_and_personal_data_are_gone(
    closed: Case, django_capture_on_commit_callbacks: object
) -> None:
    (file,) = Attachment.objects.all()
    assert files.place(file.sha256).exists()
    assert PersonalData.objects.filter(event__subject=f"case:{closed.ref}").exists()
    with clock.travel(MONDAY + YEARS), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert retaining.forget_due() == 1
        assert retaining.forget_due() == 0
    assert bare(closed) == ({}, 0, [])
    assert not files.place(file.sha256).exists()
    assert not PersonalData.objects.filter(event__subject=f"case:{closed.ref}").exists()


def test_what_was_done_is_recorded_and_the_proof_still_holds(closed: Case) -> None:
    with clock.travel(MONDAY + YEARS):
        retaining.forget_due()
    event = Event.objects.get(type="casework.case-forgotten.v1")
    assert event.data["case"] == closed.ref
    assert (event.data["retention"], event.data["legal"]) == ("P10Y", "stall-act/3")
    assert event.data["files"] == 1
    assert event.data["personal"] >= 1
    assert "Noodles" not in str(event.data)


@pytest.mark.django_db(transaction=True)
def test_the_whole_record_verifies_after_forgetting(closed: Case) -> None:
    sequence()
    with clock.travel(MONDAY + YEARS):
        retaining.forget_due()
    sequence()
    assert verify().sound


def test_a_hold_keeps_it_and_lifting_the_hold_lets_it_go(closed: Case, world: World) -> None:
    head = world.staff("market-office/head", "east-bank")
    clerk = world.staff("front-office/clerk", "east-bank")
    with clock.travel(MONDAY + timedelta(days=2)):
        with pytest.raises(NotAllowed):
            retaining.hold(clerk, closed.ref, "There is a lawsuit about it")
        with pytest.raises(Invalid):
            retaining.hold(head, closed.ref, "why")
        retaining.hold(head, closed.ref, "There is a lawsuit about it")
        with pytest.raises(Stale):
            retaining.hold(head, closed.ref, "There is a lawsuit about it")
    with clock.travel(MONDAY + YEARS):
        assert retaining.forget_due() == 0
        retaining.release(head, closed.ref)
        assert retaining.forget_due() == 1


def test_the_person_still_sees_that_there_was_a_case(closed: Case, world: World) -> None:
    with clock.travel(MONDAY + YEARS):
        retaining.forget_due()
        person = world.person()
        view = queries.application(person, closed.application.ref)
    (case,) = view.cases
    assert case.ref == closed.ref
    assert case.forgotten is not None


def test_the_person_is_told_until_when_it_is_kept(closed: Case, world: World) -> None:
    (case,) = queries.application(world.person(), closed.application.ref).cases
    assert case.kept_until == retaining.kept_until(closed)
    assert case.forgotten is None


def test_a_draft_untouched_for_a_year_is_erased_and_one_in_use_is_not(
    world: World, django_capture_on_commit_callbacks: object
) -> None:
    with clock.travel(MONDAY):
        person = resident(world)
        old = draft(person)
    (file,) = Attachment.objects.all()
    with clock.travel(MONDAY + timedelta(days=200)):
        used = actions.start(person, service="open-stall")
    with clock.travel(MONDAY + timedelta(days=365)):
        assert abandoned.forget_drafts() == 0
    with clock.travel(MONDAY + timedelta(days=367)), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert abandoned.forget_drafts() == 1
        assert abandoned.forget_drafts() == 0
    found = Application.objects.get(pk=old.pk)
    assert (found.status, found.answers, found.attachments.count()) == (Application.DISCARDED, {}, 0)
    assert not files.place(file.sha256).exists()
    assert Application.objects.get(pk=used.pk).status == Application.DRAFT
    told = Event.objects.get(type="casework.draft-discarded.v1")
    assert told.data == {"application": old.ref, "unchanged_since": told.data["unchanged_since"], "files": 1}


def test_a_file_that_is_handed_in_while_its_twin_is_forgotten_is_not_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = resident(world)
    application = draft(person, lease=False)

    def forgotten(name: str) -> None:
        if name.startswith("file:"):
            files.place(name.removeprefix("file:")).unlink()

    monkeypatch.setattr("commonweal.core.locks.hold", forgotten)
    kept = actions.attach(person, application.ref, "evidence.lease", upload())
    monkeypatch.undo()
    assert files.place(kept.sha256).exists()


def test_a_file_that_somebody_else_handed_in_too_stays(
    world: World, django_capture_on_commit_callbacks: object
) -> None:
    ana, ben = resident(world), resident(world, "Ben Reed")
    first, second = draft(ana), draft(ben)
    (one, two) = Attachment.objects.all()
    assert one.sha256 == two.sha256
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        actions.discard(ana, first.ref)
    assert files.place(two.sha256).exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        actions.discard(ben, second.ref)
    assert not files.place(two.sha256).exists()


def test_who_supervises_sees_until_when_and_under_which_law(closed: Case, world: World) -> None:
    (row,) = retaining.retention(world.staff("market-office/head", "east-bank")).rows
    assert (row.case, row.until) == (closed.ref, retaining.kept_until(closed))
    assert row.law is not None
    assert (row.law.name.say("en"), row.law.article) == ("Stall Act", "3")
