"""Answering a department: all that it asked on one page, with a message if one likes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.office.casework import actions, queries
from commonweal.office.casework.form import Question
from commonweal.office.casework.views import ApplicantCase, ApplicationView
from commonweal.windows.counter import typed
from commonweal.windows.look import keeping
from commonweal.windows.look.http import person_of
from commonweal.windows.look.refusals import words


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, ref: str, case_ref: str) -> HttpResponse:
    """Show what is asked; take the answers, the files and the message."""
    actor = person_of(request)
    view = queries.application(actor, ref)
    case = next((each for each in view.cases if each.ref == case_ref), None)
    if case is None:
        raise NotAllowed("not-found", "There is no such case in this application")
    if not case.asked:
        messages.info(request, _("Nothing is asked of you at the moment."), extra_tags="info")
        return redirect("application", ref)
    if request.method == "GET":
        kept = keeping.take_back(request)
        posted = {key: values[0] for key, values in kept.items() if values}
        return _show(request, view, case, posted=posted or None)
    wrong = _attach(request, actor, view, case)
    answers = {
        question.key: typed.raw(question, _part_of(request.POST, question.key))
        for question in case.ask_questions
        if question.type != "file"
    }
    if not wrong:
        try:
            actions.supply(actor, case_ref, answers=answers, message=request.POST.get("message", "")[:4000])
        except Invalid as invalid:
            wrong = dict(invalid.fields)
    if wrong:
        return _show(request, view, case, posted=request.POST, wrong=wrong, status=422)
    messages.success(request, _("Thank you. The department has your answer and goes on."), extra_tags="good")
    return redirect("application", ref)


def _part_of(posted: Any, key: str) -> dict[str, str]:
    """The boxes of one question, named as a page with one question names them."""
    parts = {f"answer.{part}": posted.get(f"{key}.{part}", "") for part in typed.PARTS}
    return {"answer": posted.get(key, ""), **parts}


def _attach(request: HttpRequest, actor: Any, view: ApplicationView, case: ApplicantCase) -> dict[str, str]:
    wrong = {}
    for key in _file_keys(case):
        upload = request.FILES.get(key)
        if upload is None:
            continue
        try:
            actions.attach(actor, view.ref, key, upload)
        except NotAllowed:
            raise
        except Refused as refused:
            wrong[key] = words(refused)[1]
    return wrong


def _file_keys(case: ApplicantCase) -> dict[str, Any]:
    """The files asked for: questions of type file, and papers by their kind."""
    keys: dict[str, Any] = {each.key: each.label for each in case.ask_questions if each.type == "file"}
    for asked in case.asked:
        for key in asked.keys:
            kind = key.removeprefix("evidence.")
            if key.startswith("evidence.") and kind in case.bundle.evidence:
                keys[key] = case.bundle.evidence[kind].name
    return keys


def _show(
    request: HttpRequest,
    view: ApplicationView,
    case: ApplicantCase,
    *,
    posted: Any = None,
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    wrong = wrong or {}
    fields = [
        _field(question, view.answers.get(question.key), posted, wrong.get(question.key, ""))
        for question in case.ask_questions
        if question.type != "file"
    ]
    files = [
        {"id": key.replace(".", "-"), "key": key, "label": label, "error": wrong.get(key, "")}
        for key, label in _file_keys(case).items()
    ]
    known = {field["name"]: field["target"] for field in fields} | {each["key"]: each["id"] for each in files}
    context = {
        "application": view,
        "case": case,
        "fields": fields,
        "files": files,
        "message": posted.get("message", "") if posted else "",
        "errors": [(known.get(key, "message"), sentence) for key, sentence in wrong.items()],
        "limit": settings.UPLOAD_LIMIT_BYTES,
        "back": reverse("application", args=[view.ref]),
    }
    return render(request, "counter/answer.html", context, status=status)


def _field(question: Question, saved: Any, posted: Any, error: str) -> dict[str, Any]:
    identity = question.key.replace(".", "-")
    part = typed.part(question)
    value = typed.shown(question, saved) if not posted else typed.retyped(question, _part_of(posted, question.key))
    options = [("true", _("Yes")), ("false", _("No"))] if question.type == "boolean" else question.options
    return {
        "template": f"look/parts/{part}.html",
        "id": identity,
        "target": f"{identity}-first" if part in {"choices", "date"} else identity,
        "name": question.key,
        "label": question.label,
        "hint": question.hint,
        "unit": question.unit,
        "options": options,
        "side_by_side": question.type == "boolean",
        "value": value,
        "error": error,
        **typed.INPUTS.get(question.type, {}),
    }
