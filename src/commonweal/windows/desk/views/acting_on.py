"""Acting on what the data says: a finding given to an organisation, its answer, and what was measured afterwards."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid, NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.knowledge.insight import queries as insight
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.shell import show

OUTSIDE = "outside-publisher"
"""The function of organisations that only publish data and do not work here."""


@require_GET
@staff_only
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The tasks from findings this official may see."""
    page = insight.assignments(actor, request.GET.get("cursor"))
    return show(request, actor, "finding_tasks", "findings", page=page)


@require_http_methods(["GET", "POST"])
@staff_only
def assign(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """Give a finding to an organisation: who, what, by when."""
    view = insight.finding(actor, ref)
    if not view.may_assign:
        raise NotAllowed("supervisors-only", "Only somebody in a supervising post gives a finding to an organisation")
    typed = {part: request.POST.get(f"due.{part}", "").strip() for part in ("year", "month", "day")}
    value = {"organisation": request.POST.get("organisation", ""), "task": request.POST.get("task", ""), "due": typed}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        from commonweal.knowledge.insight import actions  # it brings NumPy, which no other page of a web process needs

        try:
            actions.assign(actor, ref, organisation=value["organisation"], task=value["task"], due=_day(typed))  # type: ignore[arg-type]
        except Invalid as invalid:
            wrong = {name: _(sentence) for name, sentence in invalid.fields.items()}
        else:
            messages.success(request, _("It is on their desk now."), "good")
            return redirect("desk:finding", ref)
    register = declared.current()
    offices = [(o.id, o.name) for o in register.organisations.values() if OUTSIDE not in o.functions]
    targets = {"due": "due-first"}
    return show(
        request, actor, "finding_assign", "findings", status=422 if wrong else 200, finding=view, value=value,
        offices=offices, wrong=wrong, errors=[(targets.get(name, name), told) for name, told in wrong.items()],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff_only
def task(request: HttpRequest, actor: Actor, ref: str) -> HttpResponse:
    """One task: what is asked, the answer, the pair before and after."""
    row = insight.assignment(actor, ref)
    typed = {"answer": request.POST.get("answer", ""), "done": request.POST.get("done", "")}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        if typed["done"] not in ("yes", "no"):
            wrong["done"] = _("Say whether something was done")
        else:
            from commonweal.knowledge.insight import actions

            try:
                actions.answer(actor, ref, done=typed["done"] == "yes", text=typed["answer"])
            except Invalid as invalid:
                wrong = {name: _(sentence) for name, sentence in invalid.fields.items()}
            else:
                messages.success(request, _("Recorded. It is measured again when new data come."), "good")
                return redirect("desk:finding-task", ref)
    choices = [("yes", _("Something was done")), ("no", _("Nothing will be done"))]
    targets = {"done": "done-first"}
    return show(
        request, actor, "finding_task", "findings", status=422 if wrong else 200, task=row, typed=typed, wrong=wrong,
        choices=choices, errors=[(targets.get(name, name), told) for name, told in wrong.items()],
    )  # fmt: skip


def _day(typed: dict[str, str]) -> date | None:
    try:
        return date(int(typed["year"]), int(typed["month"]), int(typed["day"]))
    except ValueError:
        return None
