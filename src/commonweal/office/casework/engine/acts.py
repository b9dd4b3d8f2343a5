"""What somebody does to a case, and why it may be refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

StaffKind = Literal["accept", "approve", "refuse", "return", "request-information"]
ActKind = Literal[
    "accept", "approve", "refuse", "return", "request-information", "supply", "withdraw", "pay", "issue", "tick"
]
Code = Literal[
    "closed", "unknown-step", "not-allowed", "wrong-post", "already-decided", "not-ready", "paused", "not-paused",
    "note-needed",
]  # fmt: skip

STAFF: tuple[StaffKind, ...] = ("accept", "approve", "refuse", "return", "request-information")
PASSING = frozenset({"accept", "approve"})
ASKING = frozenset({"return", "request-information"})
SAYS_WHY = frozenset({"refuse", "return", "request-information"})
"""Acts that a person has to live with, so that they say why."""


class Seat(Protocol):
    """A post held in one branch; `commonweal.core.identity.actor.Seat` is one."""

    @property
    def post(self) -> str:
        """`organisation/post`."""

    @property
    def region(self) -> str:
        """The branch."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `actor` is the label the journal knows; `ask` are the keys of the answers asked for.

    Acts of officials name a `step` and the `seat` they act from. `supply` answers all that is asked, or what one
    `step` asks. `pay` and `issue` name a `step`; `withdraw` and `tick` name nothing.
    """

    kind: ActKind
    step: str | None = None
    seat: Seat | None = None
    note: str = ""
    ask: tuple[str, ...] = ()
    actor: str = ""


class IllegalAct(Exception):
    """An act that the state of the case does not permit. `code` is stable; the message says it in English."""

    def __init__(self, code: Code, message: str, *, step: str | None = None) -> None:
        super().__init__(message)
        self.code: Code = code
        self.message, self.step = message, step
