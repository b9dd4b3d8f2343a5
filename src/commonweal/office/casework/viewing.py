"""A case as it is seen: by an official with a seat in it, and by its applicant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.core.identity.actor import Actor
from commonweal.office.casework import engine, representing, showing
from commonweal.office.casework.engine import CaseState
from commonweal.office.casework.following_up import asked_keys
from commonweal.office.casework.form import Question, eligibility, questions
from commonweal.office.casework.history import story
from commonweal.office.casework.listing import case_line, region_name, step_name
from commonweal.office.casework.models import Case, Output, Task
from commonweal.office.casework.proving import facts_for_rules
from commonweal.office.casework.retaining import kept_until
from commonweal.office.casework.versions import today
from commonweal.office.casework.views import ApplicantCase, Asked, CaseView, HistoryRow, OutputRow, StepView
from commonweal.office.payments import queries as payments
from commonweal.office.payments.views import OrderRow
from commonweal.register import ServiceBundle
from commonweal.register.models import Step

STORY = 200
"""How many events of a case are shown with it; `queries.history` pages through the others."""


def case_view(actor: Actor, case: Case) -> CaseView:
    """A case for an official who may see it."""
    seen = _Seen(case, staff=True)
    bundle, state, application = seen.bundle, seen.state, case.application
    acts = engine.allowed(bundle, state, actor.posts) if actor.is_staff else {}
    files = tuple(showing.file_row(each) for each in application.attachments.order_by("id"))
    held = {key: value for answer in case.evidence for key, value in answer["facts"].items()}
    rules = eligibility(bundle, facts_for_rules(application.answers, held), seen.day)
    siblings = application.cases.exclude(pk=case.pk).order_by("id")
    return CaseView(
        ref=case.ref,
        application=application.ref,
        service=case.service,
        service_name=bundle.service.name,
        bundle=bundle,
        version=case.version,
        status=case.status,  # type: ignore[arg-type]
        outcome=case.outcome or None,
        reason=seen.reason,
        revision=case.revision,
        region=case.region or None,
        region_name=region_name(bundle, case.region) if case.region else None,
        applicant=application.person.name,
        applicant_ref=application.person_id,
        opened=case.opened_at,
        closed=case.closed_at,
        promised=case.due_at,
        paused_since=case.paused_since,
        facts=showing.facts(bundle, application.answers, case.evidence, {each.ref: each.name for each in files}),
        evidence=showing.evidence_rows(bundle, case.evidence, files),
        attachments=files,
        requirements=rules,
        steps=seen.steps(acts, actor),
        acts=acts,
        asked=seen.asked(),
        history=seen.history,
        orders=payments.rows_of_cases([case.ref]).get(case.ref, ()),
        outputs=seen.outputs(case.outputs.order_by("id")),
        siblings=tuple(case_line(each) for each in siblings),
        **representing.both(application),
    )


def applicant_cases(cases: Iterable[Case]) -> tuple[ApplicantCase, ...]:
    """The cases of one application as its applicant sees them."""
    found = list(cases)
    orders = payments.rows_of_cases([case.ref for case in found])
    outputs: dict[int, list[Output]] = {}
    for output in Output.objects.filter(case__in=found).order_by("id"):
        outputs.setdefault(output.case_id, []).append(output)
    return tuple(_applicant_case(case, orders.get(case.ref, ()), outputs.get(case.pk, [])) for case in found)


def _applicant_case(case: Case, orders: tuple[OrderRow, ...], outputs: Sequence[Output]) -> ApplicantCase:
    seen = _Seen(case, staff=False)
    return ApplicantCase(
        ref=case.ref,
        service=case.service,
        service_name=seen.bundle.service.name,
        bundle=seen.bundle,
        status=case.status,  # type: ignore[arg-type]
        outcome=case.outcome or None,
        reason=seen.reason,
        revision=case.revision,
        opened=case.opened_at,
        closed=case.closed_at,
        kept_until=None if case.held_for else kept_until(case),
        forgotten=case.forgotten_at,
        promised=case.due_at,
        paused_since=case.paused_since,
        steps=seen.steps({}, None),
        asked=seen.asked(),
        ask_questions=seen.ask_questions(),
        history=seen.history,
        orders=orders,
        outputs=seen.outputs(outputs),
        may_withdraw=case.status != Case.CLOSED,
    )


class _Seen:
    """What both views of a case are made from."""

    def __init__(self, case: Case, *, staff: bool) -> None:
        self.case, self.staff, self.now = case, staff, clock.now()
        self.bundle: ServiceBundle = declared.version(case.version).bundle
        self.state = CaseState.from_dict(case.state)
        self.day = today(self.bundle.jurisdiction.timezone, case.opened_at)
        self.history: tuple[HistoryRow, ...] = story(case, self.bundle, for_staff=staff, limit=STORY).rows
        self._tasks: dict[str, Task] = {}
        for task in case.tasks.select_related("decided_by", "assignee").order_by("-id"):
            self._tasks[task.step] = task

    @property
    def reason(self) -> str:
        """Why it was refused or withdrawn, as was said then."""
        return next((row.note for row in self.history if row.code == "case-closed"), "")

    def steps(self, acts: Mapping[str, tuple[str, ...]], actor: Actor | None) -> tuple[StepView, ...]:
        """Every step with how it stands; names of officials only for officials."""
        notes: dict[str, str] = {}
        for row in self.history:
            if row.code == "step-decided" and row.step is not None:
                notes.setdefault(row.step, row.note)
        return tuple(
            self._step(step, acts.get(step.id, ()), notes.get(step.id, ""), actor) for step in self.bundle.service.steps
        )

    def _step(self, step: Step, acts: tuple[str, ...], note: str, actor: Actor | None) -> StepView:
        bundle, here, task = self.bundle, self.state.steps[step.id], self._tasks.get(step.id)
        organisation = step.by.partition("/")[0] if step.by else None
        post = bundle.posts.get(step.by or "")
        assignee = task.assignee if task is not None and self.staff else None
        return StepView(
            id=step.id,
            name=step_name(bundle, step.id),
            nature="work" if step.by else "pay" if step.pay else "output",
            organisation=organisation,
            organisation_name=showing.organisation_name(bundle, organisation) if organisation else None,
            post=step.by,
            post_name=post.name if post is not None else None,
            region=here.region,
            state=self._stands(step, here),
            since=here.ready_at,
            due=here.due_at,
            overdue=here.status == "ready" and here.due_at is not None and here.due_at < self.now,
            escalated=here.escalated,
            acts=acts,
            outcome=here.outcome if here.status == "done" else None,
            note=note,
            by=task.decided_by.name if task is not None and task.decided_by is not None and self.staff else "",
            at=here.decided_at,
            after=step.after,
            legal=step.legal,
            law=showing.law(bundle, step.legal),
            assignee=assignee.name if assignee is not None else None,
            mine=assignee is not None and actor is not None and assignee.ref == actor.id,
        )

    def _stands(self, step: Step, here: engine.StepState) -> Any:
        """How a step stands, in the words of the views."""
        if here.status == "ready" and step.by:
            held = any(pause.kind == "return" or pause.step == step.id for pause in self.state.pauses)
            return "waiting" if held else "ready"
        return {"waiting": "pending", "skipped": "passed"}.get(here.status, here.status)

    def asked(self) -> tuple[Asked, ...]:
        """What is asked of the applicant now."""
        found = []
        for pause in self.state.pauses:
            by = next((step.by for step in self.bundle.service.steps if step.id == pause.step), None) or ""
            name = showing.organisation_name(self.bundle, by.partition("/")[0])
            found.append(Asked(pause.step, pause.kind, pause.asked, pause.note, pause.since, name))
        return tuple(found)

    def ask_questions(self) -> tuple[Question, ...]:
        """The questions to be answered again; all of the form where somebody asked without naming any."""
        if not self.state.pauses:
            return ()
        keys, everything = asked_keys(self.state)
        asked = questions([self.bundle], self.case.application.answers, self.day)
        return tuple(each for each in asked if everything or each.key in keys)

    def outputs(self, rows: Iterable[Output]) -> tuple[OutputRow, ...]:
        """What was issued."""
        return tuple(showing.output_row(self.bundle, each) for each in rows)
