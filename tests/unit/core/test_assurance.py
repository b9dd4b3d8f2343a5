"""Which level what was shown reaches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from commonweal.core.identity.assurance import Factor, Standing, StepUpNeeded, reaches, require

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def shown(*methods: str, minutes_ago: int = 0) -> Standing:
    return Standing(tuple(Factor(method, NOW - timedelta(minutes=minutes_ago)) for method in methods))


@pytest.mark.parametrize(
    ("methods", "level", "amr"),
    [
        ((), None, ()),
        (("password",), "low", ("pwd",)),
        (("totp",), None, ("otp",)),
        (("password", "totp"), "substantial", ("otp", "pwd", "mfa")),
        (("password", "recovery"), "substantial", ("otp", "pwd", "mfa")),
        (("password", "key"), "substantial", ("hwk", "pwd", "mfa")),
        (("key",), None, ("hwk",)),
        (("passkey",), "high", ("hwk", "user", "mfa")),
        (("outside-substantial",), "substantial", ()),
        (("outside-low", "outside-high"), "high", ()),
        (("something-new",), None, ()),
    ],
)
def test_levels(methods: tuple[str, ...], level: str | None, amr: tuple[str, ...]) -> None:
    standing = shown(*methods)
    assert standing.level() == level
    assert standing.amr == amr


def test_what_was_shown_long_ago_does_not_count_for_a_fresh_act() -> None:
    standing = shown("passkey", minutes_ago=10)
    require(standing, "high", NOW)
    require(standing, "high", NOW, timedelta(minutes=15))
    with pytest.raises(StepUpNeeded) as needed:
        require(standing, "high", NOW, timedelta(minutes=5))
    assert needed.value.params == {"level": "high", "max_age": 300}


def test_a_higher_level_reaches_a_lower_one() -> None:
    assert reaches("high", "low")
    assert not reaches("low", "substantial")
    assert not reaches(None, "low")
    with pytest.raises(ValueError, match="not in tuple"):
        reaches("low", "utmost")


def test_what_no_session_keeps_is_left_out() -> None:
    assert Standing.of([{"method": "password"}, {"at": 3}, {"method": "passkey", "at": 1.5}]).level() == "high"
