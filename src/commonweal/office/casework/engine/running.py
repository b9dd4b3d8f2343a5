"""Running a case: begin it, apply an act, let time pass, and say what may be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from commonweal.office.casework.engine.acts import ASKING, PASSING, SAYS_WHY, STAFF, Act, IllegalAct, Seat
from commonweal.office.casework.engine.happenings import Escalated, Happening, Overdue, Paused, Resumed
from commonweal.office.casework.engine.plan import Plan, plan_of
from commonweal.office.casework.engine.state import AskKind, CaseState, Pause, Steps, StepState, moment
from commonweal.office.casework.engine.working import Working
from commonweal.register import ServiceBundle
from commonweal.register.models import Step

Outcome = tuple[CaseState, tuple[Happening, ...]]


def begin(bundle: ServiceBundle, answers: Mapping[str, Any], region: str | None, now: datetime) -> Outcome:
    """Open a case about `region` at `now`, the moment of submission.

    Raises NoBranchError (a LookupError) where a step's organisation serves no such region, ValueError for steps that
    `check` would refuse.
    """
    plan, now = plan_of(bundle), _to_the_second(now)
    branches = plan.branches(region)
    state = CaseState(
        steps=Steps({name: StepState(region=branches[name]) for name in plan.steps}),
        opened_at=now,
        region=region,
        due_at=plan.due(plan.deadline.total, now) if plan.deadline else None,
        revision=0,
    )
    work = Working(plan, state, answers, now)
    work.settle()
    work.run_clocks()
    return work.finish(), tuple(work.events)


def apply(bundle: ServiceBundle, state: CaseState, act: Act, answers: Mapping[str, Any], now: datetime) -> Outcome:
    """Do one act. What fell due before `now` happens first, so that nobody can act past a deadline that decides.

    `answers` are all facts known now; after `supply` they are the new ones. Raises IllegalAct and changes nothing.
    """
    plan, now = plan_of(bundle), _to_the_second(now)
    work = Working(plan, state, answers, now)
    _fall_due(work)
    if act.kind == "tick":
        return _end(work)
    if work.outcome is not None or state.status == "closed":
        raise IllegalAct("closed", "The case is closed")
    if act.kind == "withdraw":
        work.close("withdrawn")
    elif act.kind == "supply":
        _supply(work, act)
    else:
        _at_step(work, act)
    work.run_clocks()
    return work.finish(), tuple(work.events)


def tick(bundle: ServiceBundle, state: CaseState, answers: Mapping[str, Any], now: datetime) -> Outcome:
    """Let time pass: what fell due by `now` happens. The same state and no events when nothing did."""
    work = Working(plan_of(bundle), state, answers, _to_the_second(now))
    _fall_due(work)
    return _end(work)


def _end(work: Working) -> Outcome:
    if not work.events:
        return work.before, ()
    work.run_clocks()
    return work.finish(), tuple(work.events)


def allowed(bundle: ServiceBundle, state: CaseState, seats: Iterable[Seat]) -> dict[str, tuple[str, ...]]:
    """The acts that somebody with these seats may do now, by step. Steps without any are left out."""
    if state.status == "closed" or any(pause.kind == "return" for pause in state.pauses):
        return {}
    plan, held = plan_of(bundle), tuple(seats)
    return {
        name: step.allow
        for name, step in plan.steps.items()
        if step.by
        and state.steps[name].status == "ready"
        and state.asking(name) is None
        and any(_may_work(plan, step, state.steps[name], seat) for seat in held)
    }


def next_due(bundle: ServiceBundle, state: CaseState) -> datetime | None:
    """The next moment at which `tick` would do something to this case of the service, or None."""
    due = [step.due for step in state.steps.values() if step.due is not None and step.running]
    return moment(min(due)) if due else None


def _fall_due(work: Working) -> None:
    if work.before.status == "closed":
        return
    late = [
        (step.due, name) for name, step in work.ready() if step.due is not None and step.due <= work.at and step.running
    ]
    if not late:
        return
    for due, name in sorted(late):
        declared, at = work.plan.steps[name], moment(due)
        work.events.append(Overdue(name, at))
        work.steps[name] = work.step(name)._replace(overdue=True)
        if declared.overdue == "escalate" and declared.by:
            work.steps[name] = work.step(name)._replace(escalated=True)
            work.events.append(Escalated(name, work.plan.supervising(declared)))
        elif declared.overdue == "deem-approved" and declared.by:
            work.decide(name, "deemed-approved", None, at)
    work.settle()


def _supply(work: Working, act: Act) -> None:
    answered = tuple(pause for pause in work.pauses if act.step in (None, pause.step))
    if not answered:
        raise IllegalAct("not-paused", "Nothing is asked of the applicant", step=act.step)
    work.pauses = tuple(pause for pause in work.pauses if pause not in answered)
    place = len(work.events)
    work.settle(again=True)
    work.run_clocks()
    work.events.insert(place, Resumed(tuple(pause.step for pause in answered), work.due_at))


def _at_step(work: Working, act: Act) -> None:
    """An act of an official, a payment or the issue of an output: each belongs to one step."""
    declared = work.plan.steps.get(act.step or "")
    if declared is None:
        raise IllegalAct("unknown-step", f"The case has no step “{act.step}”", step=act.step)
    if act.kind in STAFF and declared.by:
        _by_post(work, act, declared)
    elif (act.kind == "pay" and declared.pay) or (act.kind == "issue" and declared.output):
        _must_be_ready(work, declared.id)
        work.decide(declared.id, "paid" if act.kind == "pay" else "issued", act.actor or None, work.now)
        work.settle()
    else:
        raise IllegalAct("not-allowed", f"“{act.kind}” is not something that happens to “{declared.id}”", step=act.step)


def _by_post(work: Working, act: Act, declared: Step) -> None:
    name = declared.id
    if act.seat is None or not _may_work(work.plan, declared, work.step(name), act.seat):
        raise IllegalAct("wrong-post", f"“{name}” is worked by another post or branch", step=name)
    _must_be_ready(work, name)
    if work.returned or any(pause.step == name for pause in work.pauses):
        raise IllegalAct("paused", "The applicant was asked for something and has not answered yet", step=name)
    if act.kind not in declared.allow:
        raise IllegalAct("not-allowed", f"The service does not let “{name}” {act.kind}", step=name)
    if act.kind in SAYS_WHY and not act.note.strip():
        raise IllegalAct("note-needed", f"Say why: “{act.kind}” needs a note", step=name)
    if act.kind in ASKING:
        kind: AskKind = "return" if act.kind == "return" else "request-information"
        work.pauses = (*work.pauses, Pause(kind, name, tuple(act.ask), work.now, act.note))
        work.events.append(Paused(kind, name, tuple(act.ask)))
        return
    work.decide(name, act.kind, act.actor or None, work.now)
    if act.kind in PASSING:
        work.settle()
    else:
        work.close("refused")


def _must_be_ready(work: Working, name: str) -> None:
    status = work.status(name)
    if status == "done":
        raise IllegalAct("already-decided", f"“{name}” is decided already", step=name)
    if status != "ready":
        raise IllegalAct("not-ready", f"It is not the turn of “{name}”", step=name)


def _may_work(plan: Plan, declared: Step, step: StepState, seat: Seat) -> bool:
    """The step's post in the branch that serves the case; once escalated, also who supervises there."""
    if seat.region != step.region:
        return False
    return seat.post == declared.by or (step.escalated and seat.post in plan.supervising(declared))


def _to_the_second(now: datetime) -> datetime:
    """The moment as states keep it. Raises ValueError for a naive one."""
    if now.tzinfo is None:
        raise ValueError("the engine takes aware moments only")
    return now.astimezone(UTC).replace(microsecond=0)
