"""An invented case on a service's real engine: what an official practises on. Nothing is written but the log shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from commonweal.core.identity.actor import Seat
from commonweal.office.casework import engine
from commonweal.office.casework.engine import STAFF, Act, ActKind, CaseState, IllegalAct
from commonweal.office.casework.form import Question, parse, questions
from commonweal.register import ServiceBundle

SAMPLES: Mapping[str, Any] = {
    "string": "Sample",
    "text": "Sample",
    "integer": 20,
    "decimal": "20",
    "money": "100",
    "boolean": False,
    "year": 2000,
    "date": "1990-01-31",
    "email": "somebody@example.org",
    "phone": "+1 555 0100",
    "file": "F-SAMPLE",
}
"""An answer of each type, where a data element gives no example."""


@dataclass(frozen=True, slots=True)
class Practice:
    """The invented case: its answers, its state, its own clock, and what has happened so far."""

    service: str
    version: str
    answers: Mapping[str, Any]
    now: datetime
    state: CaseState
    log: tuple[tuple[str, str, str], ...] = ()
    """Moment (ISO 8601), code of what happened, step (or outcome)."""

    def to_json(self) -> dict[str, Any]:
        """As the session keeps it."""
        return {
            "service": self.service,
            "version": self.version,
            "answers": dict(self.answers),
            "now": self.now.isoformat(),
            "state": self.state.to_dict(),
            "log": [list(line) for line in self.log],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Practice:
        """Read what `to_json` wrote. Raises KeyError or ValueError for anything else."""
        return cls(
            service=kept["service"],
            version=kept["version"],
            answers=kept["answers"],
            now=datetime.fromisoformat(kept["now"]),
            state=CaseState.from_dict(kept["state"]),
            log=tuple((at, code, step) for at, code, step in kept["log"]),
        )


def sample_answers(bundle: ServiceBundle, today: date, given: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Answers to every question the service would ask: those given where they fit, invented ones for the rest."""
    answers: dict[str, Any] = {}
    for _ in range(len(bundle.service.form) + 1):
        missing = [each for each in questions((bundle,), answers, today) if each.key not in answers]
        if not missing:
            break
        answers |= {each.key: _sample(each, (given or {}).get(each.key)) for each in missing}
    return answers


def _sample(question: Question, given: str | None) -> Any:
    tries = [given, question.example, question.options[0][0] if question.options else None, question.min]
    for value in [*tries, SAMPLES.get(question.type)]:
        if value is None or value == "":
            continue
        try:
            return parse(question, value if isinstance(value, bool) else str(value), "en")
        except ValueError:
            continue
    return SAMPLES.get(question.type)


def begin(bundle: ServiceBundle, version: str, answers: Mapping[str, Any], now: datetime) -> Practice:
    """Submit the invented application. Raises LookupError where no branch serves the place answered."""
    place = answers.get(bundle.service.place or "")
    state, happened = engine.begin(bundle, answers, place, now)
    return Practice(bundle.service.id, version, answers, now, state, _lines(now, happened))


def seats(bundle: ServiceBundle, state: CaseState) -> list[Seat]:
    """Every seat the case may need: each post of the register's bundle in each branch at work."""
    regions = {step.region for step in state.steps.values() if step.region}
    return [Seat(post, region) for post in bundle.posts for region in regions]


def decisions(bundle: ServiceBundle, practice: Practice) -> dict[str, tuple[str, ...]]:
    """What the offices may do now, by step."""
    return engine.allowed(bundle, practice.state, seats(bundle, practice.state))


def others(bundle: ServiceBundle, practice: Practice) -> list[tuple[str, str]]:
    """What everybody else may do now: the applicant answers, pays or withdraws, the platform issues, a day passes."""
    if practice.state.status == "closed":
        return []
    found = [("supply", "")] if practice.state.pauses else []
    ready = [step for step in bundle.service.steps if practice.state.steps[step.id].status == "ready"]
    found += [("pay", step.id) for step in ready if step.pay]
    found += [("issue", step.id) for step in ready if step.output]
    return [*found, ("day", ""), ("withdraw", "")]


def act(bundle: ServiceBundle, practice: Practice, kind: str, step: str) -> Practice:
    """Let something happen. Raises IllegalAct for what the case does not permit now."""
    if kind == "day":
        later = practice.now + timedelta(days=1)
        state, happened = engine.tick(bundle, practice.state, practice.answers, later)
        return replace(practice, state=state, now=later, log=practice.log + _lines(later, happened))
    told = Act(
        cast(ActKind, kind), step or None, _seat(bundle, practice, kind, step), note="practice", actor="practice"
    )
    now = practice.now + timedelta(minutes=1)
    state, happened = engine.apply(bundle, practice.state, told, practice.answers, now)
    return replace(practice, state=state, now=now, log=practice.log + _lines(now, happened))


def _seat(bundle: ServiceBundle, practice: Practice, kind: str, step: str) -> Seat | None:
    if kind not in STAFF:
        return None
    declared = next((each for each in bundle.service.steps if each.id == step), None)
    region = practice.state.steps[step].region if declared else None
    if declared is None or declared.by is None or region is None:
        raise IllegalAct("unknown-step", f"The case has no step “{step}”", step=step)
    return Seat(declared.by, region)


def _lines(now: datetime, happened: tuple[Any, ...]) -> tuple[tuple[str, str, str], ...]:
    """What happened, as (moment, code, step or outcome); codes are the happenings' names."""
    return tuple(
        (now.isoformat(), type(each).__name__, f"{getattr(each, 'step', '')}|{getattr(each, 'outcome', '')}")
        for each in happened
    )
