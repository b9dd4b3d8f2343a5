"""Refusals become pages; bodies too large never reach a view; personal pages are not kept by any cache."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import auth
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from commonweal.core.errors import Refused
from commonweal.core.identity import sessions
from commonweal.core.identity.assurance import StepUpNeeded
from commonweal.windows.look import refusals as pages
from commonweal.windows.look.http import HAT, SignInNeeded, signed_in
from commonweal.windows.look.signing_in import ask_to_sign_in
from commonweal.windows.look.stepping_up import ask_to_step_up

ENVELOPE = 64 * 1024
"""Bytes a form may have around its file."""
DRAINED = 256 * 1024 * 1024
"""Bytes read and thrown away, so that a browser still sending gets to read the answer."""

NOTHING_OF_THE_DEVICE = ", ".join(
    f"{each}=()" for each in ("accelerometer", "camera", "geolocation", "gyroscope", "magnetometer", "microphone",
                              "midi", "payment", "usb", "browsing-topics")
)  # fmt: skip
"""What no page asks a browser for, so that nothing that slips into one can (W3C Permissions Policy)."""

GetResponse = Callable[[HttpRequest], HttpResponse]


def modest(get_response: GetResponse) -> GetResponse:
    """Middleware: every answer says that it needs no camera, no place and no purse of the device it is shown on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", NOTHING_OF_THE_DEVICE)
        return response

    return middleware


def refusals(get_response: GetResponse) -> GetResponse:
    """Middleware: `core.errors.Refused` and a missing sign-in are answered here, so that views catch nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not pages.wants_json(request) and _length(request) > settings.UPLOAD_LIMIT_BYTES + ENVELOPE:
            _drain(request)
            return pages.too_large(request, settings.UPLOAD_LIMIT_BYTES)
        response = get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated and not response.streaming:
            patch_cache_control(response, private=True, no_store=True)
        return response

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def session_rules(get_response: GetResponse) -> GetResponse:
    """Middleware: a session that stood idle or lasted too long ends before anything is done in it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if signed_in(request) is not None:
            audience = "staff" if request.session.get(HAT) == "staff" else "person"
            ended = sessions.run_out(request.session, audience)
            if ended:
                request.ran_out = ended  # type: ignore[attr-defined]
                auth.logout(request)
        return get_response(request)

    return middleware


def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The page for an exception a person can act on; None leaves the rest to Django."""
    if isinstance(exception, SignInNeeded):
        return ask_to_sign_in(request)
    if isinstance(exception, StepUpNeeded) and not pages.wants_json(request):
        return ask_to_step_up(request, exception)
    if isinstance(exception, Refused):
        return pages.refusal(request, exception)
    if isinstance(exception, RequestDataTooBig):
        return pages.too_large(request, settings.UPLOAD_LIMIT_BYTES)
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent | MultiPartParserError | SuspiciousOperation):
        sentence = _("Nothing was changed. Go back and send the form again.")
        return pages.sorry(request, _("This form could not be read"), sentence, status=400)
    return None


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _drain(request: HttpRequest) -> None:
    left = min(_length(request), DRAINED)
    while left > 0:
        piece = request.read(min(left, 1024 * 1024))
        if not piece:
            return
        left -= len(piece)
