"""Clock, ids, pages and refusals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.core import clock, ids, pages
from commonweal.core.errors import Invalid, NotAllowed, Refused, Stale
from commonweal.core.identity.actor import SYSTEM, Actor, Seat

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_clock_travels_and_comes_back() -> None:
    with clock.travel(NOON):
        assert clock.now() == NOON
        with clock.travel(NOON.astimezone(timezone(timedelta(hours=8))) + timedelta(days=1)):
            assert clock.now() == NOON + timedelta(days=1)
            assert clock.now().tzinfo is UTC
        assert clock.now() == NOON
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_clock_takes_aware_moments_only() -> None:
    with pytest.raises(ValueError, match="aware"), clock.travel(datetime(2026, 3, 1)):
        pass


@given(st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(9000, 1, 1), timezones=st.just(UTC)))
def test_uuid7_has_time_version_and_variant(moment: datetime) -> None:
    made = ids.uuid7(moment)
    assert made.int >> 80 == int(moment.timestamp() * 1000)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")


def test_ids_of_one_moment_keep_their_order() -> None:
    made = [ids.uuid7(NOON) for _ in range(2000)]
    assert made == sorted(set(made))
    assert ids.uuid7(NOON + timedelta(milliseconds=1)) > made[-1]
    assert ids.uuid7(NOON - timedelta(milliseconds=1)) < made[0], "a simulated clock may go back"


def test_references_can_be_read_aloud() -> None:
    made = {ids.reference("C") for _ in range(500)}
    assert len(made) == 500
    assert all(ref.startswith("C-") and not set(ref[2:]) & set("01OILU") for ref in made)


def test_a_page_ends_where_the_next_begins() -> None:
    first = pages.page([5, 4, 3], 2, lambda row: (row,))
    assert first.rows == (5, 4)
    assert pages.decode(first.next or "", 1) == [4]
    last = pages.page([3], 2, lambda row: (row,))
    assert last.next is None
    assert last.map(str).rows == ("3",)


@pytest.mark.parametrize("cursor", ["", "x", "%%%", "AAAA", pages.encode(1, 2), "bnVsbA", "é"])
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid) as refusal:
        pages.decode(cursor, 1)
    assert "first page" in refusal.value.fields["cursor"]


def test_refusals_carry_a_code_and_a_status() -> None:
    refusal = Refused("closed", "The case is closed", case="C-1")
    assert (refusal.code, refusal.params, refusal.status, str(refusal)) == (
        "closed", {"case": "C-1"}, 409, "The case is closed",
    )  # fmt: skip
    assert NotAllowed("x", "y").status == 404
    assert Stale("stale", "y").status == 409
    assert Invalid({"a": "b"}).status == 422


def test_actors_have_labels() -> None:
    staff = Actor("staff", "P-AAAA", "Ana", frozenset({Seat("tax/clerk", "upper-vale")}))
    assert (staff.label, SYSTEM.label) == ("staff:P-AAAA", "system:worker")
    assert next(iter(staff.posts)).organisation == "tax"
    assert hash(staff) == hash(Actor("staff", "P-AAAA", "Ana", frozenset({Seat("tax/clerk", "upper-vale")})))
