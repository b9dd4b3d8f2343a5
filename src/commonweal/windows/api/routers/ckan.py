"""The catalogue for other people's programs: CKAN's read API for open datasets, DCAT-AP and CPSV-AP as JSON-LD.

Protocol: https://docs.ckan.org/en/2.10/api/ (action API, version 3). Only what is open is there; nothing is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.register.exports import Holding, cpsv_ap, dcat_ap
from commonweal.windows.api.routers import packages

BODY_LIMIT = 64 * 1024
MOST = 1000
Arguments = Mapping[str, Any]


def whole(given: Arguments, key: str, default: int, most: int = MOST) -> int:
    """A whole number between 0 and `most`. Raises Invalid."""
    value = given.get(key, default)
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        raise Invalid({key: "Must be a whole number"}) from None
    if isinstance(value, bool) or not 0 <= number < 1 << 31:
        raise Invalid({key: "Must be a natural number"})
    return min(number, most)


def _named(given: Arguments, key: str = "id") -> str:
    value = given.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= 120 or not value.isprintable():
        raise Invalid({key: "Missing value"})
    return value


def _package_list(site: packages.Site, given: Arguments) -> Any:
    names = sorted(row.id for row in packages.open_rows())
    start = whole(given, "offset", 0, 1 << 30)
    return names[start : start + whole(given, "limit", MOST)]


def _package_show(site: packages.Site, given: Arguments) -> Any:
    return site.package(_named(given))


def _package_search(site: packages.Site, given: Arguments) -> Any:
    text = str(given.get("q") or "")[:400]
    wanted = packages.filters(" ".join((str(given.get("fq") or ""), text)))
    text = " ".join(w for w in text.replace("*:*", " ").split() if ":" not in w)
    found = [row for row in packages.open_rows(text) if site.fits(row, wanted)]
    if str(given.get("sort") or "").startswith("metadata_modified desc"):
        found.sort(key=lambda row: (row.collected is not None, row.collected), reverse=True)
    start, rows = whole(given, "start", 0, 1 << 30), whole(given, "rows", 10)
    shown = [site.package(row.id) for row in found[start : start + rows]]
    return {
        "count": len(found),
        "results": shown,
        "sort": given.get("sort") or "name asc",
        "facets": {},
        "search_facets": {},
    }


def _resource_show(site: packages.Site, given: Arguments) -> Any:
    return site.resource(_named(given))


def _organization_list(site: packages.Site, given: Arguments) -> Any:
    found = sorted({row.publisher for row in packages.open_rows()})
    full = given.get("all_fields") in (True, "true", "True", "1", 1)
    return [site.organization(name) for name in found] if full else found


def _organization_show(site: packages.Site, given: Arguments) -> Any:
    name = _named(given)
    if name not in {row.publisher for row in packages.open_rows()}:
        raise NotAllowed("no-organisation", "Not found")
    return site.organization(name)


def _tag_list(site: packages.Site, given: Arguments) -> Any:
    query = str(given.get("query") or "").casefold()
    return sorted({tag for row in packages.open_rows() for tag in site.tags(row.id) if query in tag})


def _datastore_search(site: packages.Site, given: Arguments) -> Any:
    limit, offset = whole(given, "limit", 100), whole(given, "offset", 0, 1 << 30)
    filters, fields, q, sort = (given.get(name) for name in ("filters", "fields", "q", "sort"))
    return site.search(_named(given, "resource_id"), filters, fields, limit, offset, q, sort)


def _status_show(site: packages.Site, given: Arguments) -> Any:
    register = declared.current()
    title = register.jurisdiction.name.say(site.language)
    return {
        "ckan_version": "2.10.0", "site_title": title, "site_description": title, "site_url": site.address,
        "error_emails_to": None, "locale_default": register.jurisdiction.languages[0], "extensions": ["datastore"],
    }  # fmt: skip


ACTIONS: dict[str, Callable[[packages.Site, Arguments], Any]] = {
    "package_list": _package_list,
    "package_show": _package_show,
    "package_search": _package_search,
    "resource_show": _resource_show,
    "organization_list": _organization_list,
    "organization_show": _organization_show,
    "group_list": lambda site, given: [],
    "tag_list": _tag_list,
    "datastore_search": _datastore_search,
    "status_show": _status_show,
    "site_read": lambda site, given: True,
}


@csrf_exempt
def act(request: HttpRequest, action: str) -> HttpResponse:
    """One action. CKAN's clients send what they ask in the address or as JSON; both are read, nothing is changed."""
    perform = ACTIONS.get(action)
    told = f"{request.build_absolute_uri('/api/3/action/help_show')}?name={action}"
    if perform is None or request.method not in ("GET", "HEAD", "POST"):
        return _answer(f"Bad request - Action name not known: {action}", 400)
    try:
        result = perform(packages.Site.of(request), _arguments(request))
    except Invalid as problem:
        error: dict[str, Any] = {"__type": "Validation Error"}
        error |= {field: [message] for field, message in problem.fields.items()}
        return _answer({"help": told, "success": False, "error": error}, 409)
    except NotAllowed:
        return _answer(
            {"help": told, "success": False, "error": {"__type": "Not Found Error", "message": "Not found"}}, 404
        )
    except Refused as problem:
        return _answer(
            {"help": told, "success": False, "error": {"__type": "Validation Error", "message": [problem.message]}}, 409
        )
    return _answer({"help": told, "success": True, "result": result})


def _arguments(request: HttpRequest) -> Arguments:
    if request.method != "POST":
        return request.GET.dict()
    length = request.headers.get("Content-Length") or "0"
    if not length.isdigit() or int(length) > BODY_LIMIT:
        raise Invalid({"body": "Send less than 64 kB"})
    try:
        given = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        raise Invalid({"body": "Must be a JSON object"}) from None
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise Invalid({"body": "Must be a JSON object"})
    return given


def _answer(value: Any, status: int = 200, kind: str = "application/json") -> JsonResponse:
    answer = JsonResponse(
        value, safe=False, status=status, json_dumps_params={"ensure_ascii": False}, content_type=kind
    )
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every declared dataset as DCAT-AP 3, with the addresses from which the open ones can be fetched."""
    site = packages.Site.of(request)
    held = {
        row.id: Holding(row.collected, {form: site.download(row.id, form) for form in packages.FORMATS})
        for row in packages.open_rows()
        if row.collected is not None
    }
    return _answer(dcat_ap(declared.current(), site.base, held), kind="application/ld+json")


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Every service as CPSV-AP 3.2."""
    return _answer(cpsv_ap(declared.current(), packages.Site.of(request).base), kind="application/ld+json")


urlpatterns = [
    path("api/3/action/<str:action>", act, name="ckan"),
    path("api/action/<str:action>", act),
    path("catalogue.jsonld", catalogue, name="catalogue-jsonld"),
    path("services.jsonld", services, name="services-jsonld"),
]
