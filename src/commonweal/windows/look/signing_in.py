"""Signing in and out, and picking up where an expired session left somebody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from commonweal.core import clock
from commonweal.core.errors import Refused
from commonweal.core.identity import actions as identity
from commonweal.core.identity import assurance, codes
from commonweal.core.identity.actor import staff_actor
from commonweal.core.identity.models import Person
from commonweal.windows.look import keeping, passkey_forms, refusals
from commonweal.windows.look.http import HAT, local_path, signed_in
from commonweal.windows.look.personas import DEMO_PASSWORD, demo_people

PENDING = "second-factor"
"""Session key of a sign-in whose password was right: {person, at, next, kept}."""
PATIENCE = 600
"""Seconds it waits for the second factor."""


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a reader to the sign-in page; keep a sender's typed form sealed inside it."""
    if request.method in {"GET", "HEAD"}:
        return redirect(f"{reverse('sign-in')}?next={quote(request.get_full_path())}")
    return _page(request, next_path=request.get_full_path(), kept=keeping.seal(request), expired=True, status=403)


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    context["outside"] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    if settings.DEMO:
        people = demo_people()
        context["persona_groups"] = [
            (_("People"), [each for each in people if not each.seats]),
            (_("Officials"), [each for each in people if each.seats]),
        ]
        context["demo_password"] = DEMO_PASSWORD
    return render(request, "look/sign_in.html", context, status=status)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password; afterwards go back to where the person was, with what they had typed."""
    source = request.POST if request.method == "POST" else request.GET
    next_path = local_path(request, source.get("next"), "")
    if request.method == "GET":
        if signed_in(request) and next_path:
            return redirect(next_path)
        return _page(request, next_path=next_path)
    kept = request.POST.get("kept", "")
    username = request.POST.get("username", "").strip()
    try:
        person = identity.sign_in(request.META, username, request.POST.get("password", ""))
    except Refused as refused:
        title, sentence = refusals.words(refused)
        return _page(
            request, next_path=next_path, kept=kept, username=username, error=sentence, error_title=title, status=422
        )
    if codes.second_factors(person):
        request.session[PENDING] = {
            "person": person.ref, "at": clock.now().timestamp(), "next": next_path, "kept": kept,
        }  # fmt: skip
        return redirect("sign-in-second")
    return enter(request, person, [assurance.PASSWORD], next_path, kept)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """Ask for what comes besides the password: a code, a recovery code or a passkey."""
    pending = request.session.get(PENDING) or {}
    fresh = clock.now().timestamp() - pending.get("at", 0) < PATIENCE
    person = Person.objects.filter(ref=pending.get("person", ""), is_active=True).first() if fresh else None
    if person is None:
        return redirect("sign-in")
    context = {"factors": codes.second_factors(person), "next_path": pending["next"]}
    if request.method == "GET":
        return render(request, "look/second.html", context)
    try:
        if request.POST.get("credential"):
            used = passkey_forms.answered(request, person)
            method = assurance.PASSKEY if used.verified else assurance.KEY
        else:
            method = codes.check(person, request.POST.get("code", ""), request.META.get("REMOTE_ADDR", ""))
    except Refused as refused:
        title, sentence = refusals.words(refused)
        return render(request, "look/second.html", {**context, "error": sentence, "error_title": title}, status=422)
    del request.session[PENDING]
    return enter(request, person, [assurance.PASSWORD, method], pending["next"], pending["kept"])


@require_POST
def with_passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey alone."""
    next_path, kept = local_path(request, request.POST.get("next"), ""), request.POST.get("kept", "")
    try:
        used = passkey_forms.answered(request)
    except Refused as refused:
        title, sentence = refusals.words(refused)
        return _page(request, next_path=next_path, kept=kept, error=sentence, error_title=title, status=422)
    method = assurance.PASSKEY if used.verified else assurance.KEY
    return enter(request, used.person, [method], next_path, kept)


def enter(request: HttpRequest, person: Person, shown: Sequence[str], next_path: str, kept: str = "") -> HttpResponse:
    """Open a session, under a new key, for somebody who has shown who they are; go on where they were."""
    request.shown = tuple(shown)  # type: ignore[attr-defined]
    auth.login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    request.session[HAT] = "staff" if staff_actor(person).posts else "person"
    if kept:
        keeping.keep_in_session(request, kept)
    return _with_language(request, person, redirect(next_path or _first_page(request)))


def _first_page(request: HttpRequest) -> str:
    return "/desk/" if request.session.get(HAT) == "staff" else "/applications"


def _with_language(request: HttpRequest, person: Person, response: HttpResponse) -> HttpResponse:
    """Read on in the person's own language, unless this browser has already chosen one."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, person.language, max_age=365 * 86400, samesite="Lax")
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session on this browser."""
    auth.logout(request)
    return HttpResponseRedirect(reverse("home"))


@require_POST
def change_hat(request: HttpRequest) -> HttpResponse:
    """Choose to act for oneself or for the office one holds a seat in."""
    person = signed_in(request)
    wanted = request.POST.get("hat")
    seats = staff_actor(person).posts if person else frozenset()
    request.session[HAT] = "staff" if wanted == "staff" and seats else "person"
    return redirect(_first_page(request) if request.session[HAT] == "staff" else reverse("home"))
