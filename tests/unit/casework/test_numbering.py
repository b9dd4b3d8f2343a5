"""Numbers of what is issued."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.office.casework.numbering import number


def test_a_pattern_is_filled() -> None:
    assert (
        number("FB{year}-{region}-{seq:06}", year=2026, region="upper-vale", sequence=42) == "FB2026-upper-vale-000042"
    )
    assert number("{seq}", year=2026, region="", sequence=7) == "7"
    assert number("A{seq:3}", year=2026, region="", sequence=12345) == "A12345", "a number that grows loses no digit"
    assert number("{seq:02}/{year}", year=987, region="", sequence=1) == "01/0987"


@pytest.mark.parametrize(
    "pattern",
    [
        "FB{year}", "{seq.__class__}", "{seq[0]}", "{seq!r}", "{0}{seq}", "{}{seq}", "{seq:99}", "{seq:>6}",
        "{year:4}{seq}",
        "{{seq}}", "{seq", "seq}", "{self}{seq}", "{seq:06}{", "{SEQ}", "",
    ],
)  # fmt: skip
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError):
        number(pattern, year=2026, region="north", sequence=1)


@pytest.mark.parametrize(
    ("year", "region", "sequence"),
    [
        (2026, "north", 0),
        (2026, "north", -1),
        (0, "north", 1),
        (10_000, "north", 1),
        (2026, "", 1),
        (2026, "../x", 1),
        (2026, "北", 1),
    ],
)
def test_what_cannot_be_numbered_is_refused(year: int, region: str, sequence: int) -> None:
    with pytest.raises(ValueError):
        number("{year}{region}{seq}", year=year, region=region, sequence=sequence)


@given(st.text(max_size=30), st.integers(-5, 10**9))
def test_any_pattern_gives_a_number_or_a_reason(pattern: str, sequence: int) -> None:
    try:
        made = number(pattern, year=2026, region="north", sequence=sequence)
    except ValueError:
        return
    assert str(sequence) in made
    assert "{" not in made


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_two_sequences_never_share_a_number(one: int, two: int) -> None:
    numbers = {number("FB{year}-{seq:06}", year=2026, region="", sequence=each) for each in (one, two)}
    assert len(numbers) == len({one, two})
