"""What the steps of a case mean, one meaning a test."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from commonweal.office.casework.engine import (
    Act,
    CaseClosed,
    CaseState,
    Escalated,
    IllegalAct,
    IssueDue,
    Overdue,
    PaymentDue,
    Resumed,
    StepDecided,
    StepReady,
    StepSkipped,
    StepWaits,
    allowed,
    apply,
    begin,
    next_due,
    tick,
)
from commonweal.register import ServiceBundle
from commonweal.register.regions import NoBranchError
from tests.unit.casework.small import CHIEF, CLERK, FIRE, NOW, Seat, bundle, do, opened

BIG = {"id": "big", "type": "boolean", "label": {"en": "Is it big?", "zh-hans": "规模大吗？"}}
ALLOW = ("approve", "refuse", "return", "request-information")
WHOLE = bundle(
    [
        {"id": "accept", "by": "hall/clerk", "allow": ["accept", "return"], "deadline": "P1D"},
        {"id": "check", "by": "hall/clerk", "after": ["accept"], "deadline": "P3D"},
        {"id": "fire", "by": "fire/inspector", "after": ["accept"], "when": "form.big", "deadline": "P2D"},
        {"id": "fee", "pay": ["base"], "after": ["check", "fire"]},
        {"id": "issue", "output": "licence", "after": ["fee"]},
    ],
    form=[BIG],
    cost=[{"id": "base", "amount": "120.50", "exempt_when": "!form.big"}],
    deadline={"total": "P7D"},
)
BIG_ONE, SMALL_ONE = {"form.big": True}, {"form.big": False}


def statuses(state: CaseState) -> dict[str, str]:
    """Each step's status."""
    return {name: step.status for name, step in state.steps.items()}


def refusal(of: ServiceBundle, state: CaseState, act: Act, now: datetime = NOW) -> str:
    """The code with which an act is refused."""
    with pytest.raises(IllegalAct) as refused:
        apply(of, state, act, {}, now)
    return refused.value.code


def days(count: int, hour: int = 9) -> datetime:
    """A moment so many days after the Monday on which cases open here."""
    return NOW.replace(hour=hour) + timedelta(days=count)


def ends(count: int) -> datetime:
    """The end of that day."""
    return datetime(2026, 1, 5, 23, 59, 59, tzinfo=UTC) + timedelta(days=count)


def test_a_case_goes_all_the_way_round() -> None:
    state, events = begin(WHOLE, BIG_ONE, "north", NOW)
    assert events == (StepReady("accept", "north", ends(1)),)
    assert state.due_at == ends(9), "seven working days from a Monday"
    state = do(WHOLE, state, "accept", "accept", answers=BIG_ONE)
    assert statuses(state) == {
        "accept": "done", "check": "ready", "fire": "ready", "fee": "waiting", "issue": "waiting"
    }  # fmt: skip
    state = do(WHOLE, state, "approve", "fire", FIRE, answers=BIG_ONE)
    assert statuses(state)["fee"] == "waiting", "a join waits for every step before it"
    state, events = apply(WHOLE, state, Act("approve", "check", CLERK, actor="staff:P-1"), BIG_ONE, NOW)
    assert events == (
        StepDecided("check", "approve", "staff:P-1", NOW),
        StepReady("fee", None, None),
        PaymentDue("fee", ("base",), Decimal("120.50")),
    )
    state, events = apply(WHOLE, state, Act("pay", "fee"), BIG_ONE, NOW)
    assert events[-1] == IssueDue("issue", "licence")
    state, events = apply(WHOLE, state, Act("issue", "issue"), BIG_ONE, days(1))
    assert events == (StepDecided("issue", "issued", None, days(1)), CaseClosed("granted", days(1)))
    assert (state.status, state.outcome, state.closed_at, state.revision) == ("closed", "granted", days(1), 6)


