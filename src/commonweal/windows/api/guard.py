"""What every API address checks before the view runs, so that no view has to remember it."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.parser import Parser

from commonweal.windows.api.problems import on_broken, problem

MULTIPART = {"attach"}
"""Names of the addresses that take a file instead of JSON."""
ENVELOPE = 64 * 1024
"""Bytes a multipart body may have beyond its file."""
DEPTH = 12
"""Levels of nesting a body may have; no declared answer needs more than three."""

View = Callable[..., HttpResponse]


def guarded(view: View, name: str | None) -> View:
    """Wrap an API view: content type, hostile characters, methods and unforeseen faults all become problems."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = _refusal(request, name) or _answer(view, request, *args, **kwargs)
        except RequestDataTooBig:
            response = problem(413, "too-large", _("Send less than 2 MB; a file may have 10 MB."))
        except (SuspiciousOperation, TooManyFilesSent, MultiPartParserError):
            response = problem(400, "unreadable", _("The body must be JSON in UTF-8, as the reference describes."))
        except Exception as error:
            response = on_broken(request, error)
        return _headers(response)

    wrapper.csrf_exempt = True  # type: ignore[attr-defined]
    return wrapper


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    head = request.method == "HEAD"
    if head:
        request.method = "GET"
    response = view(request, *args, **kwargs)
    if head:
        request.method = "HEAD"
    if response.status_code == 405:
        told = problem(405, "method", _("Allowed here: %(methods)s.") % {"methods": response["Allow"]})
        told["Allow"] = response["Allow"]
        return told
    return response


def _refusal(request: HttpRequest, name: str | None) -> HttpResponse | None:
    """The problem with the envelope of the request, or None."""
    if "\x00" in request.path or "\x00" in request.META.get("QUERY_STRING", "") or _nul_in_query(request):
        return problem(400, "unreadable", _("The address holds a character that cannot be part of one."))
    has_body = bool(request.META.get("CONTENT_LENGTH") not in (None, "", "0"))
    if request.method in {"POST", "PUT", "PATCH", "DELETE"} and has_body:
        wanted = "multipart/form-data" if name in MULTIPART else "application/json"
        if (request.content_type or "").lower() != wanted:
            return problem(415, "content-type", _("Send this as %(type)s.") % {"type": wanted})
        if wanted == "application/json":
            len(request.body)  # raises RequestDataTooBig here, where it becomes a 413
        elif int(request.META["CONTENT_LENGTH"]) > settings.UPLOAD_LIMIT_BYTES + ENVELOPE:
            raise RequestDataTooBig
    return None


def _nul_in_query(request: HttpRequest) -> bool:
    return any("\x00" in key or "\x00" in value for key, values in request.GET.lists() for value in values)


def _headers(response: HttpResponse) -> HttpResponse:
    if "Cache-Control" not in response:
        response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ("Accept-Language", "Authorization", "Cookie"))
    if response.status_code >= 400 and response.get("Content-Type", "").startswith("text/html"):
        return problem(response.status_code, "refused")
    return response


class StrictParser(Parser):
    """JSON as RFC 8259 means it: UTF-8, no NaN, no lone surrogates, no NUL, no bottomless nesting."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as Python values. Raises HttpError 400 when it cannot be read."""
        try:
            value = json.loads(request.body, parse_constant=_refuse_constant)
            _check(value, DEPTH)
        except (ValueError, RecursionError, OSError) as error:
            raise HttpError(400, "unreadable") from error
        return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _check(value: Any, depth: int) -> None:
    """Raise ValueError for what no database or file can hold faithfully."""
    if depth < 0:
        raise ValueError("nested too deep")
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("holds a NUL character")
        value.encode()  # UnicodeEncodeError, a ValueError, for a lone surrogate
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check(key, depth)
            _check(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth - 1)
    elif isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise ValueError("too large a number")
