"""One case moved by one act: the engine decides, and what follows is written with it or not at all.

Everything here runs inside the transaction of the act, with the case's row locked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed, Refused, Stale
from commonweal.core.identity.actor import Actor
from commonweal.core.journal.actions import Act as Entry
from commonweal.core.journal.actions import record_many
from commonweal.office.casework import access, engine, events, fees, issuing, tasking
from commonweal.office.casework.engine import CaseState
from commonweal.office.casework.models import Case
from commonweal.office.casework.proving import facts_for_rules
from commonweal.office.casework.versions import today
from commonweal.office.certificates import actions as certificates
from commonweal.office.payments import actions as payments
from commonweal.register import ServiceBundle
from commonweal.register.calendars import WorkingCalendar

__all__ = ["Moving", "record_many", "taken_up"]


class Moving:
    """A case being moved. `tell` adds journal entries; `finish` writes case, tasks and journal."""

    def __init__(self, actor: Actor, case: Case, bundle: ServiceBundle, state: CaseState) -> None:
        self.actor, self.case, self.bundle, self.state = actor, case, bundle, state
        self.before = state
        self.now = clock.now()
        self.answers: Mapping[str, Any] = case.application.answers
        self.entries: list[Entry] = []
        self.opened: list[str] = []
        self.closed = False
        self.happened: Sequence[engine.Happening] = ()

    @property
    def facts(self) -> dict[str, Any]:
        """What rules read: the answers, and what departments answered of what nobody asked."""
        held = {key: value for answer in self.case.evidence for key, value in answer["facts"].items()}
        return facts_for_rules(self.answers, held)

    def do(self, act: engine.Act) -> None:
        """Let the engine do the act and everything that follows from it by itself. Raises Refused."""
        try:
            self.state, happened = engine.apply(self.bundle, self.state, act, self.facts, self.now)
        except engine.IllegalAct as illegal:
            raise _refusal(illegal, act, self.case) from illegal
        except LookupError as missing:
            raise Refused("no-branch", str(missing), region=self.case.region) from missing
        self.follow(happened)

    def follow(self, happened: Sequence[engine.Happening]) -> None:
        """What the platform does about engine events: orders, outputs, escalations, and what the journal is told."""
        for event in happened:
            match event:
                case engine.StepReady(step=step):
                    self.opened.append(step)
                case engine.PaymentDue(step=step, costs=costs):
                    self._ask_for(step, costs)
                case engine.IssueDue(step=step, output=output):
                    self._issue(step, output)
                case engine.StepSkipped(step=step) if self.before.steps[step].status == "ready":
                    payments.cancel(self.actor, self.case.ref, step)
                case engine.Escalated(step=step, posts=posts):
                    self.tell(events.STEP_ESCALATED, self.of_step(step) | {"to": list(posts)})
                case engine.Overdue(step=step):
                    self.tell(events.STEP_OVERDUE, self.of_step(step))
                case engine.StepDecided(step=step, outcome="deemed-approved"):
                    self.tell(events.STEP_DECIDED, self.decided(step, "deemed-approved"))
                case engine.CaseClosed():
                    self.closed = True

    def _ask_for(self, step: str, costs: Sequence[str]) -> None:
        day = today(self.bundle.jurisdiction.timezone, self.case.opened_at)
        payments.order_for(
            self.actor,
            self.case.ref,
            step,
            payer=self.case.application.person_id,
            service=self.case.service,
            lines=fees.lines(self.bundle, costs, self.facts, day),
            currency=self.bundle.jurisdiction.currency,
            due_at=self.state.steps[step].due_at,
        )

    def _issue(self, step: str, output_id: str) -> None:
        output = issuing.issue(self.case, self.bundle, output_id, self.answers, self.now)
        told = {"output": output_id, "number": output.number, "valid_until": iso(output.valid_until), "step": step}
        self.tell(events.OUTPUT_ISSUED, self.case_data() | told)
        if new := issuing.certificate(self.case, self.bundle, output):
            certificates.issue(self.actor, new)
        self.do(engine.Act(kind="issue", step=step, actor=self.actor.label))

    def tell(
        self, type: str, data: Mapping[str, Any], personal: Mapping[str, Any] | None = None, *, first: bool = False
    ) -> None:
        """Add an entry to be journalled under the case, about the applicant; `first`, before what followed from it."""
        kept = {key: value for key, value in (personal or {}).items() if value}
        about = [self.case.application.person_id]
        entry = Entry(type, f"case:{self.case.ref}", data, kept or None, about)
        self.entries.insert(0 if first else len(self.entries), entry)

    def decided(self, step: str, act: str, ask: Sequence[str] = ()) -> dict[str, Any]:
        """What `step-decided` tells about a step as it stands now."""
        here, before = self.state.steps[step], self.before.steps[step]
        calendar = WorkingCalendar.of(self.bundle.jurisdiction)
        return self.of_step(step) | {
            "act": act,
            "outcome": here.outcome if here.status == "done" else act,
            "overdue": bool(before.due_at and before.due_at < self.now),
            "escalated": before.escalated,
            "working_days": calendar.working_days_between(before.ready_at, self.now) if before.ready_at else None,
            "opened": list(self.opened),
            "ask": list(ask),
        }

    def of_step(self, step: str) -> dict[str, Any]:
        """The step, who works it and since when, as events tell it."""
        declared_step = next(each for each in self.bundle.service.steps if each.id == step)
        before = self.before.steps[step]
        post = declared_step.by or ""
        return self.case_data() | {
            "step": step,
            "post": post,
            "organisation": post.partition("/")[0],
            "region": before.region or self.state.steps[step].region,
            "place": self.case.region or None,
            "since": iso(before.ready_at),
            "due": iso(before.due_at),
            "at": iso(self.now),
        }

    def finish(self, act: str, step: str | None = None) -> Case:
        """Write the case, its tasks and the journal. `act` and `step` say what the next `Stale` tells about."""
        if self.closed:
            payments.cancel(self.actor, self.case.ref)
        self.case.last = {"by": self.actor.name, "act": act, "step": step, "at": iso(self.now)}
        take_state(self.case, self.bundle, self.state)
        self.case.save()
        tasking.sync(self.case, self.bundle, self.state)
        record_many(self.actor, self.entries)
        return self.case

    def closing(self, reason: str = "") -> None:
        """Tell that the case has ended, if this act ended it."""
        if self.closed:
            calendar = WorkingCalendar.of(self.bundle.jurisdiction)
            taken = calendar.working_days_between(self.case.opened_at, self.now)
            told = {"outcome": self.state.outcome, "working_days": taken}
            self.tell(events.CASE_CLOSED, self._whole() | told, {"reason": reason})

    def opening(self) -> dict[str, Any]:
        """What `case-opened` tells."""
        told = {"application": self.case.application.ref, "version": self.case.version, "steps": list(self.opened)}
        return self._whole() | told

    def _whole(self) -> dict[str, Any]:
        return self.case_data() | {
            "organisation": self.bundle.service.authority,
            "branch": self.case.branch or None,
            "region": self.case.region or None,
            "opened": iso(self.case.opened_at),
            "due": iso(self.state.due_at),
            "at": iso(self.now),
        }

    def case_data(self) -> dict[str, Any]:
        """What every event of a case tells."""
        return {"case": self.case.ref, "service": self.case.service, "revision": self.state.revision}


def taken_up(actor: Actor, case: Case) -> Moving:
    """A case, locked, ready to be moved by the actor."""
    return Moving(actor, case, declared.version(case.version).bundle, CaseState.from_dict(case.state))


def own_case(actor: Actor, ref: str) -> Case:
    """The actor's own case, or of somebody they act for, locked. Raises NotAllowed for others, officials included."""
    case = access.case_for(actor, ref, write=True)
    if actor.is_staff:
        raise NotAllowed("not-found", "There is nothing here, or it is not yours to see")
    access.acting(actor, case.application)
    return case