def test_a_condition_that_is_false_counts_as_passed_and_an_exempt_fee_too() -> None:
    state = do(WHOLE, opened(WHOLE, SMALL_ONE), "accept", "accept", answers=SMALL_ONE)
    assert state.steps["fire"].outcome == "not-needed"
    state, events = apply(WHOLE, state, Act("approve", "check", CLERK), SMALL_ONE, NOW)
    assert StepSkipped("fee", "exempt") in events
    assert state.steps["issue"].status == "ready"


def test_an_unknown_condition_lets_nobody_slip_past_and_gives_no_exemption() -> None:
    state = do(WHOLE, opened(WHOLE), "accept", "accept")
    assert state.steps["fire"].status == "ready"
    state = do(WHOLE, do(WHOLE, state, "approve", "fire", FIRE), "approve", "check")
    assert state.steps["fee"].amount == Decimal("120.50")


def test_a_step_that_counts_as_passed_does_not_let_others_overtake() -> None:
    """What follows a skipped step still waits for what comes before it."""
    of = bundle(
        [
            {"id": "first", "by": "hall/clerk"},
            {"id": "maybe", "by": "hall/clerk", "after": ["first"], "when": "false"},
            {"id": "last", "by": "hall/clerk", "after": ["maybe"]},
        ]
    )
    assert statuses(opened(of)) == {"first": "ready", "maybe": "waiting", "last": "waiting"}
    assert statuses(do(of, opened(of), "approve", "first")) == {"first": "done", "maybe": "skipped", "last": "ready"}


def test_a_case_in_which_nothing_applies_is_granted_at_once() -> None:
    of = bundle([{"id": "maybe", "by": "hall/clerk", "when": "form.big"}], form=[BIG])
    state, events = begin(of, SMALL_ONE, "north", NOW)
    assert (state.outcome, events[-1]) == ("granted", CaseClosed("granted", NOW))


def test_the_branch_that_serves_the_region_works_the_step() -> None:
    state = opened(WHOLE, BIG_ONE)
    assert (state.steps["accept"].region, state.steps["fire"].region, state.steps["fee"].region) == (
        "north", "city", None
    )  # fmt: skip
    with pytest.raises(NoBranchError):
        begin(WHOLE, {}, "city", NOW)


def test_a_refusal_ends_the_case_and_cancels_its_siblings() -> None:
    state = do(WHOLE, opened(WHOLE, BIG_ONE), "accept", "accept", answers=BIG_ONE)
    state = do(WHOLE, state, "refuse", "fire", FIRE, answers=BIG_ONE)
    assert (state.status, state.outcome) == ("closed", "refused")
    assert statuses(state) == {
        "accept": "done", "check": "cancelled", "fire": "done", "fee": "cancelled", "issue": "cancelled"
    }  # fmt: skip
    assert refusal(WHOLE, state, Act("approve", "check", CLERK)) == "closed"


def test_withdrawal_ends_the_case_whoever_has_it() -> None:
    state = do(WHOLE, do(WHOLE, opened(WHOLE), "return", "accept"), "withdraw")
    assert (state.outcome, state.pauses) == ("withdrawn", ())
    assert refusal(WHOLE, state, Act("withdraw")) == "closed"


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (Act("approve", "nowhere", CLERK), "unknown-step"),
        (Act("accept", None, CLERK), "unknown-step"),
        (Act("accept", "accept", FIRE), "wrong-post"),
        (Act("accept", "accept", Seat("hall/clerk", "south")), "wrong-post"),
        (Act("accept", "accept", Seat("hall/head", "north")), "wrong-post"),
        (Act("accept", "accept", None), "wrong-post"),
        (Act("approve", "accept", CLERK), "not-allowed"),
        (Act("return", "accept", CLERK, note="  "), "note-needed"),
        (Act("approve", "check", CLERK), "not-ready"),
        (Act("pay", "accept"), "not-allowed"),
        (Act("pay", "fee"), "not-ready"),
        (Act("issue", "issue"), "not-ready"),
        (Act("accept", "fee", CLERK), "not-allowed"),
        (Act("supply"), "not-paused"),
        (Act("supply", "accept"), "not-paused"),
    ],
)
def test_what_is_refused_says_why(act: Act, code: str) -> None:
    assert refusal(WHOLE, opened(WHOLE), act) == code


