"""The API as one object: what it is called, how it refuses, and a description that says all it may answer."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from commonweal.core.errors import Refused
from commonweal.windows.api import problems
from commonweal.windows.api.access import ANYONE_SIGNED_IN
from commonweal.windows.api.guard import StrictParser
from commonweal.windows.api.routers import analysis, applications, cases, knowledge, mine, services, staff, tokens

PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457 problem details. `code` is stable; `title` and `detail` follow Accept-Language.",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {
                    "field": {"type": "string"},
                    "detail": {"type": "string"},
                    "pointer": {"type": "string"},
                },
            },
        },
    },
}
MEANINGS = {
    "400": "The request cannot be read",
    "401": "Not signed in",
    "403": "The token is for another capacity, or the CSRF token is missing",
    "404": "Nothing there, or not yours to see",
    "405": "Not a method of this address",
    "409": "Cannot be done in the present state",
    "412": "Somebody else acted first; read it again",
    "413": "Too large",
    "415": "Wrong content type",
    "422": "Some fields do not fit",
    "428": "Say which revision you read",
    "429": "Too many tries",
}
WRITES = {"post", "patch", "put", "delete"}


class Api(NinjaAPI):
    """django-ninja, with every refusal described as a problem."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The OpenAPI 3.1 document; made once, since it never changes while the process lives."""
        return self._described(self.get_root_path({}) if path_prefix is None else path_prefix)

    @lru_cache(maxsize=4)  # noqa: B019 - there is one Api and it lives as long as the process
    def _described(self, path_prefix: str) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix)
        schema["components"]["schemas"]["Problem"] = PROBLEM
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                for status in _statuses(path, method, operation):
                    operation["responses"].setdefault(status, _refusal(status))
        return schema


def _statuses(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    """The refusals an operation may answer with."""
    found = ["400", "404", "405", "409", "422"]
    if operation.get("security"):
        found += ["401", "403"]
    if method in WRITES:
        found += ["401", "412", "413", "415", "428", "429"]
    return sorted(set(found))


def _refusal(status: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": MEANINGS[status], "content": {problems.MEDIA_TYPE: {"schema": schema}}}


api = Api(
    title="Commonweal",
    version="1",
    description=(
        "Everything the counter and the desk do. Lists are read page by page with `cursor`; texts follow "
        "Accept-Language; refusals are RFC 9457 problems; nothing that changes a case is done twice."
    ),
    urls_namespace="api",
    auth=ANYONE_SIGNED_IN,
    parser=StrictParser(),
    docs_url=None,
)
for _group in (services, tokens, applications, cases, mine, staff, knowledge, analysis):
    api.add_router("", _group.router)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> Any:
    return problems.on_refused(request, error)


@api.exception_handler(ValidationError)
def _validation(request: HttpRequest, error: ValidationError) -> Any:
    return problems.on_validation(request, error)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> Any:
    return problems.on_http_error(request, error)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> Any:
    return problems.on_missing(request, error)


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> Any:
    return problems.on_broken(request, error)
