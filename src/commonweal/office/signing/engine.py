"""Whose turn it is and what a round has come to (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Order = Literal["parallel", "sequence"]
Standing = Literal["waiting", "signed", "declined"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One place of a document, as far as turns go."""

    number: int
    status: Standing


def whose_turn(places: Sequence[Turn], order: Order) -> frozenset[int]:
    """The numbers of the places that may sign now; none once somebody declined."""
    if any(each.status == "declined" for each in places):
        return frozenset()
    waiting = sorted(each.number for each in places if each.status == "waiting")
    return frozenset(waiting[:1] if order == "sequence" else waiting)


def complete(places: Sequence[Turn]) -> bool:
    """Whether everybody has signed."""
    return bool(places) and all(each.status == "signed" for each in places)
