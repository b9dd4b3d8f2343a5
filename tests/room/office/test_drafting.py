"""A draft keeps what fits, says what does not, keeps its version, and is submitted once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commonweal.core import clock
from commonweal.core.declared import actions as declared
from commonweal.core.declared import queries as in_force
from commonweal.core.errors import Invalid, NotAllowed, Refused, Stale
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.journal.models import Event, PersonalData
from commonweal.office.casework import actions, queries
from commonweal.office.casework.models import Application, Case, Task
from commonweal.register import Register
from commonweal.register.models import PublicService

from .conftest import MONDAY, World, upload
from .helpers import SMALL, STALL, draft, resident

pytestmark = [pytest.mark.room, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _monday():
    with clock.travel(MONDAY):
        yield


@pytest.fixture
def ana(world: World):
    return resident(world)


def start(person, **target):
    return actions.start(person, **(target or {"service": "open-stall"}))


def test_what_fits_is_kept_and_what_does_not_is_named(ana):
    application = start(ana)
    answers = {"stall.name": "  Ana's  ", "stall.area": "huge", "stall.county": "atlantis", "stall.owner": "x"}
    with pytest.raises(Invalid) as wrong:
        actions.save(ana, application.ref, answers, revision=0)
    assert set(wrong.value.fields) == {"stall.area", "stall.county", "stall.owner"}
    assert all(wrong.value.fields.values())
    view = queries.application(ana, application.ref)
    assert dict(view.answers) == {"stall.name": "Ana's"}
    assert view.revision == wrong.value.params["revision"] == 1


def test_answers_that_open_questions_may_come_together(ana):
    application = start(ana)
    actions.save(ana, application.ref, {"form.uses_gas": True, "stall.trade": "food"}, revision=0)
    assert queries.application(ana, application.ref).answers["form.uses_gas"] is True
    actions.save(ana, application.ref, {"stall.trade": "books"}, revision=1)
    with pytest.raises(Invalid):  # nobody asks a bookseller about gas
        actions.save(ana, application.ref, {"form.uses_gas": False}, revision=2)


def test_none_takes_an_answer_back(ana):
    application = draft(ana, SMALL, lease=False)
    application = actions.save(ana, application.ref, {"stall.name": None}, revision=application.revision)
    assert "stall.name" not in application.answers
    assert "stall.name" in queries.application(ana, application.ref).unanswered


def test_two_windows_of_one_draft(ana):
    application = start(ana)
    actions.save(ana, application.ref, {"stall.name": "A"}, revision=0)
    with pytest.raises(Stale) as stale:
        actions.save(ana, application.ref, {"stall.name": "B"}, revision=0)
    assert stale.value.params["revision"] == 1
    assert queries.application(ana, application.ref).answers["stall.name"] == "A"


def test_the_check_page_says_what_is_left(ana):
    application = draft(ana, {"stall.name": "A", "stall.area": "150"}, lease=False)
    view = queries.application(ana, application.ref)
    assert set(view.unanswered) == {"stall.trade", "stall.county"}
    assert [paper.requirement for paper in view.papers] == ["place"]
    assert [choice[0] for choice in view.papers[0].evidence] == ["lease", "deed"]
    assert [(fetch.evidence, fetch.organisation, fetch.legal) for fetch in view.will_fetch] == [
        ("residence", "registry", "registry-act/7")
    ]
    assert [fact.shown for fact in view.will_fetch[0].facts] == ["1 May 1990"]
    assert {fee.id: (fee.amount, fee.applies) for fee in view.fees} == {"base": (12050, True), "area": (8000, True)}
    assert {state.requirement.id: state.holds for state in view.eligibility}["adult"] is True
    assert {fact.key: fact.shown for fact in view.check}["stall.area"] == "150 m²"


def test_submitting_says_all_that_is_missing(ana):
    application = draft(ana, {"stall.name": "A", "stall.area": "150"}, lease=False)
    with pytest.raises(Invalid) as wrong:
        actions.submit(ana, application.ref, token="t")
    assert set(wrong.value.fields) == {"stall.trade", "stall.county", "evidence.place"}
    assert Application.objects.get(ref=application.ref).status == "draft"
    assert not Case.objects.exists()


def test_a_person_nobody_has_a_record_of_is_told_whom_to_ask(world):
    ben = world.person("Ben Fen")
    application = draft(ben, SMALL, lease=False)
    actions.attach(ben, application.ref, "evidence.residence", upload())
    application = actions.submit(ben, application.ref, token="t")
    assert queries.application(ben, application.ref).status == "submitted"


def test_who_is_not_eligible_is_told_why(world):
    young = resident(world, "Yu Young", born="2012-01-01")
    application = draft(young, SMALL, lease=False)
    with pytest.raises(Refused) as refusal:
        actions.submit(young, application.ref, token="t")
    assert refusal.value.code == "not-eligible"
    assert refusal.value.params["requirements"][0]["name"] == "You are 18 or older"
    assert refusal.value.params["requirements"][0]["legal"] == "stall-act/3"
    assert not Case.objects.exists()


def test_answers_to_questions_no_longer_asked_are_not_submitted(ana):
    application = draft(ana, {**STALL, "stall.area": "20"})
    application = actions.save(ana, application.ref, {"stall.trade": "books"}, revision=application.revision + 1)
    application = actions.submit(ana, application.ref, token="t")
    assert "form.uses_gas" not in queries.application(ana, application.ref).answers


def test_a_double_submit_is_one_submit(ana):
    application = draft(ana, SMALL, lease=False)
    first = actions.submit(ana, application.ref, token="once")
    again = actions.submit(ana, application.ref, token="once")
    assert first.ref == again.ref
    assert Case.objects.count() == 1
    assert Event.objects.filter(type="casework.application-submitted.v1").count() == 1
    with pytest.raises(Refused) as refusal:
        actions.submit(ana, application.ref, token="other")
    assert refusal.value.code == "submitted"


def test_a_token_names_one_submission_of_a_person(ana, world):
    first = actions.submit(ana, draft(ana, SMALL, lease=False).ref, token="once")
    second = draft(ana, SMALL, lease=False)
    assert actions.submit(ana, second.ref, token="once").ref == first.ref
    assert Case.objects.count() == 1
    ben = resident(world, "Ben Fen")
    other = draft(ben, SMALL, lease=False)
    assert actions.submit(ben, other.ref, token="once").ref == other.ref


def test_a_submitted_application_is_not_changed(ana):
    application = draft(ana, SMALL, lease=False)
    actions.submit(ana, application.ref, token="t")
    for change in (
        lambda: actions.save(ana, application.ref, {"stall.name": "B"}, revision=1),
        lambda: actions.discard(ana, application.ref),
        lambda: actions.refresh(ana, application.ref),
        lambda: actions.attach(ana, application.ref, "form.plan", upload()),
    ):
        with pytest.raises(Refused) as refusal:
            change()
        assert refusal.value.code == "submitted"


def test_a_discarded_draft_is_gone_from_the_list(ana):
    application = draft(ana)
    actions.discard(ana, application.ref)
    actions.discard(ana, application.ref)
    assert not queries.my_applications(ana).rows
    with pytest.raises(Refused) as refusal:
        actions.submit(ana, application.ref, token="t")
    assert refusal.value.code == "discarded"


def test_only_people_apply_and_only_for_what_there_is(ana, world):
    for service, actor in (("no-such", ana), ("open-stall", world.staff("front-office/clerk", "east-bank"))):
        with pytest.raises(NotAllowed):
            actions.start(actor, service=service)
    with pytest.raises(NotAllowed):
        actions.start(ana, event="no-such")


def test_somebody_elses_draft_is_not_there(ana, world):
    application = draft(ana)
    ben = world.person("Ben Fen")
    for act in (
        lambda: actions.save(ben, application.ref, {"stall.name": "B"}, revision=0),
        lambda: actions.submit(ben, application.ref, token="t"),
        lambda: actions.discard(ben, application.ref),
        lambda: actions.attach(ben, application.ref, "evidence.lease", upload()),
        lambda: queries.application(ben, application.ref),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_files_answer_questions_and_replace_each_other(ana):
    application = start(ana)
    first = actions.attach(ana, application.ref, "form.plan", upload("one.pdf"))
    second = actions.attach(ana, application.ref, "form.plan", upload("two.pdf"))
    view = queries.application(ana, application.ref)
    assert [file.name for file in view.attachments] == ["two.pdf"]
    assert view.answers["form.plan"] == second.ref != first.ref
    actions.detach(ana, application.ref, second.ref)
    view = queries.application(ana, application.ref)
    assert not view.attachments
    assert "form.plan" not in view.answers


def test_files_nobody_asks_for_are_not_taken(ana):
    application = start(ana)
    for key in ("stall.name", "evidence.passport", "form.other", ""):
        with pytest.raises(Invalid):
            actions.attach(ana, application.ref, key, upload())


def test_another_applications_file_is_no_answer(ana, world):
    other = start(ana)
    foreign = actions.attach(ana, other.ref, "form.plan", upload())
    application = start(ana)
    with pytest.raises(Invalid) as wrong:
        actions.save(ana, application.ref, {"form.plan": foreign.ref}, revision=0)
    assert set(wrong.value.fields) == {"form.plan"}


def changed(**more) -> Register:
    """The register in force with another form of the stall service."""
    register = in_force.current()
    service = register.services["open-stall"]
    fields = [field for field in service.form if field.key != "stall.name"]
    data = service.model_dump(by_alias=True) | {"form": [field.model_dump(by_alias=True) for field in fields]} | more
    others = [each for each in register.all() if each.id != "open-stall" or each.kind != "PublicService"]
    return Register.of([*others, PublicService.model_validate(data)])


def test_a_service_changed_half_way_leaves_the_draft_alone_until_asked(ana):
    application = draft(ana, SMALL, lease=False)
    assert not queries.application(ana, application.ref).newer_version
    declared.publish(SYSTEM, changed())
    view = queries.application(ana, application.ref)
    assert view.newer_version
    assert "stall.name" in [question.key for question in view.questions]
    refreshed = actions.refresh(ana, application.ref)
    assert refreshed.dropped == ("stall.name",)
    view = queries.application(ana, application.ref)
    assert not view.newer_version
    assert "stall.name" not in view.answers
    assert view.answers["stall.county"] == "east-bank"


def test_a_case_keeps_the_version_it_began_with(ana, world):
    application = actions.submit(ana, draft(ana, SMALL, lease=False).ref, token="t")
    before = Case.objects.get().version
    declared.publish(SYSTEM, changed())
    clerk = world.staff("front-office/clerk", "east-bank")
    view = queries.case(clerk, Case.objects.get().ref)
    assert view.version == before
    assert "stall.name" in [fact.key for fact in view.facts]
    assert queries.application(ana, application.ref).newer_version is False  # a submitted one has nothing to refresh


def test_the_journal_holds_answers_only_beside_the_event(ana):
    application = actions.submit(ana, draft(ana, STALL).ref, token="t")
    event = Event.objects.get(type="casework.application-submitted.v1")
    assert "Noodles" not in str(event.data)
    assert PersonalData.objects.filter(event=event).exists()
    assert not Event.objects.filter(data__icontains="Noodles").exists()
    assert queries.application(ana, application.ref).event_id == str(event.id)


@pytest.mark.parametrize("act", ["start", "save", "attach", "submit"])
def test_a_write_and_its_event_are_there_together_or_not_at_all(ana, act, monkeypatch):
    application = draft(ana, SMALL, lease=False)
    before = (Event.objects.count(), Application.objects.count(), Application.objects.get(ref=application.ref).revision)

    def broken(*args, **kwargs):
        raise RuntimeError("the power went")

    from commonweal.core.journal import actions as journal

    monkeypatch.setattr(journal, "keep", broken)
    monkeypatch.setattr(journal.EventAbout.objects, "bulk_create", broken)
    acts = {
        "start": lambda: start(ana),
        "save": lambda: actions.save(ana, application.ref, {"stall.name": "B"}, revision=application.revision),
        "attach": lambda: actions.attach(ana, application.ref, "form.plan", upload()),
        "submit": lambda: actions.submit(ana, application.ref, token="t"),
    }
    with pytest.raises(RuntimeError, match="power"):
        acts[act]()
    after = (Event.objects.count(), Application.objects.count(), Application.objects.get(ref=application.ref).revision)
    assert before == after
    assert not Case.objects.exists()
    assert not Task.objects.exists()


def test_a_service_not_in_force_cannot_be_started(ana):
    declared.publish(SYSTEM, changed(effective={"from": (MONDAY + timedelta(days=30)).date().isoformat()}))
    with pytest.raises(Refused) as refusal:
        start(ana)
    assert refusal.value.code == "not-in-force"
