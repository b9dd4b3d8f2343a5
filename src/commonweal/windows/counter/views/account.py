"""Making an account: name, user name, password, birth date. Nothing more is asked until a service needs it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from commonweal.core import ids
from commonweal.core.errors import Invalid
from commonweal.core.identity import actions as identity
from commonweal.core.identity import assurance, passkeys, sessions
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.identity.models import Person
from commonweal.windows.look.http import local_path
from commonweal.windows.look.passkey_forms import origin, posted
from commonweal.windows.look.signing_in import enter

DRAFT, MAKING = "new-account", "passkey-making"
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
    by_passkey = request.POST.get("how") == "passkey"
    try:
        wanted: dict[str, Any] = {
            "username": request.POST.get("username", ""),
            "name": request.POST.get("name", ""),
            "birth_date": _birth_date(typed),
            "language": get_language() or "en",
        }
        if by_passkey:
            return _go_on_with_passkey(request, wanted, next_path)
        person = identity.add_person(SYSTEM, **wanted, password=request.POST.get("password", ""))
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
    return enter(request, person, [assurance.PASSWORD], next_path)


@require_http_methods(["GET", "POST"])
def with_passkey(request: HttpRequest) -> HttpResponse:
    """Make the passkey and, with it, the account; nothing is kept of somebody who goes away here."""
    kept = request.session.get(DRAFT)
    if not kept:
        return redirect("make-account")
    if request.method == "GET":
        return render(request, "counter/make_passkey.html", {})
    state = request.session.pop(MAKING, None)
    name = sessions.device(request.META.get("HTTP_USER_AGENT", ""))
    with transaction.atomic():
        person = identity.add_person(SYSTEM, **_wanted(kept), ref=kept["ref"])
        passkeys.finish_making(origin(request), person, state, posted(request), name)
    del request.session[DRAFT]
    return enter(request, person, [assurance.PASSKEY], kept["next"])


@require_GET
@never_cache
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make a passkey for an account that is about to be."""
    kept = request.session.get(DRAFT)
    if not kept:
        return JsonResponse({}, status=409)
    future = Person(ref=kept["ref"], username=kept["username"], name=kept["name"])
    options, request.session[MAKING] = passkeys.begin_making(origin(request), future)
    return JsonResponse(options)


def _go_on_with_passkey(request: HttpRequest, wanted: dict[str, Any], next_path: str) -> HttpResponse:
    """Keep what was typed in the session, once it would do for an account. Raises Invalid."""
    identity.check_person(**wanted)
    birth_date = wanted["birth_date"].isoformat()
    request.session[DRAFT] = {**wanted, "birth_date": birth_date, "ref": ids.reference("P"), "next": next_path}
    return redirect("make-account-passkey")


def _wanted(kept: dict[str, Any]) -> dict[str, Any]:
    """What `add_person` takes, from what the session kept."""
    wanted = {key: kept[key] for key in ("username", "name", "language")}
    return {**wanted, "birth_date": date.fromisoformat(kept["birth_date"])}


def _target(name: str) -> str:
    return f"{name}-first" if name == "birth_date" else name


def _birth_date(typed: dict[str, str]) -> date:
    """The day typed in three boxes. Raises Invalid."""
    try:
        return date(int(typed["year"]), int(typed["month"]), int(typed["day"]))
    except ValueError:
        raise Invalid({"birth_date": _("Enter your date of birth, for example 31 3 1986")}) from None
