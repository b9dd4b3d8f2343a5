"""The order of pages through an application: its questions, then its papers, then the answers to check. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from commonweal.office.casework.views import ApplicationView


@dataclass(frozen=True, slots=True)
class Stop:
    """One page of the walk."""

    kind: Literal["question", "paper"]
    key: str


@dataclass(frozen=True, slots=True)
class Walk:
    """Where somebody is on the way, as the answers so far have it; answers change what is still to come."""

    stops: tuple[Stop, ...]
    open: tuple[Stop, ...]
    """Those that still need something, in order."""

    @classmethod
    def of(cls, view: ApplicationView) -> Walk:
        """The walk through a draft, or through what is asked of a submitted one."""
        unanswered = set(view.unanswered)
        questions = tuple(Stop("question", question.key) for question in view.questions)
        papers = tuple(Stop("paper", paper.requirement) for paper in view.papers)
        missing = {paper.requirement for paper in view.papers if not paper.given}
        return cls(
            stops=questions + papers,
            open=tuple(
                stop for stop in questions + papers if stop.key in (unanswered if stop.kind == "question" else missing)
            ),
        )

    def place(self, stop: Stop) -> int | None:
        """The number of a stop, counted from one; None when it is no longer asked."""
        return self.stops.index(stop) + 1 if stop in self.stops else None

    def before(self, stop: Stop) -> Stop | None:
        """The stop before, or None at the first one."""
        at = self.place(stop)
        return self.stops[at - 2] if at and at > 1 else None

    def after(self, stop: Stop) -> Stop | None:
        """The stop after, or None at the last one."""
        at = self.place(stop)
        return self.stops[at] if at and at < len(self.stops) else None
