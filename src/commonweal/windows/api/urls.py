"""Addresses of the API, each behind the guard, and a problem for every address that is none."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path

from commonweal.windows.api import problems, reference
from commonweal.windows.api.guard import guarded
from commonweal.windows.api.openapi import api


def _nothing(request: HttpRequest) -> HttpResponse:
    return problems.on_missing(request, Exception())


def _behind_guard(pattern: URLPattern) -> URLPattern:
    pattern.callback = guarded(pattern.callback, pattern.name)
    return pattern


_patterns, _, _ = api.urls
app_name = "api"
urlpatterns = [
    path("reference", reference.reference, name="reference"),
    *[_behind_guard(each) for each in _patterns if isinstance(each, URLPattern) and each.name != "api-root"],
    path("", guarded(_nothing, "api-root"), name="api-root"),
    re_path(r"^.+$", guarded(_nothing, None)),
]
