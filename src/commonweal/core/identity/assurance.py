"""How sure the house is of who acts: eIDAS levels from what somebody showed, and how long ago. Pure.

The names are those of Regulation (EU) 910/2014 article 8. A password alone is low; a password with something one has
(a code from an app, a recovery code, a security key) is substantial; a passkey that checked its holder's finger, face
or PIN is high. The two codes told to other programs are `acr` (OpenID Connect Core 2) and `amr` (RFC 8176).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from commonweal.core.errors import Refused

Level = Literal["low", "substantial", "high"]
LEVELS: Final[tuple[Level, ...]] = ("low", "substantial", "high")
ACR: Final = {level: f"http://eidas.europa.eu/LoA/{level}" for level in LEVELS}
"""The names eIDAS nodes use for the levels."""

PASSWORD, TOTP, RECOVERY, KEY, PASSKEY = "password", "totp", "recovery", "key", "passkey"
OUTSIDE: Final = "outside-"
"""Followed by the level at which another provider vouches: `outside-substantial`."""
_AMR: Final = {
    PASSWORD: ("pwd",),
    TOTP: ("otp",),
    RECOVERY: ("otp",),
    KEY: ("hwk",),
    PASSKEY: ("hwk", "user"),
}


class StepUpNeeded(Refused):
    """What was shown so far is not enough for this act; the window asks for more and comes back."""

    status = 403

    def __init__(self, level: Level, max_age: timedelta | None = None) -> None:
        seconds = int(max_age.total_seconds()) if max_age else 0
        super().__init__("step-up", "This needs a stronger or fresher sign-in", level=level, max_age=seconds)
        self.level, self.max_age = level, max_age


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing somebody showed, and when."""

    method: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything shown in one session."""

    factors: tuple[Factor, ...] = ()

    @classmethod
    def of(cls, kept: Iterable[Mapping[str, Any]]) -> Standing:
        """From what a session keeps: `{"method": …, "at": seconds since 1970}`. What does not read so is left out."""
        return cls(
            tuple(
                Factor(str(each["method"]), datetime.fromtimestamp(float(each["at"]), UTC))
                for each in kept
                if "method" in each and "at" in each
            )
        )

    def level(self, since: datetime | None = None) -> Level | None:
        """The level reached by what was shown (since a moment); None for nothing."""
        shown = {each.method for each in self.factors if since is None or each.at >= since}
        if PASSKEY in shown:
            return "high"
        if PASSWORD in shown and shown & {TOTP, RECOVERY, KEY}:
            return "substantial"
        vouched = [level for level in LEVELS if f"{OUTSIDE}{level}" in shown]
        return vouched[-1] if vouched else "low" if PASSWORD in shown else None

    @property
    def amr(self) -> tuple[str, ...]:
        """The methods as RFC 8176 names them, `mfa` among them where there were several."""
        shown = {each.method for each in self.factors}
        told = sorted({name for method in shown for name in _AMR.get(method, ())})
        several = PASSKEY in shown or len(shown & {PASSWORD, TOTP, RECOVERY, KEY}) > 1
        return (*told, "mfa") if several else tuple(told)

    @property
    def at(self) -> datetime | None:
        """When something was shown last."""
        return max((each.at for each in self.factors), default=None)


def reaches(level: str | None, wanted: str) -> bool:
    """Whether `level` is at least `wanted`; None reaches nothing. Raises ValueError for a name that is no level."""
    return level is not None and LEVELS.index(level) >= LEVELS.index(wanted)


def require(standing: Standing, level: Level, now: datetime, max_age: timedelta | None = None) -> None:
    """Pass when `level` was reached (within `max_age` before `now`). Raises StepUpNeeded."""
    if not reaches(standing.level(now - max_age if max_age else None), level):
        raise StepUpNeeded(level, max_age)
