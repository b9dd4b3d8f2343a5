"""What becomes of a finding: confirmed by rows that came later, given to an organisation, measured after it acted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from commonweal.core import clock
from commonweal.core.errors import Invalid, NotAllowed, Stale
from commonweal.core.identity.actor import Actor, Seat
from commonweal.core.journal.models import Event
from commonweal.knowledge.insight import actions, queries
from commonweal.knowledge.insight.models import Finding
from commonweal.knowledge.lake.actions import collect

pytestmark = [pytest.mark.room, pytest.mark.django_db]
THEN = date(2026, 2, 28)
TASK = "Find out why it is slower with fewer staff"


def seated(post: str, ref: str = "P-LEAD") -> Actor:
    return Actor("staff", ref, "An official", frozenset({Seat(post, "testland")}))


LEADER, CLERK, STRANGER = (
    seated("province-office/leader"), seated("one-stop-centre/clerk", "P-CLERK"), seated("statistics/clerk", "P-STAT"),
)  # fmt: skip


@pytest.fixture
def then(published: Path, office: Callable[..., int]) -> str:
    """What would have been found at the end of February: slower where there is less staff."""
    (published / "posts.yaml").write_text(
        "- {kind: PublicOrganisation, id: province-office, level: province, name: {en: Province, zh-hans: 省府}}\n"
        "- {kind: Post, id: province-office/leader, organisation: province-office, supervises: true,"
        " name: {en: Leader, zh-hans: 领导}}\n"
        "- {kind: Post, id: one-stop-centre/clerk, organisation: one-stop-centre, name: {en: Clerk, zh-hans: 窗口}}\n"
    )
    from commonweal.core.declared.actions import publish
    from commonweal.core.identity.actor import SYSTEM

    publish(SYSTEM, published)
    office()
    for dataset in ("region-performance", "regional-means"):
        collect(dataset)
    with clock.travel(datetime(2026, 3, 1, 2, tzinfo=UTC)):
        actions.discover(until=THEN)
    return next(r.ref for r in queries.findings(LEADER).rows if r.right.column == "median_days")


def test_at_first_it_is_a_candidate_and_says_that_nothing_came_later(then: str) -> None:
    view = queries.finding(LEADER, then)
    assert view.row.state == "candidate"
    assert view.later is None
    assert [turn.what for turn in view.turns] == ["found"]


def test_rows_that_came_later_confirm_it_and_the_journal_says_so(then: str) -> None:
    actions.discover()
    view = queries.finding(LEADER, then)
    assert view.row.state == "confirmed"
    assert view.later is not None
    assert view.later.since == date(2026, 2, 1), "the last period it was found in began then"
    assert view.later.figures is not None
    assert view.later.figures.high < 0
    assert [turn.what for turn in view.turns] == ["confirmed", "found"]
    event = Event.objects.get(type="insight.finding-judged.v1", subject=f"finding:{then}")
    assert (event.data["was"], event.data["state"]) == ("candidate", "confirmed")
    assert "后续数据证实" in view.row.state_label.say("zh-hans")


def test_the_same_rows_again_do_not_confirm_anything(then: str) -> None:
    with clock.travel(datetime(2026, 3, 2, 2, tzinfo=UTC)):
        actions.discover(until=date(2026, 2, 27))
    assert queries.finding(LEADER, then).row.state == "candidate"


def test_rows_that_say_otherwise_refute_it(then: str) -> None:
    found = Finding.objects.get(ref=then)
    turn = found.turns.get(what="found")
    turn.figures = {**turn.figures, "value": 0.8, "low": 0.6, "high": 0.9}  # as if it had been seen the other way round
    turn.save()
    actions.discover()
    assert queries.finding(LEADER, then).row.state == "refuted"


def test_a_leader_gives_it_to_an_organisation_which_says_what_it_did(then: str) -> None:
    with clock.travel(datetime(2026, 3, 3, 2, tzinfo=UTC)):
        task = actions.assign(LEADER, then, organisation="one-stop-centre", task=TASK, due=date(2026, 5, 1))
        (row,) = queries.assignments(CLERK).rows
        assert (row.ref, row.may_answer, row.status) == (task.ref, True, "open")
        assert queries.assignments(STRANGER).rows == ()
        with pytest.raises(NotAllowed):
            queries.assignment(STRANGER, task.ref)
        with pytest.raises(NotAllowed):
            actions.answer(LEADER, task.ref, done=True, text="I say so myself, without being there")
        actions.answer(CLERK, task.ref, done=True, text="Two clerks moved from the quiet district to the busy one")
        with pytest.raises(Stale):
            actions.answer(CLERK, task.ref, done=False, text="On second thoughts nothing at all")
    view = queries.finding(LEADER, then)
    assert view.row.state == "acted-on"
    assert [turn.what for turn in view.turns] == ["acted", "assigned", "found"]
    types = set(Event.objects.filter(subject=f"finding:{then}").values_list("type", flat=True))
    assert {"insight.finding-assigned.v1", "insight.finding-answered.v1"} <= types


def test_it_is_measured_again_in_the_months_after_the_answer(then: str) -> None:
    with clock.travel(datetime(2026, 2, 20, 2, tzinfo=UTC)):
        task = actions.assign(LEADER, then, organisation="one-stop-centre", task=TASK, due=date(2026, 5, 1))
        actions.answer(CLERK, task.ref, done=True, text="Two clerks moved from the quiet district to the busy one")
    assert queries.assignment(LEADER, task.ref).after is None
    actions.discover()
    row = queries.assignment(LEADER, task.ref)
    assert row.after is not None
    assert row.before is not None
    assert row.after.n > 0
    assert queries.finding(LEADER, then).row.state == "acted-on", "later rows do not undo that somebody acted"


def test_only_a_supervising_post_gives_tasks_and_each_field_is_told(then: str) -> None:
    with pytest.raises(NotAllowed):
        actions.assign(CLERK, then, organisation="statistics", task=TASK, due=date(2099, 1, 1))
    with pytest.raises(Invalid) as wrong:
        actions.assign(LEADER, then, organisation="nobody", task="do", due=date(2020, 1, 1))
    assert set(wrong.value.fields) == {"organisation", "task", "due"}
    actions.assign(LEADER, then, organisation="statistics", task=TASK, due=date(2099, 1, 1))
    with pytest.raises(Stale):
        actions.assign(LEADER, then, organisation="statistics", task=TASK, due=date(2099, 1, 1))


def test_snapshots_that_findings_cite_are_told_to_who_expires_them(then: str) -> None:
    cited = queries.cited()
    assert set(cited) == {"region-performance", "regional-means"}
    assert all(len(snapshots) >= 1 for snapshots in cited.values())
