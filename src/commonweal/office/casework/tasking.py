"""Tasks made equal to the engine's state: what stands before which post, and how it stands."""

from __future__ import annotations

from collections.abc import Iterable

from commonweal.office.casework.engine import CaseState, StepState
from commonweal.office.casework.models import NEVER, Case, Task
from commonweal.register import ServiceBundle
from commonweal.register.models import Step
from commonweal.register.naming import organisation_of

_CHANGING = ("status", "region", "ready_at", "due_at", "decided_at", "decided_by", "outcome", "escalated")


def opened(case: Case, bundle: ServiceBundle, state: CaseState) -> list[Task]:
    """The tasks of a case that has just begun, not yet saved."""
    return [task for step in bundle.service.steps for task in _tasks(case, bundle, step, state)]


def sync(case: Case, bundle: ServiceBundle, state: CaseState) -> None:
    """Make the saved tasks of a case equal to its state; rows that no longer stand there are cancelled."""
    saved = {(task.step, task.post): task for task in Task.objects.filter(case=case)}
    wanted = {(task.step, task.post): task for task in opened(case, bundle, state)}
    changed = [task for key, task in saved.items() if _take_over(task, wanted.get(key))]
    fresh = [task for key, task in wanted.items() if key not in saved]
    for task in changed:  # one to three rows: a statement each costs less than one that compiles every column's CASE
        task.save(update_fields=_CHANGING)
    if fresh:
        Task.objects.bulk_create(fresh)


def _take_over(task: Task, wanted: Task | None) -> bool:
    """Bring a saved task up to date; whether that changed it."""
    if wanted is None:
        if task.status in (Task.DONE, Task.CANCELLED):
            return False
        task.status = Task.CANCELLED
        return True
    names = ("decided_by_id" if name == "decided_by" else name for name in _CHANGING)
    moved = [name for name in names if getattr(task, name) != getattr(wanted, name)]
    for name in moved:
        setattr(task, name, getattr(wanted, name))
    return bool(moved)


def _tasks(case: Case, bundle: ServiceBundle, step: Step, state: CaseState) -> Iterable[Task]:
    here = state.steps[step.id]
    if not step.by or here.status not in ("ready", "done"):
        return
    status = Task.DONE if here.status == "done" else Task.READY if _moves(state, step.id) else Task.WAITING
    for post in (step.by, *(supervising(bundle, step.by) if here.escalated else ())):
        yield _task(case, step.id, post, here, status, state)


def _task(case: Case, step: str, post: str, here: StepState, status: str, state: CaseState) -> Task:
    kind, _, decided_by = (here.decided_by or "").partition(":")
    return Task(
        case=case,
        service=case.service,
        step=step,
        organisation=organisation_of(post),
        post=post,
        region=here.region or "",
        status=status,
        ready_at=here.ready_at or state.opened_at,
        due_at=here.due_at or NEVER,
        decided_at=here.decided_at,
        decided_by_id=decided_by if kind == "staff" else None,
        outcome=here.outcome or "",
        escalated=here.escalated,
    )


def _moves(state: CaseState, step: str) -> bool:
    """Whether the post may act on a ready step: not while the applicant is asked for a correction, or by this step."""
    return not any(pause.kind == "return" or pause.step == step for pause in state.pauses)


def supervising(bundle: ServiceBundle, post: str) -> tuple[str, ...]:
    """The posts that receive what `post` is late with."""
    organisation = organisation_of(post)
    return tuple(
        each.id
        for each in bundle.posts.values()
        if each.supervises and each.organisation == organisation and each.id != post
    )
