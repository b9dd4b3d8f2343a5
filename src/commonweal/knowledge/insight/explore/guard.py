"""What of an exploration may leave, by the rules of disclosure. The one place where explore asks them.

A figure stands on at least ten distinct places (or periods) and ten degrees of freedom; on thirty rows where a row is
a person, a business or a case and the data are not open. Pictures of what is not open are bins of at least ten rows.
"""

from __future__ import annotations

from dataclasses import dataclass

FEWEST_ENTITIES = 10
FEWEST_DF = 10
FEWEST_PEOPLE = 30
FEWEST_IN_BIN = 10
SAME = 0.9999
"""At or above, two columns are one measure under two names."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a figure may be shown; `why` is a stable word where it may not."""

    allowed: bool
    why: str | None = None


ALLOWED = Verdict(True)


def figure(*, n: int, entities: int, df: float, micro: bool = False, open: bool = True) -> Verdict:
    """Judge one coefficient over `n` rows of `entities` places or periods; `micro` rows are persons or cases."""
    if entities < FEWEST_ENTITIES:
        return Verdict(False, "too-few-entities")
    if df < FEWEST_DF:
        return Verdict(False, "too-few-degrees-of-freedom")
    if micro and not open and n < FEWEST_PEOPLE:
        return Verdict(False, "too-few-rows")
    return ALLOWED


def points(*, micro: bool, open: bool) -> bool:
    """Whether single rows may be drawn as points: only of open data about places."""
    return open and not micro