def test_a_decision_is_made_once() -> None:
    state = do(WHOLE, opened(WHOLE), "accept", "accept")
    assert refusal(WHOLE, state, Act("accept", "accept", CLERK)) == "already-decided"


SIDES = bundle(
    [
        {"id": "one", "by": "hall/clerk", "deadline": "P3D"},
        {"id": "two", "by": "fire/inspector", "deadline": "P5D"},
    ],
    deadline={"total": "P7D"},
)


def test_a_return_stops_everything_until_it_is_answered() -> None:
    state = do(SIDES, opened(SIDES), "return", "one", ask=("form.big",))
    assert state.status == "paused"
    assert state.pause is not None
    assert (state.pause.kind, state.pause.step, state.pause.asked) == ("return", "one", ("form.big",))
    assert allowed(SIDES, state, [CLERK, FIRE]) == {}
    assert refusal(SIDES, state, Act("approve", "two", FIRE)) == "paused"
    assert next_due(SIDES, state) is None
    later = days(2)
    state, events = apply(SIDES, state, Act("supply"), {}, later)
    assert events == (Resumed(("one",), ends(11)),), "two working days later"
    assert (state.steps["one"].due_at, state.steps["two"].due_at) == (ends(7), ends(9))
    assert allowed(SIDES, state, [CLERK]) == {"one": ALLOW}, "it is decided again"


def test_a_request_stops_the_clocks_but_lets_the_others_work() -> None:
    state = do(SIDES, opened(SIDES), "request-information", "one", ask=("form.big",))
    assert allowed(SIDES, state, [CLERK, FIRE]) == {"two": ALLOW}
    assert refusal(SIDES, state, Act("approve", "one", CLERK)) == "paused"
    state = do(SIDES, state, "request-information", "two", FIRE, now=days(1))
    assert [pause.step for pause in state.pauses] == ["one", "two"]
    state = do(SIDES, state, "supply", "two", None, now=days(2))
    assert (state.status, state.stopped_at) == ("paused", NOW), "the clock stands still until all is answered"
    state = do(SIDES, state, "supply", now=days(3))
    assert (state.status, state.stopped_at, state.due_at) == ("open", None, ends(14))


def test_a_clock_that_is_not_stopped_still_spares_the_post_that_asked() -> None:
    of = bundle(
        [
            {"id": "one", "by": "hall/clerk", "deadline": "P1D", "overdue": "deem-approved"},
            {"id": "two", "by": "fire/inspector", "deadline": "P1D"},
        ],
        deadline={"total": "P7D", "paused_by": []},
    )
    state = do(of, opened(of), "request-information", "one")
    state, events = tick(of, state, {}, days(4))
    assert [type(each) for each in events] == [Overdue], "the other step has no excuse"
    assert state.steps["one"].status == "ready"
    state = do(of, state, "supply", now=days(4))
    assert state.due_at == ends(9), "the promise ran on"
    assert state.steps["one"].due_at == ends(7), "four working days later: Friday to the Monday after"


def test_a_payment_can_stop_the_promise() -> None:
    of = bundle(
        [{"id": "fee", "pay": ["base"]}, {"id": "work", "by": "hall/clerk", "deadline": "P1D"}],
        cost=[{"id": "base", "amount": 5}],
        deadline={"total": "P2D", "paused_by": ["payment"]},
    )
    state = opened(of)
    assert (state.stopped_at, state.steps["work"].held_at) == (NOW, None)
    state = do(of, state, "pay", "fee", now=days(3))
    assert (state.stopped_at, state.due_at) == (None, ends(7))


