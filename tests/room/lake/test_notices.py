"""Bad rows, a fall of quality, failure and age reach the publisher, and go away when they are mended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from commonweal.core import clock
from commonweal.core.errors import NotAllowed, Refused
from commonweal.core.identity.actor import SYSTEM, Actor, Seat
from commonweal.core.journal import queries as journal
from commonweal.knowledge.lake import mending, notices
from commonweal.knowledge.lake.actions import collect
from commonweal.knowledge.lake.models import Notice

pytestmark = [pytest.mark.room, pytest.mark.django_db]
OFFICER = Actor("staff", "P-OFFICER", "Ada", frozenset({Seat("statistics/officer", "testland")}))
STRANGER = Actor("staff", "P-STRANGER", "Bo", frozenset({Seat("police/officer", "testland")}))
CLEAN = "code,pupils,changed\nS1,10,2026-01-01\nS2,20,2026-01-01\n"
BAD = "code,pupils,changed\nS1,10,2026-01-01\nS2,=many,2026-01-01\nS3,-5,2026-01-01\n"


@pytest.fixture
def file(declare: Callable[..., Path]) -> Path:
    """The department's file."""
    path = declare("{type: file, path: schools.csv}") / "schools.csv"
    path.write_text(CLEAN)
    return path


def reasons(actor: Actor = OFFICER) -> list[str]:
    return sorted(row.reason for row in mending.to_mend(actor).rows)


def test_bad_rows_are_told_to_the_publisher_until_they_are_mended(file: Path) -> None:
    collect("schools")
    assert reasons() == []
    file.write_text(BAD)
    collect("schools")
    assert reasons() == ["quality", "quarantine"]
    assert reasons(STRANGER) == []
    row = next(row for row in mending.to_mend(OFFICER).rows if row.reason == "quarantine")
    assert (row.dataset, row.detail) == ("schools", {"rows": 2, "read": 3})
    collect("schools", full=True)
    assert Notice.objects.count() == 2, "the same fault is told once"
    file.write_text(CLEAN)
    collect("schools")
    assert reasons() == []
    told = [e.type for e in journal.events(None, subject="dataset:schools").rows if "notice" in e.type]
    assert sorted(told) == ["lake.notice-closed.v1"] * 2 + ["lake.notice-opened.v1"] * 2


def test_the_bad_rows_can_be_taken_home(file: Path) -> None:
    file.write_text(BAD)
    collect("schools")
    lines = b"".join(mending.bad_rows(OFFICER, "schools").chunks).decode("utf-8-sig").splitlines()
    assert lines == [
        "row,column,value,reason",
        "2,pupils,'=many,This is not a number",
        "3,pupils,-5,This is less than 0",
    ]
    chinese = b"".join(mending.bad_rows(OFFICER, "schools", "zh-hans").chunks).decode()
    assert "这不是数字" in chinese
    with pytest.raises(NotAllowed):
        mending.bad_rows(OFFICER, "unknown")


def test_a_source_that_is_gone_is_told_and_forgiven(file: Path) -> None:
    file.unlink()
    with pytest.raises(Refused):
        collect("schools")
    assert reasons() == ["failed"]
    file.write_text(CLEAN)
    collect("schools")
    assert reasons() == []


def test_data_older_than_their_rhythm_are_told_once(file: Path) -> None:
    collect("schools")
    later = clock.now() + timedelta(days=3)
    assert (notices.mark_overdue(clock.now()), notices.mark_overdue(later), notices.mark_overdue(later)) == (0, 1, 0)
    assert reasons() == ["overdue"]
    collect("schools")
    assert reasons() == []


def test_the_list_is_paged(file: Path) -> None:
    file.write_text(BAD)
    collect("schools")
    Notice.objects.create(
        dataset="schools", organisation="statistics", reason="overdue", collection=1, opened=clock.now()
    )
    first = mending.to_mend(SYSTEM, limit=1)
    second = mending.to_mend(SYSTEM, first.next, limit=1)
    assert [row.reason for row in (*first.rows, *second.rows)] == ["overdue", "quarantine"]
    assert second.next is None


def test_scores_are_kept_from_collection_to_collection(file: Path) -> None:
    collect("schools")
    collect("schools")
    file.write_text(BAD)
    collect("schools")
    validity = next(each for each in mending.trend(OFFICER, "schools") if each.key == "validity")
    assert [round(value, 2) for value in validity.values] == [1.0, 0.33]
