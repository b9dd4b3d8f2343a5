"""How I sign in: passkeys, the code app, recovery codes, password, and the devices that are signed in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonweal.core.errors import Invalid
from commonweal.core.identity import actions as identity
from commonweal.core.identity import codes, passkeys, sessions
from commonweal.core.identity.models import Person
from commonweal.windows.look import passkey_forms
from commonweal.windows.look.http import local_path, person_of, require, signed_in
from commonweal.windows.look.passkey_forms import origin

FRESH = timedelta(minutes=15)
"""How recent a sign-in must be before ways to sign in are changed."""
MAKING, SECRET = "passkey-making", "totp-secret"


def _owner(request: HttpRequest, *, change: bool = False) -> Person:
    """Whoever is signed in; before a change with the strongest thing they have, shown a short while ago."""
    person_of(request)
    person = signed_in(request)
    assert person is not None
    if change:
        require(request, "substantial" if codes.second_factors(person) else "low", FRESH)
    return person


@require_GET
def security(request: HttpRequest) -> HttpResponse:
    """Everything about signing in on one page."""
    person = _owner(request)
    found = codes.factors(person)
    context = {
        "passkeys": found.get("passkey", []),
        "totp": next(iter(found.get("totp", [])), None),
        "recovery": codes.recovery_codes_left(person) if "recovery" in found else None,
        "devices": sessions.devices(person),
        "here_key": request.session.session_key,
        "has_password": person.has_usable_password(),
        "next_path": local_path(request, request.GET.get("next"), ""),
        "level": sessions.standing_of(request.session).level(),
    }
    return render(request, "counter/security.html", context)


@require_GET
@never_cache
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make a passkey for whoever is signed in."""
    options, request.session[MAKING] = passkeys.begin_making(origin(request), _owner(request, change=True))
    return JsonResponse(options)


@require_http_methods(["GET", "POST"])
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Make a passkey on this device. With the first one come recovery codes."""
    person = _owner(request, change=True)
    next_path = local_path(request, (request.POST or request.GET).get("next"), "")
    if request.method == "GET":
        return render(request, "counter/add_passkey.html", {"next_path": next_path})
    first = not codes.second_factors(person)
    state = request.session.pop(MAKING, None)
    name = request.POST.get("name", "") or sessions.device(request.META.get("HTTP_USER_AGENT", ""))
    passkeys.finish_making(origin(request), person, state, passkey_forms.posted(request), name)
    messages.success(request, _("The passkey is added. Next time you sign in with it."), "good")
    return _codes_page(request, person, next_path) if first else redirect(next_path or "security")


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def set_up_codes(request: HttpRequest) -> HttpResponse:
    """Couple an app that shows codes: scan, then type the code it shows."""
    person = _owner(request, change=True)
    next_path = local_path(request, (request.POST or request.GET).get("next"), "")
    secret = request.session.setdefault(SECRET, codes.new_secret())
    error = ""
    if request.method == "POST":
        first = not codes.second_factors(person)
        try:
            codes.turn_on(person, secret, request.POST.get("code", ""))
        except Invalid as invalid:
            (sentence,) = invalid.fields.values()
            error = _(sentence)
        else:
            del request.session[SECRET]
            messages.success(request, _("From now on we ask for a code after the password."), "good")
            return _codes_page(request, person, next_path) if first else redirect(next_path or "security")
    address = codes.address(person, secret, origin(request).name)
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    context = {"picture": _picture(address), "secret": groups, "error": error, "next_path": next_path}
    return render(request, "counter/set_up_codes.html", context, status=422 if error else 200)


@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Fresh recovery codes, shown this once."""
    return _codes_page(request, _owner(request, change=True), "")


@require_POST
def remove_factor(request: HttpRequest, factor: int) -> HttpResponse:
    """Take a passkey or the code app away."""
    codes.remove(_owner(request, change=True), factor)
    messages.success(request, _("It is removed."), "good")
    return redirect("security")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Set or change the password; every other device is signed out."""
    person, error = _owner(request, change=True), ""
    if request.method == "POST":
        try:
            identity.set_password(person_of(request), person, request.POST.get("password", ""))
        except Invalid as invalid:
            (sentence,) = invalid.fields.values()
            error = _(sentence)
        else:
            sessions.end_others(person_of(request), person, request.session.session_key or "")
            auth.update_session_auth_hash(request, person)
            sessions.step_up(request.session, person, ())
            messages.success(request, _("The password is changed. Other devices are signed out."), "good")
            return redirect("security")
    return render(request, "counter/change_password.html", {"error": error}, status=422 if error else 200)


@require_POST
def end_device(request: HttpRequest) -> HttpResponse:
    """Sign one other device out, or all of them."""
    person, actor = _owner(request), person_of(request)
    if request.POST.get("device") == "all":
        sessions.end_others(actor, person, request.session.session_key or "")
    else:
        sessions.end(actor, person, request.POST.get("device", ""))
    messages.success(request, _("Signed out there."), "good")
    return redirect("security")


def _codes_page(request: HttpRequest, person: Person, next_path: str) -> HttpResponse:
    made = codes.new_recovery_codes(person)
    context: dict[str, Any] = {"codes": made, "next_path": next_path or reverse("security")}
    return render(request, "counter/recovery_codes.html", context)


def _picture(address: str) -> str:
    """The address as a QR code: paths and attributes only, as the security policy wants."""
    import segno

    code = segno.make(address, error="m", micro=False)
    return mark_safe(code.svg_inline(scale=5, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None))  # noqa: S308