def test_hours_stand_still_by_the_hour() -> None:
    of = bundle([{"id": "one", "by": "hall/clerk", "deadline": "PT4H"}])
    state = opened(of)
    assert state.steps["one"].due_at == NOW + timedelta(hours=4)
    state = do(of, do(of, state, "return", "one"), "supply", now=NOW + timedelta(hours=3))
    assert state.steps["one"].due_at == NOW + timedelta(hours=7)


def test_calendar_days_count_weekends() -> None:
    of = bundle([{"id": "one", "by": "hall/clerk"}], deadline={"total": "P7D", "calendar": "calendar-days"})
    state = opened(of)
    assert state.due_at == ends(7)
    state = do(of, do(of, state, "return", "one"), "supply", now=days(7))
    assert state.due_at == ends(14)


def test_new_answers_are_asked_of_steps_not_yet_decided() -> None:
    of = bundle(
        [
            {"id": "small", "by": "hall/clerk", "when": "!form.big"},
            {"id": "fire", "by": "fire/inspector", "when": "form.big"},
            {"id": "last", "by": "hall/clerk", "after": ["fire"]},
        ],
        form=[BIG],
    )
    state = opened(of, SMALL_ONE)
    assert statuses(state) == {"small": "ready", "fire": "skipped", "last": "ready"}
    state = do(of, state, "return", "last", answers=SMALL_ONE)
    state, events = apply(of, state, Act("supply"), BIG_ONE, NOW)
    assert statuses(state) == {"small": "skipped", "fire": "ready", "last": "waiting"}
    assert events[0] == Resumed(("last",), None)
    assert {StepSkipped("small", "not-needed"), StepWaits("last")} <= set(events)
    state = do(of, state, "approve", "fire", FIRE, answers=BIG_ONE)
    assert statuses(state)["last"] == "ready", "the step that returned is decided again, in its turn"


def test_new_answers_undo_no_decision() -> None:
    of = bundle(
        [
            {"id": "fire", "by": "fire/inspector", "when": "form.big"},
            {"id": "next", "by": "hall/clerk", "after": ["fire"]},
            {"id": "last", "by": "hall/clerk", "after": ["next"]},
        ],
        form=[BIG],
    )
    state = do(of, opened(of, SMALL_ONE), "approve", "next", answers=SMALL_ONE)
    state = do(of, state, "request-information", "last", answers=SMALL_ONE)
    state = do(of, state, "supply", answers=BIG_ONE)
    assert statuses(state) == {"fire": "ready", "next": "done", "last": "ready"}
    state = do(of, state, "approve", "last", answers=BIG_ONE)
    assert state.status == "open", "the case does not end before the step that came in"
    assert do(of, state, "approve", "fire", FIRE, answers=BIG_ONE).outcome == "granted"


FEES = bundle(
    [{"id": "fee", "pay": ["low", "high"]}, {"id": "work", "by": "hall/clerk"}],
    form=[BIG],
    cost=[
        {"id": "low", "amount": "10.00", "exempt_when": "form.big"},
        {"id": "high", "amount": "90.00", "exempt_when": "!form.big", "effective": {"to": "2026-01-05"}},
    ],
)


def test_a_fee_that_changes_is_said_again_and_one_that_was_paid_stays_paid() -> None:
    state = do(FEES, opened(FEES, SMALL_ONE), "return", "work", answers=SMALL_ONE)
    _, events = apply(FEES, state, Act("supply"), BIG_ONE, NOW)
    assert events[1:] == (PaymentDue("fee", ("high",), Decimal("90.00")),)
    paid = do(FEES, state, "pay", "fee", answers=SMALL_ONE)
    assert paid.status == "paused", "money is taken even while the applicant corrects something"
    _, events = apply(FEES, paid, Act("supply"), BIG_ONE, NOW)
    assert len(events) == 1