def refuse_stale(case: Case, revision: int) -> None:
    """Raise Stale when somebody acted since `revision` was read, saying who did what and when."""
    if revision != case.revision:
        last = case.last
        at = datetime.fromisoformat(last["at"]) if last.get("at") else case.opened_at
        raise Stale(
            "stale", "Somebody acted on this case first", by=last.get("by", ""), act=last.get("act"),
            step=last.get("step"), at=at, revision=case.revision,
        )  # fmt: skip


def take_state(case: Case, bundle: ServiceBundle, state: CaseState) -> None:
    """Put the engine's state on the row, and beside it what lists are read by."""
    case.state = state.to_dict()
    owing = any(step.pay and state.steps[step.id].status == "ready" for step in bundle.service.steps)
    waits = bool(state.pauses) or owing
    case.status = Case.CLOSED if state.status == "closed" else Case.WAITING if waits else Case.OPEN
    case.outcome = state.outcome or ""
    case.revision = state.revision
    case.due_at, case.paused_since, case.closed_at = state.due_at, state.stopped_at, state.closed_at
    case.next_tick_at = engine.next_due(bundle, state)


def iso(moment: datetime | None) -> str | None:
    """A moment as events tell it."""
    return moment.isoformat() if moment is not None else None


def _refusal(illegal: engine.IllegalAct, act: engine.Act, case: Case) -> Refused:
    """The engine's refusal in this room's codes."""
    if illegal.code == "closed":
        return Refused("closed", "The case is closed", outcome=case.outcome)
    if illegal.code == "not-paused":
        return Refused("nothing-asked", "Nothing is asked of you at the moment")
    if illegal.code == "note-needed":
        return Refused("note-needed", "Say why", step=act.step, act=act.kind)
    if illegal.code == "wrong-post":
        return Refused("not-your-step", "This step belongs to another post", step=act.step, act=act.kind)
    return Refused("not-now", illegal.message, step=act.step, act=act.kind, why=illegal.code)
