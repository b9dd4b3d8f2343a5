"""A place to practise: a service's real steps on an invented case, kept in one's own session only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.office.casework.engine import IllegalAct
from commonweal.office.casework.form import questions
from commonweal.register import ServiceBundle
from commonweal.windows.desk import practice, words
from commonweal.windows.desk.access import staff_only
from commonweal.windows.desk.practice import Practice
from commonweal.windows.desk.shell import show

KEPT = "practice"


@require_GET
@staff_only
def choose(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Which service to practise on."""
    return show(request, actor, "sandbox", "register", services=declared.current().services.values())


@require_http_methods(["GET", "POST"])
@staff_only
def practise(request: HttpRequest, actor: Actor, service: str) -> HttpResponse:
    """The invented case as it stands; POST begins it, lets something happen, or throws it away."""
    if service not in declared.current().services:
        raise NotAllowed("no-service", "There is no such service")
    held = _kept(request, service)
    if request.method == "GET":
        return _page(request, actor, service, held)
    wanted = request.POST.get("do", "")[:40]
    if wanted == "again":
        request.session.pop(KEPT, None)
    elif wanted == "begin" or held is None:
        return _begin(request, actor, service)
    else:
        bundle = declared.version(held.version).bundle
        try:
            moved = practice.act(bundle, held, wanted, request.POST.get("step", "")[:80])
        except IllegalAct:
            return _page(request, actor, service, held, status=409, wrong=_("That cannot be done now."))
        request.session[KEPT] = moved.to_json()
    return redirect("desk:practise", service)


def _kept(request: HttpRequest, service: str) -> Practice | None:
    try:
        held = Practice.from_json(request.session.get(KEPT) or {})
        declared.version(held.version)
    except (KeyError, ValueError, TypeError, NotAllowed):
        return None
    return held if held.service == service else None


def _begin(request: HttpRequest, actor: Actor, service: str) -> HttpResponse:
    version = declared.current_version(service)
    now = clock.now()
    given = {key: str(value)[:200] for key, value in request.POST.items()}
    answers = practice.sample_answers(version.bundle, now.date(), given)
    try:
        begun = practice.begin(version.bundle, version.hash, answers, now)
    except LookupError:
        return _page(request, actor, service, None, status=422, wrong=_("No office serves that place; choose another."))
    request.session[KEPT] = begun.to_json()
    return redirect("desk:practise", service)


def _page(
    request: HttpRequest, actor: Actor, service: str, held: Practice | None, *, status: int = 200, wrong: str = ""
) -> HttpResponse:
    version = declared.version(held.version) if held else declared.current_version(service)
    bundle = version.bundle
    context: dict[str, Any] = {"service": bundle.service, "wrong": wrong, "practice": held}
    if held:
        context |= _case(bundle, held)
    else:
        today = clock.now().date()
        answers = practice.sample_answers(bundle, today)
        asked = questions((bundle,), answers, today)
        context["questions"] = [(each, _shown(answers.get(each.key))) for each in asked if each.type != "file"]
    return show(request, actor, "practise", "register", status=status, **context)


def _shown(value: Any) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _case(bundle: ServiceBundle, held: Practice) -> dict[str, Any]:
    names = {step.id: words.say(step.name) or step.id for step in bundle.service.steps}
    decisions = practice.decisions(bundle, held)
    return {
        "steps": [_step(bundle, held, step.id, names) for step in bundle.service.steps],
        "decisions": [
            (step, names[step], [(act, words.ACTS[act]) for act in acts]) for step, acts in decisions.items()
        ],
        "others": [
            (kind, step, words.practice_act(kind, names.get(step, ""))) for kind, step in practice.others(bundle, held)
        ],
        "log": [
            (datetime.fromisoformat(at), words.happening(code, what, names)) for at, code, what in reversed(held.log)
        ],
        "outcome": words.outcome(held.state.outcome),
        "language": get_language() or "en",
    }


def _step(bundle: ServiceBundle, held: Practice, step: str, names: dict[str, str]) -> dict[str, Any]:
    state = held.state.steps[step]
    declared_step = next(each for each in bundle.service.steps if each.id == step)
    post = bundle.posts.get(declared_step.by or "")
    organisation = bundle.organisations.get(post.organisation) if post else None
    label, tag, kind = words.ENGINE_STATES.get(state.status, words.STATES["pending"])
    if any(pause.step == step for pause in held.state.pauses):
        label, tag, kind = words.STATES["waiting"]
    who = " · ".join(words.say(each.name) for each in (post, organisation) if each is not None)
    late = state.overdue and state.status == "ready"
    return {"name": names[step], "state": label, "tag": "bad" if late else tag, "kind": kind, "who": who}
