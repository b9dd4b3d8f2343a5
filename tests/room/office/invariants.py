"""What must hold of every case whatever was done to it, told from the tables and the journal apart."""

from __future__ import annotations

from collections import Counter

from commonweal.core.declared import queries as declared
from commonweal.core.journal.models import Event
from commonweal.office.casework.engine import CaseState
from commonweal.office.casework.models import Application, Case, Output, Task
from commonweal.office.payments.models import Order


def check() -> None:
    """Check every case, number and application there is."""
    for case in Case.objects.all():
        _case(case)
    for output in set(Output.objects.values_list("output", "region", "year")):
        given = Output.objects.filter(output=output[0], region=output[1], year=output[2])
        numbers = sorted(given.values_list("sequence", flat=True))
        assert numbers == list(range(1, len(numbers) + 1)), f"numbers of {output} have a gap: {numbers}"
    for application in Application.objects.all():
        told = Event.objects.filter(
            type="casework.application-submitted.v1", subject=f"application:{application.ref}"
        ).count()
        assert told == (application.status == Application.SUBMITTED)
        assert application.cases.exists() == (application.status == Application.SUBMITTED)


def _case(case: Case) -> None:
    state, bundle = CaseState.from_dict(case.state), declared.version(case.version).bundle
    tasks = list(Task.objects.filter(case=case))
    told = Counter(event.type.split(".")[1] for event in Event.objects.filter(subject=f"case:{case.ref}"))
    assert case.revision == state.revision
    assert told["case-opened"] == 1
    assert told["case-closed"] == (case.status == Case.CLOSED) == (state.status == "closed")
    assert (case.outcome or None) == state.outcome
    for step in bundle.service.steps:
        here, mine = state.steps[step.id], [task for task in tasks if task.step == step.id]
        standing = {task.status for task in mine} - {Task.CANCELLED}
        if not step.by:
            assert not mine
        elif here.status == "ready":
            assert standing <= {Task.READY, Task.WAITING}
            assert standing
            held = any(pause.kind == "return" or pause.step == step.id for pause in state.pauses)
            assert standing == {Task.WAITING if held else Task.READY}
            assert any(task.post == step.by and task.region == here.region for task in mine)
            assert (len(mine) > 1) == here.escalated
        elif here.status == "done":
            assert standing == {Task.DONE}
        else:
            assert not standing
        if step.pay:
            statuses = Counter(Order.objects.filter(case=case.ref, step=step.id).values_list("status", flat=True))
            assert statuses["due"] == (here.status == "ready")
            assert statuses["paid"] == (here.status == "done")
        if step.output:
            issued = Output.objects.filter(case=case, output=step.output).count()
            assert issued == (here.status == "done") == told_of(case, "output-issued", step.id)
    decided = [step.id for step in bundle.service.steps if step.by and state.steps[step.id].status == "done"]
    for name in decided:
        assert told_of(case, "step-decided", name) >= 1


def told_of(case: Case, kind: str, step: str) -> int:
    """How many events of that kind tell of the step."""
    return Event.objects.filter(subject=f"case:{case.ref}", type=f"casework.{kind}.v1", data__step=step).count()
