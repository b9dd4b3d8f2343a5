"""Who calls the API: a token's holder in the token's capacity, or the person of a browser session."""

from __future__ import annotations

from typing import Any, Literal, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from ninja.errors import HttpError
from ninja.security import APIKeyCookie, HttpBearer

from commonweal.core import clock
from commonweal.core.identity.actor import Actor, person_actor, staff_actor
from commonweal.core.identity.models import Person
from commonweal.windows.api.actions import digest
from commonweal.windows.api.models import ApiToken
from commonweal.windows.look.http import level_of, staff_of, still_declared

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
Scope = Literal["person", "staff", "session"]


class Caller:
    """The person behind a request and the capacity they may act in; a session may act in both."""

    def __init__(
        self, person: Person, scope: Scope, token: ApiToken | None = None, request: HttpRequest | None = None
    ) -> None:
        self.user, self.scope, self.token, self.request = person, scope, token, request

    def as_person(self) -> Actor:
        """The caller acting for themself. Raises HttpError 403 for a staff token."""
        if self.scope == "staff":
            raise HttpError(403, "scope")
        return person_actor(self.user, level_of(self.request) if self.request else "low")

    def identity(self) -> Actor:
        """Who the caller is, whatever the token's capacity: for managing one's own tokens only."""
        return person_actor(self.user)

    def as_staff(self) -> Actor:
        """The caller acting with the seats held now; in a session, as sure as at the desk.

        Raises HttpError 403 without a seat or with a person's token, StepUpNeeded.
        """
        if self.request is not None and self.scope != "person":
            return staff_of(self.request)
        actor = still_declared(staff_actor(self.user)) if self.scope != "person" else None
        if actor is None or not actor.posts:
            raise HttpError(403, "scope")
        return actor


class Token(HttpBearer):
    """`Authorization: Bearer cw_…`, made by POST /api/v1/tokens."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The caller a live token stands for, or None."""
        found = (
            ApiToken.objects.select_related("person")
            .filter(digest=digest(token), revoked_at=None, expires_at__gt=clock.now(), person__is_active=True)
            .first()
        )
        return Caller(found.person, cast(Scope, found.scope), found) if found else None


class _Csrf(CsrfViewMiddleware):
    """Django's check without its page: the API answers with a problem of its own."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponseForbidden()


def _csrf_fails(request: HttpRequest) -> bool:
    check = _Csrf(lambda _: HttpResponse())
    request.csrf_processing_done = False  # type: ignore[attr-defined]
    check.process_request(request)
    return cast(object, check.process_view(request, HttpResponse, (), {})) is not None


class Session(APIKeyCookie):
    """The cookie of a signed-in browser; writes need the CSRF token as well."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Any:
        """The caller of a signed-in session. Raises HttpError 403 for a write without its CSRF token."""
        if request.headers.get("Authorization") or not request.user.is_authenticated:
            return None
        if request.method not in SAFE and _csrf_fails(request):
            raise HttpError(403, "csrf")
        return self.authenticate(request, None)

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller:
        """The signed-in person, in whatever capacity an address asks for."""
        return Caller(cast(Person, request.user), "session", request=request)


ANYONE_SIGNED_IN = [Token(), Session()]
OPTIONAL: dict[str, Any] = {"security": [{}, {"Token": []}, {"Session": []}]}
"""What the description says of an address that shows more to those who sign in."""


def anyone(request: HttpRequest) -> Caller | Literal["anonymous"] | None:
    """Let anybody in; but a token that is given has to be a good one."""
    if request.headers.get("Authorization"):
        return cast(Caller | None, Token()(request))
    return cast(Caller | None, Session()(request)) or "anonymous"


def reader(request: HttpRequest) -> Actor | None:
    """Whoever reads open data: their seats where they have some, else nobody in particular."""
    if not isinstance(found := request.auth, Caller) or found.scope == "person":  # type: ignore[attr-defined]
        return None
    actor = staff_actor(found.user)
    return actor if actor.posts else None


def caller(request: HttpRequest) -> Caller:
    """The caller an address with `auth` was given."""
    return cast(Caller, request.auth)  # type: ignore[attr-defined]


def person(request: HttpRequest) -> Actor:
    """The caller acting for themself. Raises HttpError 403 for a staff token."""
    return caller(request).as_person()


def staff(request: HttpRequest) -> Actor:
    """The caller acting with their seats. Raises HttpError 403 for anybody without one."""
    return caller(request).as_staff()
