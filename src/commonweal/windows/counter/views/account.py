"""Making an account: name, user name, password, birth date. Nothing more is asked until a service needs it."""

from __future__ import annotations

from datetime import date

from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from commonweal.core.errors import Invalid
from commonweal.core.identity import actions as identity
from commonweal.core.identity.actor import SYSTEM
from commonweal.windows.look.http import local_path

FIELDS = ("name", "username", "birth_date", "password")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def make_account(request: HttpRequest) -> HttpResponse:
    """Ask for what signing in needs, make the account, sign in, and go on where the person was."""
    source = request.POST if request.method == "POST" else request.GET
    next_path = local_path(request, source.get("next"), "/")
    if request.method == "GET":
        return render(request, "counter/make_account.html", {"next_path": next_path, "wrong": {}})
    typed = {part: request.POST.get(f"birth_date.{part}", "").strip() for part in ("year", "month", "day")}
    try:
        person = identity.add_person(
            SYSTEM,
            request.POST.get("username", ""),
            request.POST.get("name", ""),
            password=request.POST.get("password", ""),
            language=get_language() or "en",
            birth_date=_birth_date(typed),
        )
    except Invalid as invalid:
        wrong = {name: _(sentence) for name, sentence in invalid.fields.items()}
        context = {
            "next_path": next_path,
            "wrong": wrong,
            "errors": [(_target(name), wrong[name]) for name in FIELDS if name in wrong],
            "name": request.POST.get("name", ""),
            "username": request.POST.get("username", ""),
            "birth": typed,
        }
        return render(request, "counter/make_account.html", context, status=422)
    auth.login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return redirect(next_path)


def _target(name: str) -> str:
    return f"{name}-first" if name == "birth_date" else name


def _birth_date(typed: dict[str, str]) -> date:
    """The day typed in three boxes. Raises Invalid."""
    try:
        return date(int(typed["year"]), int(typed["month"]), int(typed["day"]))
    except ValueError:
        raise Invalid({"birth_date": _("Enter your date of birth, for example 31 3 1986")}) from None
