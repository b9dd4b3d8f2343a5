"""What went wrong, as RFC 9457 problem details in the reader's language. Never a stack trace."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja.errors import HttpError, ValidationError

from commonweal.core.errors import Invalid, NotAllowed, Refused, Stale
from commonweal.windows.look.refusals import words

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger(__name__)

TITLES = {
    400: gettext_noop("This request cannot be read"),
    401: gettext_noop("Sign in first"),
    403: gettext_noop("This is not yours to do"),
    404: gettext_noop("There is nothing here"),
    405: gettext_noop("This address does not do that"),
    406: gettext_noop("Only JSON is served here"),
    409: gettext_noop("This cannot be done now"),
    412: gettext_noop("Somebody else acted first"),
    413: gettext_noop("This is too large"),
    415: gettext_noop("This is the wrong kind of content"),
    422: gettext_noop("Some answers need attention"),
    428: gettext_noop("Say which version you read"),
    429: gettext_noop("Too many tries"),
    500: gettext_noop("Something broke on our side"),
}
"""What each status means in a few words."""

_FIELD_SENTENCES = {
    "missing": gettext_noop("This is needed"),
    "string_too_short": gettext_noop("This is too short"),
    "string_too_long": gettext_noop("This is too long"),
    "string_type": gettext_noop("Write this as text"),
    "int_type": gettext_noop("Write this as a whole number"),
    "int_parsing": gettext_noop("Write this as a whole number"),
    "int_from_float": gettext_noop("Write this as a whole number"),
    "bool_type": gettext_noop("Write this as true or false"),
    "bool_parsing": gettext_noop("Write this as true or false"),
    "literal_error": gettext_noop("This is not one of the values that can be chosen"),
    "extra_forbidden": gettext_noop("This field is not known here"),
    "greater_than_equal": gettext_noop("This number is too small"),
    "less_than_equal": gettext_noop("This number is too large"),
    "dict_type": gettext_noop("Write this as an object with named fields"),
    "list_type": gettext_noop("Write this as a list"),
    "too_long": gettext_noop("There are too many of these"),
}

_STATUS = {"sign-in-failed": 401, "locked-out": 429}
"""Refusals for which HTTP has a status of its own."""


def problem(
    status: int, code: str, detail: str = "", *, title: str = "", errors: Iterable[Mapping[str, str]] = (), **more: Any
) -> HttpResponse:
    """A problem document: `code` is stable for programs, `title` and `detail` are for people."""
    body: dict[str, Any] = {
        "type": f"/api/v1/reference#problem-{code}",
        "title": title or _(TITLES.get(status, TITLES[409])),
        "status": status,
        "code": code,
    }
    if detail and detail != body["title"]:
        body["detail"] = detail
    if errors:
        body["errors"] = list(errors)
    body.update({key: value for key, value in more.items() if key not in body})
    content = json.dumps(body, ensure_ascii=False, default=str)
    response = HttpResponse(content, status=status, content_type=MEDIA_TYPE)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="commonweal"'
    return response


def _field(name: str, detail: str, pointer: str) -> dict[str, str]:
    return {"field": name, "detail": detail, "pointer": pointer}


def on_refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    """An act the rooms refused: 404 for what is not yours, 412 for a stale revision, 422 for answers, else 409."""
    title, sentence = words(refused)
    if isinstance(refused, NotAllowed):
        return problem(404, "not-found", _("Check the address, and that you are signed in as the right person."))
    if isinstance(refused, Invalid):
        told = [_field(name, str(text), f"#/answers/{name}") for name, text in refused.fields.items()]
        return problem(422, "invalid", sentence, title=title, errors=told)
    status = 412 if isinstance(refused, Stale) else _STATUS.get(refused.code, refused.status)
    response = problem(status, refused.code, sentence, title=title, **_plain(refused.params))
    if status == 429:
        response["Retry-After"] = str(60 * int(refused.params.get("minutes", 15)))
    return response


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    """What a refusal carries that a program may read: never an object of ours."""
    plain = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in params.items()}
    return {key: value for key, value in plain.items() if isinstance(value, str | int | bool | float)}


def on_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Input that does not fit the schema: which field, and what to do."""
    told = []
    for fault in error.errors:
        place = [str(part) for part in fault.get("loc", ())]
        source, path = (place[0] if place else "body"), place[1:]
        if source == "body" and len(path) > 1:
            path = path[1:]  # the first part is the name of our own parameter
        sentence = _(_FIELD_SENTENCES.get(str(fault.get("type")), gettext_noop("This does not fit; see the reference")))
        pointer = "#/" + "/".join(path) if source == "body" else ""
        told.append(_field(".".join(path) or source, sentence, pointer))
    return problem(422, "invalid", errors=told)


def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A refusal of the framework: not signed in, unreadable body, too many tries."""
    codes = {400: "unreadable", 401: "not-signed-in", 403: "forbidden", 429: "too-many-tries"}
    details = {
        400: _("The body must be JSON in UTF-8, as the reference describes."),
        401: _("Send a token as “Authorization: Bearer …”; POST /api/v1/tokens makes one."),
        403: _("The request came without the page's CSRF token, or your token is for another capacity."),
        429: _("Wait a quarter of an hour and try again."),
    }
    return problem(error.status_code, codes.get(error.status_code, "refused"), details.get(error.status_code, ""))


def on_missing(request: HttpRequest, error: Exception) -> HttpResponse:
    """Nothing at that address."""
    return problem(404, "not-found", _("Check the address, and that you are signed in as the right person."))


def on_broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours: told to the log with its trace, to the caller without."""
    log.exception("%s %s broke", request.method, request.path, exc_info=error)
    return problem(500, "broken", _("Nothing was done. Try again; if it happens again, tell the office."))