def test_fees_are_those_in_force_on_the_day_of_submission() -> None:
    assert opened(FEES, BIG_ONE).steps["fee"].amount == Decimal("90.00")
    assert opened(FEES, BIG_ONE, days(1)).steps["fee"].status == "skipped"
    state = do(FEES, opened(FEES, BIG_ONE), "return", "work", answers=BIG_ONE)
    assert do(FEES, state, "supply", answers=BIG_ONE, now=days(30)).steps["fee"].amount == Decimal("90.00")


def late(overdue: str) -> ServiceBundle:
    """A step due after a day, and one after it."""
    return bundle(
        [
            {"id": "work", "by": "fire/inspector", "deadline": "P1D", "overdue": overdue},
            {"id": "next", "by": "hall/clerk", "after": ["work"]},
        ]
    )


def test_a_late_step_is_flagged_once() -> None:
    of = late("flag")
    state = opened(of)
    assert next_due(of, state) == ends(1)
    assert tick(of, state, {}, ends(1) - timedelta(seconds=1)) == (state, ())
    state, events = tick(of, state, {}, days(2))
    assert events == (Overdue("work", ends(1)),)
    assert tick(of, state, {}, days(9)) == (state, ())
    assert next_due(of, state) is None


def test_a_late_step_goes_to_those_who_supervise_in_that_branch() -> None:
    of = late("escalate")
    assert refusal(of, opened(of), Act("approve", "work", CHIEF)) == "wrong-post"
    state, events = tick(of, opened(of), {}, days(2))
    assert events[-1] == Escalated("work", ("fire/chief",))
    for seat, may in ((FIRE, True), (CHIEF, True), (Seat("fire/chief", "province"), False), (CLERK, False)):
        assert ("work" in allowed(of, state, [seat])) == may
    assert do(of, state, "approve", "work", CHIEF, now=days(2)).steps["work"].status == "done"


def test_silence_is_consent_where_the_service_says_so() -> None:
    of = late("deem-approved")
    state, events = tick(of, opened(of), {}, days(2))
    assert events[:2] == (Overdue("work", ends(1)), StepDecided("work", "deemed-approved", None, ends(1)))
    assert (state.steps["work"].overdue, state.steps["next"].status) == (True, "ready")


def test_nobody_refuses_what_was_deemed_approved_before_the_worker_looked() -> None:
    of = late("deem-approved")
    assert refusal(of, opened(of), Act("refuse", "work", FIRE, "too late"), days(2)) == "already-decided"
    state, events = apply(of, opened(of), Act("approve", "next", CLERK), {}, days(2))
    assert state.outcome == "granted"
    assert isinstance(events[0], Overdue)


def test_a_state_survives_json_and_refuses_what_is_none() -> None:
    state = do(WHOLE, opened(WHOLE, BIG_ONE), "return", "accept", ask=("form.big",), answers=BIG_ONE)
    written = json.dumps(state.to_dict())
    assert CaseState.from_dict(json.loads(written)) == state
    assert json.dumps(CaseState.from_dict(json.loads(written)).to_dict()) == written
    for wrong in (
        {"v": 2},
        {"steps": {"accept": ["asleep", *[None] * 10]}},
        {"steps": {"accept": ["done", *[None] * 11]}},
        {"pauses": [["nap", "accept", [], 0, ""]]},
    ):
        with pytest.raises(ValueError):
            CaseState.from_dict(json.loads(written) | wrong)


def test_naive_moments_and_circles_are_refused() -> None:
    with pytest.raises(ValueError):
        begin(WHOLE, {}, "north", NOW.replace(tzinfo=None))
    with pytest.raises(ValueError):
        opened(
            bundle([{"id": "a", "by": "hall/clerk", "after": ["b"]}, {"id": "b", "by": "hall/clerk", "after": ["a"]}])
        )
