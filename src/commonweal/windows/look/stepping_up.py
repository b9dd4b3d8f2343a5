"""Asking for more than was shown: a plain page in between, after which one is where one was."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from commonweal.core import clock
from commonweal.core.errors import Refused
from commonweal.core.identity import actions as identity
from commonweal.core.identity import assurance, codes, sessions
from commonweal.core.identity.assurance import LEVELS, Level, StepUpNeeded
from commonweal.core.identity.models import Person
from commonweal.windows.look import keeping, passkey_forms, refusals
from commonweal.windows.look.http import SignInNeeded, local_path, signed_in

LONGEST = 24 * 60 * 60


def ask_to_step_up(request: HttpRequest, needed: StepUpNeeded) -> HttpResponse:
    """Send a reader to the page that asks; what a sender had typed waits at its address."""
    if request.method not in {"GET", "HEAD"}:
        keeping.keep_in_session(request)
    age = int(needed.max_age.total_seconds()) if needed.max_age else 0
    asked = {"level": needed.level, "age": age, "next": request.get_full_path()}
    return redirect(f"{reverse('step-up')}?{urlencode(asked)}")


@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
def step_up(request: HttpRequest) -> HttpResponse:
    """Ask for what reaches the level wanted, fresh enough; then go on."""
    person = signed_in(request)
    if person is None:
        raise SignInNeeded
    asked = request.POST if request.method == "POST" else request.GET
    level: Level = asked.get("level") if asked.get("level") in LEVELS else "low"  # type: ignore[assignment]
    age = min(int(asked["age"]), LONGEST) if asked.get("age", "").isdigit() else 0
    next_path = local_path(request, asked.get("next"), "/")
    context = _offered(person, level) | {"level": level, "age": age, "next_path": next_path}
    if request.method == "GET":
        return render(request, "look/step_up.html", context)
    try:
        sessions.step_up(request.session, person, _shown(request, person))
        window = timedelta(seconds=age) if age else None
        assurance.require(sessions.standing_of(request.session), level, clock.now(), window)
    except StepUpNeeded:
        return render(request, "look/step_up.html", {**context, "not_enough": True}, status=422)
    except Refused as refused:
        title, sentence = refusals.words(refused)
        return render(request, "look/step_up.html", {**context, "error": sentence, "error_title": title}, status=422)
    return redirect(next_path)


def _shown(request: HttpRequest, person: Person) -> list[str]:
    """The methods that the posted form proves. Raises Refused."""
    if request.POST.get("credential"):
        used = passkey_forms.answered(request, person)
        return [assurance.PASSKEY if used.verified else assurance.KEY]
    shown = [assurance.PASSWORD]
    identity.sign_in(request.META, person.username, request.POST.get("password", ""))
    if request.POST.get("code") or codes.second_factors(person):
        shown.append(codes.check(person, request.POST.get("code", ""), request.META.get("REMOTE_ADDR", "")))
    return shown


def _offered(person: Person, level: Level) -> dict[str, object]:
    """Which ways of this person reach the level."""
    set_up = codes.second_factors(person)
    with_code = person.has_usable_password() and bool(set_up & {"totp", "recovery"})
    password = person.has_usable_password() and not set_up
    return {
        "passkey": "passkey" in set_up,
        "with_code": with_code and level != "high",
        "with_password": password and level == "low",
        "reachable": "passkey" in set_up
        or (with_code and level != "high")
        or (password and level == "low"),
    }  # fmt: skip
