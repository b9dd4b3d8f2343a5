"""What officials do: decide, return, ask, take a task on."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.core.identity.actor import Actor, Seat
from commonweal.core.journal.actions import record
from commonweal.office.casework import access, answering, engine, events
from commonweal.office.casework.engine import CaseState
from commonweal.office.casework.history import seated
from commonweal.office.casework.models import Case, Task
from commonweal.office.casework.moving import refuse_stale, taken_up
from commonweal.office.casework.words import clean
from commonweal.register import ServiceBundle

NOTE_LENGTH = 4000


@transaction.atomic
def act(
    actor: Actor, case_ref: str, step: str, act: str, *, note: str = "", revision: int, ask: Sequence[str] = ()
) -> Case:
    """Do one act of an official at a step: accept, approve, refuse, return or request-information.

    `revision` is that of the case as the official read it; `ask` names the answers and papers to be given again
    (return, request). Raises Stale (params: by, act, step, at, revision) when somebody acted since, Refused
    `not-your-step`, `not-now`, `note-needed` or `closed`, Invalid for an `ask` that the form does not have,
    NotAllowed for a case the actor may not see.
    """
    case = access.case_for(actor, case_ref, write=True)
    if actor.kind == "person":
        raise NotAllowed("not-found", "There is nothing here, or it is not yours to see")
    refuse_stale(case, revision)
    move = taken_up(actor, case)
    if act not in engine.STAFF:
        raise Refused("not-now", "There is no such act", step=step, act=act, why="not-allowed")
    _check_ask(move.bundle, ask)
    note = clean(note, NOTE_LENGTH)
    seat = seat_for(actor, move.bundle, move.state, step)
    move.do(engine.Act(kind=act, step=step, seat=seat, note=note, ask=tuple(ask), actor=actor.label))
    told = move.decided(step, act, ask) | seated(seat)
    move.tell(events.STEP_DECIDED, told, {"note": note}, first=True)
    move.closing(note if act == "refuse" else "")
    return move.finish(act, step)


def seat_for(actor: Actor, bundle: ServiceBundle, state: CaseState, step: str) -> Seat | None:
    """The seat from which the actor may work a step now; else any of theirs, so that the engine says why not."""
    seats = sorted(actor.posts, key=lambda seat: (seat.post, seat.region))
    own = (step_.by for step_ in bundle.service.steps if step_.id == step)
    post = next(own, None)
    seats.sort(key=lambda seat: seat.post != post)
    here = state.steps.get(step)
    fitting = [seat for seat in seats if here is not None and seat.region == here.region]
    for seat in fitting:
        if step in engine.allowed(bundle, state, [seat]):
            return seat
    return next(iter([*fitting, *seats]), None)


def _check_ask(bundle: ServiceBundle, ask: Sequence[str]) -> None:
    """What is asked back is a question of the form, or a paper that may be handed in."""
    known = {field.key for field in bundle.service.form}
    wrong = [key for key in ask if key not in known and not answering.takes_paper([bundle], key)]
    if wrong:
        raise Invalid(dict.fromkeys(wrong, "This is not asked in this service"))


@transaction.atomic
def take(actor: Actor, case_ref: str, step: str) -> Task:
    """Take a ready task on, so that colleagues see who has it. Taking one's own again changes nothing.

    It may still be decided by anybody in the post. Raises Refused `taken` (params: by) or `not-now`, NotAllowed.
    """
    case, task = _task(actor, case_ref, step)
    if task.assignee_id == actor.id:
        return task
    if task.assignee is not None:
        raise Refused("taken", "Somebody has taken this on", by=task.assignee.name)
    task.assignee_id = actor.id
    task.save(update_fields=["assignee"])
    _tell_task(actor, events.TASK_TAKEN, case, task)
    return task


@transaction.atomic
def put_back(actor: Actor, case_ref: str, step: str) -> Task:
    """Give a task one has taken back to the post. Raises Refused `not-taken` or `not-now`, NotAllowed."""
    case, task = _task(actor, case_ref, step)
    if task.assignee_id != actor.id:
        raise Refused("not-taken", "This task is not yours to put back")
    task.assignee = None
    task.save(update_fields=["assignee"])
    _tell_task(actor, events.TASK_PUT_BACK, case, task)
    return task


def _task(actor: Actor, case_ref: str, step: str) -> tuple[Case, Task]:
    case = access.case_for(actor, case_ref, write=True)
    known = {each.id for each in declared.version(case.version).bundle.service.steps}
    step = step if step in known else ""
    rows = Task.objects.filter(access.seats_filter(actor), case=case, step=step).select_related("assignee")
    task = rows.filter(status__in=(Task.READY, Task.WAITING)).order_by("id").first()
    if task is None:
        raise Refused("not-now", "This step is not before you", step=step, act="take", why="not-ready")
    return case, task


def _tell_task(actor: Actor, type: str, case: Case, task: Task) -> None:
    seat = Seat(task.post, task.region)
    data = {"case": case.ref, "service": case.service, "step": task.step, **seated(seat)}
    record(actor, type, f"case:{case.ref}", data, about=[case.application.person_id])
