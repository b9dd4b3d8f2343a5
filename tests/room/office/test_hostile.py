"""What nobody should send: it is refused in the same way as everything else, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.office.casework import actions, queries
from commonweal.office.casework.models import Application, Case
from commonweal.office.exchange import queries as exchange
from commonweal.office.payments import queries as payments

from .conftest import World
from .helpers import SMALL, draft, resident, submitted

pytestmark = [pytest.mark.room, pytest.mark.django_db, pytest.mark.hostile]
ODD = [
    "",
    "x",
    "\x00",
    "A-\x00\x00\x00\x00",
    "C-'; DROP",
    "../../etc",
    "A-" + "2" * 5000,
    "\ud800",
    "Ａ-２２２２",
    "C-2222\n",
]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=6,
)
KEYS = [
    "stall.name",
    "stall.trade",
    "stall.county",
    "stall.area",
    "form.uses_gas",
    "form.plan",
    "evidence.lease",
    "\x00",
]


def refused(act: Callable[[], Any]) -> Any:
    """The refusal an act meets, or None."""
    try:
        act()
    except Refused as refusal:
        return refusal
    return None


@pytest.mark.parametrize("ref", ODD)
def test_no_reference_finds_anything(world: World, ref):
    ana, clerk = world.person(), world.staff("front-office/clerk", "east-bank")
    for read in (
        lambda: queries.application(ana, ref),
        lambda: queries.case(clerk, ref),
        lambda: queries.applicant_case(ana, ref),
        lambda: queries.history(clerk, ref),
        lambda: queries.attachment(clerk, ref),
        lambda: queries.output(clerk, ref, "stall-permit"),
        lambda: payments.order(ana, ref),
        lambda: payments.orders_of_case(clerk, ref),
        lambda: actions.submit(ana, ref, token="t"),
        lambda: actions.withdraw(ana, ref),
        lambda: actions.act(clerk, ref, "accept", "accept", revision=1),
        lambda: actions.start(ana, service=ref),
        lambda: actions.start(ana, event=ref),
        lambda: actions.settle_payment(ana, ref, provider="sandbox", payload={}),
    ):
        with pytest.raises(NotAllowed):
            read()
    assert not queries.search_cases(clerk, ref).rows
    assert not queries.person_cases(clerk, ref).rows


@pytest.mark.parametrize(
    "cursor", ["", "x", "AAAA", "W10", "WyJhIl0", "WzFd", "WyIyMDI2IiwxXQ", "\x00", "WzFlOTk5OV0", "é"]
)
def test_a_foreign_cursor_is_refused(world: World, cursor):
    ana, clerk = world.person(), world.staff("front-office/clerk", "east-bank")
    with pytest.raises(Invalid):
        queries.inbox(clerk, cursor=cursor)
    for read in (
        lambda: queries.my_applications(ana, cursor),
        lambda: queries.search_cases(clerk, "Ana", cursor),
        lambda: exchange.held_for(ana, ana.id, cursor),
    ):
        try:
            read()
        except Invalid:
            continue
        assert cursor == "WzFd"  # [1]: a place somebody could have been at


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=12), ANYTHING, max_size=5))
def test_any_answers_are_taken_or_refused_by_name(world: World, answers):
    ana = world.person()
    application = actions.start(ana, service="open-stall")
    wrong = refused(lambda: actions.save(ana, application.ref, answers, revision=0))
    assert wrong is None or isinstance(wrong, Invalid)
    fields = wrong.fields if wrong else {}
    assert set(fields) <= set(answers)
    assert all(sentence.strip() for sentence in fields.values())
    kept = Application.objects.get(pk=application.pk).answers
    assert set(kept) <= set(KEYS)
    queries.application(ana, application.ref)


@pytest.mark.parametrize(
    "text", ["\x00\x01", "a\x00b", "\ud800", "‮right to left", "x" * 100_000, "<script>alert(1)</script>"]
)
def test_notes_and_messages_of_any_kind(world: World, text):
    ana, clerk = resident(world), world.staff("front-office/clerk", "east-bank")
    case = submitted(ana, SMALL)
    wrong = refused(lambda: actions.act(clerk, case.ref, "accept", "return", note=text, revision=1))
    assert wrong is None or wrong.code == "note-needed"
    wrong = refused(lambda: actions.supply(ana, case.ref, message=text))
    assert wrong is None or wrong.code in ("nothing-asked", "invalid")
    notes = [row.note for row in queries.case(clerk, case.ref).history]
    assert all(len(note) <= 4000 and "\x00" not in note for note in notes)


@pytest.mark.parametrize("token", ["", "x" * 81, "\x00", "two words", "ключ"])
def test_a_token_that_is_none_is_refused(world: World, token):
    ana = resident(world)
    ref = draft(ana, SMALL, lease=False).ref
    with pytest.raises(Invalid):
        actions.submit(ana, ref, token=token)
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("step", "act"), [("\x00", "accept"), ("accept", "\x00"), ("fee", "approve"), ("accept", "pay"), ("", "")]
)
def test_steps_and_acts_there_are_not(world: World, step, act):
    ana, clerk = resident(world), world.staff("front-office/clerk", "east-bank")
    case = submitted(ana, SMALL)
    for attempt in (
        lambda: actions.act(clerk, case.ref, step, act, revision=1),
        lambda: actions.act(clerk, case.ref, "accept", "return", note="?", ask=[step or "\x00"], revision=1),
    ):
        with pytest.raises(Refused):
            attempt()
    if step != "accept":
        with pytest.raises(Refused):
            actions.take(clerk, case.ref, step)
    assert queries.case(clerk, case.ref).revision == 1


@pytest.mark.parametrize("search", ["%", "_", "%%%", "\\", "'", '"', "\x00\x00", "\ud800\ud800", "x" * 10_000])
def test_search_takes_any_text(world: World, search):
    submitted(resident(world), SMALL)
    clerk = world.staff("front-office/clerk", "east-bank")
    assert not queries.search_cases(clerk, search * 2).rows
