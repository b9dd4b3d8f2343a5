"""A service from the form to the permit: departments side by side, a fee, a number without gaps, all on record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commonweal.core import clock
from commonweal.core.errors import Invalid, NotAllowed, Refused, Stale
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.journal.models import Event
from commonweal.office.casework import actions, queries
from commonweal.office.casework.models import Case, Output, Task

from .conftest import MONDAY, World, upload
from .helpers import SMALL, do, draft, resident, submitted

pytestmark = [pytest.mark.room, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _monday(settings):
    settings.DEMO = True
    with clock.travel(MONDAY):
        yield


@pytest.fixture
def ana(world: World):
    return resident(world)


@pytest.fixture
def clerk(world: World):
    return world.staff("front-office/clerk", "east-bank", "Cleo Clerk")


@pytest.fixture
def examiner(world: World):
    return world.staff("market-office/examiner", "east-bank", "Emil Examiner")


@pytest.fixture
def inspector(world: World):
    return world.staff("fire-brigade/inspector", "reed-city", "Ines Inspector")


def types(case: Case) -> list[str]:
    return [event.type.split(".")[1] for event in Event.objects.filter(subject=f"case:{case.ref}").order_by("id")]


def pay(ana, case: Case):
    order = queries.application(ana, case.application.ref).cases[0].orders[0]
    begun = actions.begin_payment(ana, order.ref, provider="sandbox", return_url="/paid")
    return actions.settle_payment(ana, order.ref, provider="sandbox", payload=begun.fields)


def test_the_whole_loop(ana, clerk, examiner, inspector):
    case = submitted(ana)
    assert [row.step for row in queries.inbox(clerk).rows] == ["accept"]
    assert not queries.inbox(examiner).rows
    do(clerk, case, "accept", "accept")
    assert [row.step for row in queries.inbox(examiner).rows] == ["licence"]
    assert [row.step for row in queries.inbox(inspector).rows] == ["fire"]  # side by side
    do(inspector, case, "fire", "approve", note="Two exits.")
    do(examiner, case, "licence", "approve")
    view = queries.application(ana, case.application.ref).cases[0]
    assert (view.status, view.orders[0].amount, view.orders[0].status) == ("waiting", 20050, "due")
    assert queries.my_applications(ana).rows[0].needs_you
    paid = pay(ana, case)
    assert paid.status == "paid"
    view = queries.application(ana, case.application.ref).cases[0]
    assert (view.status, view.outcome) == ("closed", "granted")
    assert [output.number for output in view.outputs] == ["ST2026-east-bank-0001"]
    assert view.outputs[0].valid_until.year == 2028
    stated = {fact.key for fact in view.outputs[0].facts}
    assert stated == {"stall.name", "stall.trade", "stall.county", "stall.area"}  # not form.uses_gas
    told = types(case)
    assert told.count("step-decided") == 3
    for kind in ("evidence-fetched", "case-opened", "payment-received", "output-issued", "case-closed"):
        assert told.count(kind) == 1, kind


def test_the_applicant_sees_who_has_it_since_when_and_by_when(ana, clerk, examiner, inspector):
    case = submitted(ana)
    do(clerk, case, "accept", "accept")
    steps = {step.id: step for step in queries.application(ana, case.application.ref).cases[0].steps}
    assert steps["accept"].state == "done"
    assert steps["licence"].state == "ready"
    assert steps["licence"].organisation_name.say("en") == "Market office"
    assert steps["licence"].since == MONDAY
    assert steps["licence"].due > MONDAY
    assert steps["fee"].state == "pending"
    assert all(step.by == "" for step in steps.values())  # posts, not names


def test_a_step_whose_condition_does_not_hold_is_passed(ana, clerk, examiner, inspector):
    case = submitted(ana, SMALL)
    do(clerk, case, "accept", "accept")
    assert not queries.inbox(inspector).rows
    do(examiner, case, "licence", "approve")
    view = queries.application(ana, case.application.ref).cases[0]
    assert {step.id: step.state for step in view.steps}["fire"] == "passed"
    assert [line[1] for line in view.orders[0].lines] == [12050]  # the large stall's fee is exempt


def test_the_case_shows_answers_evidence_with_its_source_and_the_law(ana, clerk):
    case = submitted(ana)
    view = queries.case(clerk, case.ref)
    facts = {fact.key: fact for fact in view.facts}
    assert facts["stall.area"].shown == "120 m²"
    assert facts["stall.county"].shown == "East Bank"
    assert facts["form.uses_gas"].shown == "Yes"
    assert facts["applicant.birth_date"].source == "residents"
    assert {row.type: row.organisation for row in view.evidence} == {"residence": "registry", "lease": None}
    assert {step.id: step.acts for step in view.steps}["accept"] == ("accept", "return")
    assert {step.id: step.law for step in view.steps}["licence"].text.say("zh-hans") == "设摊应当取得许可。"
    assert view.applicant == "Ana Reed"


def test_returned_for_correction_and_supplied(ana, clerk):
    case = submitted(ana)
    with pytest.raises(Refused) as refusal:
        do(clerk, case, "accept", "return")
    assert refusal.value.code == "note-needed"
    do(clerk, case, "accept", "return", note="The area is not the one in the lease.", ask=["stall.area"])
    assert [row.step for row in queries.inbox(clerk, view="waiting").rows] == ["accept"]
    assert not queries.inbox(clerk).rows
    view = queries.application(ana, case.application.ref).cases[0]
    assert view.status == "waiting"
    assert view.asked[0].keys == ("stall.area",)
    assert view.asked[0].message.startswith("The area")
    assert [question.key for question in view.ask_questions] == ["stall.area"]
    with pytest.raises(Invalid) as wrong:
        actions.supply(ana, case.ref, answers={"stall.area": "many"})
    assert set(wrong.value.fields) == {"stall.area"}
    actions.supply(ana, case.ref, answers={"stall.area": "110"}, message="Measured again.")
    assert [row.step for row in queries.inbox(clerk).rows] == ["accept"]
    assert {fact.key: fact.value for fact in queries.case(clerk, case.ref).facts}["stall.area"] == "110"
    with pytest.raises(Refused) as refusal:
        actions.supply(ana, case.ref, answers={"stall.area": "115"})
    assert refusal.value.code == "nothing-asked"


def test_only_what_was_asked_is_supplied(ana, clerk):
    case = submitted(ana)
    do(clerk, case, "accept", "return", note="Which name?", ask=["stall.name"])
    with pytest.raises(Invalid) as wrong:
        actions.supply(ana, case.ref, answers={"stall.area": "5"})
    assert set(wrong.value.fields) == {"stall.area"}


def test_a_request_for_information_stops_the_clock(ana, clerk, examiner):
    case = submitted(ana, SMALL)
    do(clerk, case, "accept", "accept")
    promised = queries.case(examiner, case.ref).promised
    do(examiner, case, "licence", "request-information", note="A drawing, please.", ask=["form.plan"])
    view = queries.case(examiner, case.ref)
    assert view.paused_since == MONDAY
    with clock.travel(MONDAY + timedelta(days=14)):
        actions.attach(ana, case.application.ref, "form.plan", upload("plan.pdf"))
        actions.supply(ana, case.ref, message="Here it is.")
        view = queries.case(examiner, case.ref)
        assert view.paused_since is None
        assert view.promised > promised
        assert {file.key for file in view.attachments} == {"form.plan"}
        assert [row.overdue for row in queries.inbox(examiner).rows] == [False]


def test_a_refusal_ends_the_case_and_its_siblings(ana, clerk, examiner, inspector):
    case = submitted(ana)
    do(clerk, case, "accept", "accept")
    do(inspector, case, "fire", "refuse", note="No second exit.")
    view = queries.application(ana, case.application.ref).cases[0]
    assert (view.status, view.outcome) == ("closed", "refused")
    assert view.reason == "No second exit."
    assert not queries.inbox(examiner).rows
    with pytest.raises(Refused) as refusal:
        do(examiner, case, "licence", "approve")
    assert refusal.value.code == "closed"


def test_a_withdrawal_ends_the_case_and_cancels_what_is_due(ana, clerk, examiner):
    case = submitted(ana, SMALL)
    do(clerk, case, "accept", "accept")
    do(examiner, case, "licence", "approve")
    actions.withdraw(ana, case.ref, reason="Another place found.")
    view = queries.application(ana, case.application.ref).cases[0]
    assert (view.outcome, view.orders[0].status, view.may_withdraw) == ("withdrawn", "cancelled", False)
    with pytest.raises(Refused):
        actions.withdraw(ana, case.ref)


def test_silence_is_approval_where_the_law_says_so(ana, examiner):
    case = submitted(ana, {"stall.name": "Books", "stall.county": "east-bank"}, service="market-day")
    assert actions.tick() == 0
    with clock.travel(MONDAY + timedelta(days=5)):
        assert actions.tick() == 1
        assert actions.tick() == 0
        view = queries.application(ana, case.application.ref).cases[0]
        assert (view.status, view.outcome) == ("closed", "granted")
        assert [output.number for output in view.outputs] == ["MP00001"]
        assert [row.outcome for row in queries.inbox(examiner, view="done").rows] == ["deemed-approved"]


def test_what_is_late_goes_to_the_chief_as_well(ana, clerk, inspector, world):
    chief = world.staff("fire-brigade/chief", "reed-city")
    case = submitted(ana)
    do(clerk, case, "accept", "accept")
    assert not queries.inbox(chief).rows
    with clock.travel(MONDAY + timedelta(days=6)):
        assert actions.tick() == 1
        assert actions.tick() == 0
        assert [(row.step, row.escalated) for row in queries.inbox(chief).rows] == [("fire", True)]
        assert [row.step for row in queries.inbox(inspector).rows] == ["fire"]
        do(chief, case, "fire", "approve")
        assert not queries.inbox(inspector).rows
        assert not queries.inbox(chief).rows


def test_the_second_to_act_is_told_who_was_first(ana, clerk, world):
    other = world.staff("front-office/clerk", "east-bank", "Odo Other")
    case = submitted(ana)
    read = queries.case(other, case.ref).revision
    do(clerk, case, "accept", "accept")
    with pytest.raises(Stale) as stale:
        actions.act(other, case.ref, "accept", "return", note="Wrong form", revision=read)
    told = stale.value.params
    assert (told["by"], told["act"], told["step"], told["at"]) == ("Cleo Clerk", "accept", "accept", MONDAY)


def test_a_wrong_post_cannot_act_even_when_it_may_look(ana, clerk, examiner):
    case = submitted(ana, SMALL)
    do(clerk, case, "accept", "accept")
    with pytest.raises(Refused):
        do(clerk, case, "licence", "approve")
    with pytest.raises(Refused):
        do(examiner, case, "licence", "dance")
    assert Task.objects.get(case=case, step="licence").status == "ready"


def test_strangers_meet_nothing(ana, clerk, world):
    case = submitted(ana)
    ben = world.person("Ben Fen")
    elsewhere = world.staff("front-office/clerk", "west-bank")
    early = world.staff("market-office/examiner", "east-bank")
    for stranger in (ben, elsewhere, early):
        for read in (queries.case, queries.applicant_case):
            with pytest.raises(NotAllowed):
                read(stranger, case.ref)
        with pytest.raises(NotAllowed):
            queries.application(stranger, case.application.ref)
        with pytest.raises(NotAllowed):
            actions.act(stranger, case.ref, "accept", "accept", revision=1)
        assert not queries.search_cases(stranger, case.ref).rows
        assert not queries.search_cases(stranger, "Ana").rows
        assert not queries.person_cases(stranger, ana.id).rows
    for act in (actions.withdraw, actions.supply):
        with pytest.raises(NotAllowed):
            act(ben, case.ref)
    with pytest.raises(NotAllowed):
        queries.case(ben, "C-NONE")
    attachment = queries.case(clerk, case.ref).attachments[0]
    with pytest.raises(NotAllowed):
        queries.attachment(elsewhere, attachment.ref)


def test_an_official_who_reads_is_read(ana, clerk):
    case = submitted(ana)
    file = queries.case(clerk, case.ref).attachments[0]
    queries.case(clerk, case.ref)
    assert queries.attachment(clerk, file.ref).open().read().startswith(b"%PDF")
    told = types(case)
    assert told.count("case-viewed") == 1
    assert told.count("file-read") == 1
    assert queries.attachment(ana, file.ref).name == "lease.pdf"
    assert types(case).count("file-read") == 1
    from commonweal.office.exchange import queries as exchange

    seen = [(row.code, row.organisation) for row in exchange.usage(ana, ana.id).rows]
    assert ("case-viewed", "front-office") in seen
    assert ("evidence-fetched", "market-office") in seen


def test_cases_are_found_by_reference_number_and_name(ana, clerk, examiner):
    case = submitted(ana, SMALL)
    do(clerk, case, "accept", "accept")
    do(examiner, case, "licence", "approve")
    pay(ana, case)
    for text in (case.ref, case.ref.lower(), case.application.ref, "ana r", "ST2026-east-bank-0001"):
        assert [row.case for row in queries.search_cases(clerk, text).rows] == [case.ref], text
    assert not queries.search_cases(clerk, "x").rows
    assert not queries.search_cases(clerk, "Nobody").rows


def test_a_life_event_opens_one_case_for_each_service_that_applies(ana, world):
    answers = {**SMALL, "stall.trade": "books"}
    application = draft(ana, answers, lease=False, event="starting-to-trade")
    application = actions.submit(ana, application.ref, token="once")
    cases = queries.application(ana, application.ref).cases
    assert [case.service for case in cases] == ["open-stall", "market-day"]  # no gas licence for books
    food = {**SMALL, "stall.trade": "food", "form.uses_gas": False, "form.bottles": 2}
    application = draft(ana, food, lease=False, event="starting-to-trade")
    application = actions.submit(ana, application.ref, token="twice")
    assert len(queries.application(ana, application.ref).cases) == 3


def test_a_number_given_back_is_given_again(ana, clerk, examiner, monkeypatch):
    first, second = submitted(ana, SMALL), submitted(ana, SMALL)
    for case in (first, second):
        do(clerk, case, "accept", "accept")
        do(examiner, case, "licence", "approve")
    from commonweal.office.casework import moving

    real = moving.record_many

    def broken(*args, **kwargs):
        raise RuntimeError("the power went")

    monkeypatch.setattr(moving, "record_many", broken)
    with pytest.raises(RuntimeError, match="power"):
        pay(ana, first)
    monkeypatch.setattr(moving, "record_many", real)
    assert not Output.objects.exists()
    assert queries.application(ana, first.application.ref).cases[0].orders[0].status == "due"
    pay(ana, second)
    pay(ana, first)
    assert sorted(Output.objects.values_list("number", flat=True)) == [
        "ST2026-east-bank-0001", "ST2026-east-bank-0002",
    ]  # fmt: skip


def test_paying_twice_moves_the_case_once(ana, clerk, examiner):
    case = submitted(ana, SMALL)
    do(clerk, case, "accept", "accept")
    do(examiner, case, "licence", "approve")
    order = queries.application(ana, case.application.ref).cases[0].orders[0]
    begun = actions.begin_payment(ana, order.ref, provider="sandbox", return_url="/paid")
    for _ in range(2):
        assert actions.settle_payment(ana, order.ref, provider="sandbox", payload=begun.fields).status == "paid"
    assert types(case).count("payment-received") == 1
    assert Output.objects.count() == 1


def test_a_cashier_takes_the_fee_at_the_desk(ana, clerk, examiner):
    case = submitted(ana, SMALL)
    do(clerk, case, "accept", "accept")
    do(examiner, case, "licence", "approve")
    order = queries.case(clerk, case.ref).orders[0]
    with pytest.raises(NotAllowed):
        actions.settle_payment(examiner, order.ref, provider="counter", payload={"receipt": "R-1"})
    actions.settle_payment(clerk, order.ref, provider="counter", payload={"receipt": "R-1"})
    assert queries.case(clerk, case.ref).outcome == "granted"


def test_mine_are_the_tasks_i_took(ana, clerk, world):
    other = world.staff("front-office/clerk", "east-bank", "Odo Other")
    case = submitted(ana, SMALL)
    assert not queries.inbox(clerk, view="mine").rows
    actions.take(clerk, case.ref, "accept")
    assert [row.assignee for row in queries.inbox(clerk, view="mine").rows] == ["Cleo Clerk"]
    assert not queries.inbox(other, view="mine").rows
    with pytest.raises(Refused):
        actions.put_back(other, case.ref, "accept")
    actions.put_back(clerk, case.ref, "accept")
    assert not queries.inbox(clerk, view="mine").rows


def test_the_inbox_is_read_in_pages_by_deadline(ana, clerk):
    for day in (3, 1, 2, 0):
        with clock.travel(MONDAY + timedelta(days=day)):
            submitted(ana, SMALL)
    seen, cursor = [], None
    while True:
        page = queries.inbox(clerk, cursor=cursor, limit=1)
        seen += [row.due for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert seen == sorted(seen)
    assert len(seen) == 4
    with clock.travel(MONDAY + timedelta(days=2, hours=20)):
        assert len(queries.inbox(clerk, view="overdue").rows) == 2
        assert [row.overdue for row in queries.inbox(clerk).rows] == [True, True, False, False]


def test_the_system_reads_everything_and_signs_nothing(ana):
    case = submitted(ana, SMALL)
    assert queries.case(SYSTEM, case.ref).ref == case.ref
    with pytest.raises(Refused):
        actions.act(SYSTEM, case.ref, "accept", "accept", revision=1)
