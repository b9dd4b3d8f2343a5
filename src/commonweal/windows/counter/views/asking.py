"""One question a page, and one paper a page. Whatever goes wrong, what was typed stays on the page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from commonweal.core.errors import Invalid, NotAllowed, Refused, Stale
from commonweal.core.identity.actor import Actor
from commonweal.office.casework import actions, queries
from commonweal.office.casework.form import Question, parse
from commonweal.office.casework.views import ApplicationView, PaperNeeded
from commonweal.windows.counter import typed
from commonweal.windows.counter.walk import Stop, Walk
from commonweal.windows.look import keeping
from commonweal.windows.look.http import person_of
from commonweal.windows.look.refusals import words

CHECK = "check"


def address(ref: str, stop: Stop | None, came_from: str = "") -> str:
    """The address of a stop; of the answers to check where there is none."""
    if stop is None:
        return reverse("check", args=[ref])
    name = "question" if stop.kind == "question" else "paper"
    return reverse(name, args=[ref, stop.key]) + (f"?from={CHECK}" if came_from == CHECK else "")


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, ref: str, key: str) -> HttpResponse:
    """Ask one question; save its answer and go to the next."""
    actor = person_of(request)
    view = queries.application(actor, ref)
    if view.status != "draft":
        return _already_sent(request, ref)
    asked = next((each for each in view.questions if each.key == key), None)
    if asked is None:
        return _not_asked(request, view)
    if request.method == "GET":
        kept = keeping.take_back(request)
        if not kept:
            return _show(request, view, asked)
        notice = _("You were signed out. We kept what you had typed: check it and continue.")
        return _show(request, view, asked, posted=_first_values(kept), notice=notice)
    return _answer(request, actor, view, asked)


def _answer(request: HttpRequest, actor: Actor, view: ApplicationView, asked: Question) -> HttpResponse:
    later = "later" in request.POST
    given = typed.raw(asked, request.POST)
    if asked.type == "file":
        problem = _take_file(request, actor, view, asked)
    elif later and given == "":
        problem = None
    else:
        problem = _save(request, actor, view, asked, given)
    if problem is not None:
        return problem
    if later:
        messages.success(request, _("Your answers are saved. You can go on whenever you like."), extra_tags="good")
        return redirect("applications")
    return _onwards(request, actor, view.ref, Stop("question", asked.key))


def _save(
    request: HttpRequest, actor: Actor, view: ApplicationView, asked: Question, given: Any
) -> HttpResponse | None:
    """Save one answer. Returns the page to show again when it does not fit or somebody was faster; None when saved."""
    try:
        revision = int(request.POST.get("revision", ""))
    except ValueError:
        revision = view.revision
    try:
        actions.save(actor, view.ref, {asked.key: given}, revision=revision)
    except Invalid as invalid:
        error = _said_here(asked, given) or next(iter(invalid.fields.values()), "")
        return _show(request, view, asked, posted=request.POST, error=error, status=422)
    except Stale:
        fresh = queries.application(actor, view.ref)
        notice = _(
            "You have changed this application in another window since you opened this page. "
            "What you typed here is not saved yet: check it and continue."
        )
        return _show(request, fresh, asked, posted=request.POST, notice=notice, status=409)
    return None


def _said_here(asked: Question, given: Any) -> str:
    """What is wrong, in the language of the page: the draft may have been begun in another one."""
    try:
        parse(asked, given, get_language() or "en")
    except ValueError as problem:
        return str(problem)
    return ""


def _take_file(request: HttpRequest, actor: Actor, view: ApplicationView, asked: Question) -> HttpResponse | None:
    upload = request.FILES.get("answer")
    held = [each for each in view.attachments if each.key == asked.key]
    if upload is None:
        if held or not asked.required or "later" in request.POST:
            return None
        return _show(request, view, asked, error=_("Choose a file"), status=422)
    try:
        actions.attach(actor, view.ref, asked.key, upload)
    except NotAllowed:
        raise
    except Refused as refused:
        return _show(request, view, asked, error=_file_error(refused, asked.key), status=422)
    return None


def _file_error(refused: Refused, key: str) -> str:
    if isinstance(refused, Invalid):
        return refused.fields.get(key) or next(iter(refused.fields.values()), refused.message)
    return words(refused)[1]


def _onwards(request: HttpRequest, actor: Actor, ref: str, here: Stop) -> HttpResponse:
    """To the next page; back to the answers to check when that is where one came from."""
    walk = Walk.of(queries.application(actor, ref))
    if request.GET.get("from") == CHECK:
        return redirect(address(ref, walk.open[0] if walk.open else None, CHECK))
    return redirect(address(ref, walk.after(here)))


def _show(
    request: HttpRequest,
    view: ApplicationView,
    asked: Question,
    *,
    posted: Any = None,
    error: str = "",
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    walk = Walk.of(view)
    here = Stop("question", asked.key)
    before = walk.before(here)
    came_from = request.GET.get("from", "")
    back = address(view.ref, None) if came_from == CHECK else address(view.ref, before) if before else ""
    options = [("true", _("Yes")), ("false", _("No"))] if asked.type == "boolean" else asked.options
    value = typed.shown(asked, view.answers.get(asked.key)) if posted is None else typed.retyped(asked, posted)
    target = "answer-first" if typed.part(asked) in {"choices", "date"} else "answer"
    context = {
        "application": view,
        "question": asked,
        "part": f"look/parts/{typed.part(asked)}.html",
        "input": typed.INPUTS.get(asked.type, {}),
        "options": options,
        "side_by_side": asked.type == "boolean",
        "hint": _hint(asked),
        "value": value,
        "error": error,
        "errors": [(target, error)] if error else [],
        "notice": notice,
        "number": walk.place(here),
        "total": len(walk.stops),
        "back": back,
        "held": [
            {"name": each.name, "size": each.size, "href": reverse("file", args=[view.ref, each.ref])}
            for each in view.attachments
            if each.key == asked.key
        ],
        "limit": settings.UPLOAD_LIMIT_BYTES,
        "doubts": [state.requirement for state in view.eligibility if state.holds is False],
    }
    return render(request, "counter/question.html", context, status=status)


def _hint(asked: Question) -> str:
    language = get_language() or "en"
    said = [asked.hint.say(language)] if asked.hint else []
    if asked.example:
        said.append(_("For example: %(example)s") % {"example": asked.example})
    return " ".join(said)


def _first_values(kept: dict[str, list[str]]) -> QueryDict:
    values = QueryDict(mutable=True)
    for key, typed_values in kept.items():
        values.setlist(key, typed_values)
    return values


@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, ref: str, requirement: str) -> HttpResponse:
    """Ask for one paper that no department holds."""
    actor = person_of(request)
    view = queries.application(actor, ref)
    if view.status != "draft":
        return _already_sent(request, ref)
    needed = next((each for each in view.papers if each.requirement == requirement), None)
    if needed is None:
        return _not_asked(request, view)
    if request.method == "GET":
        return _show_paper(request, view, needed)
    uploads = [(f"evidence.{kind}", request.FILES.get(f"evidence.{kind}")) for kind, _name in needed.evidence]
    for key, upload in uploads:
        if upload is None:
            continue
        try:
            actions.attach(actor, ref, key, upload)
        except NotAllowed:
            raise
        except Refused as refused:
            return _show_paper(request, view, needed, wrong={key: _file_error(refused, key)}, status=422)
    if "later" in request.POST:
        messages.success(request, _("Your answers are saved. You can go on whenever you like."), extra_tags="good")
        return redirect("applications")
    if not needed.given and not any(upload for _key, upload in uploads):
        return _show_paper(request, view, needed, wrong={uploads[0][0]: _("Choose a file")}, status=422)
    return _onwards(request, actor, ref, Stop("paper", requirement))


def _show_paper(
    request: HttpRequest,
    view: ApplicationView,
    needed: PaperNeeded,
    *,
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    walk = Walk.of(view)
    here = Stop("paper", needed.requirement)
    before = walk.before(here)
    context = {
        "application": view,
        "paper": needed,
        "fields": [
            {
                "id": f"evidence-{kind}",
                "key": f"evidence.{kind}",
                "label": name,
                "error": (wrong or {}).get(f"evidence.{kind}"),
            }
            for kind, name in needed.evidence
        ],
        "errors": [(key.replace(".", "-"), sentence) for key, sentence in (wrong or {}).items()],
        "given": needed.given,
        "number": walk.place(here),
        "total": len(walk.stops),
        "back": address(view.ref, None if request.GET.get("from") == CHECK else before),
        "limit": settings.UPLOAD_LIMIT_BYTES,
    }
    return render(request, "counter/paper.html", context, status=status)


@require_POST
def remove_file(request: HttpRequest, ref: str, file: str) -> HttpResponse:
    """Take a file back out of a draft."""
    actions.detach(person_of(request), ref, file)
    messages.success(request, _("The file was removed."), extra_tags="good")
    back = request.POST.get("back", "")
    prefix = reverse("application", args=[ref])
    return redirect(back if back.startswith(prefix + "/") else prefix)


def _already_sent(request: HttpRequest, ref: str) -> HttpResponse:
    messages.info(
        request, _("You have sent this application, so its answers no longer change here."), extra_tags="info"
    )
    return redirect("application", ref)


def _not_asked(request: HttpRequest, view: ApplicationView) -> HttpResponse:
    """The question is not, or no longer, part of this application: go to what is still open, and say so."""
    messages.info(request, _("That question is not part of your application any more."), extra_tags="info")
    walk = Walk.of(view)
    return redirect(address(view.ref, walk.open[0] if walk.open else None))
