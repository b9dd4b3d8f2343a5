"""Signing in with a password, slowly for those who guess."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth import authenticate

from commonweal.core.errors import Refused
from commonweal.core.identity import throttle
from commonweal.core.identity.models import Person
from commonweal.core.identity.throttle import ATTEMPTS, WINDOW

__all__ = ["ATTEMPTS", "WINDOW", "sign_in"]


def sign_in(request_meta: Mapping[str, str], username: str, password: str) -> Person:
    """The person with this username and password; the window asks for a second factor where there is one.

    `request_meta` is `request.META`; only REMOTE_ADDR is read. After 5 failures in 15 minutes for one account from
    one address even the right password is refused until the oldest failure is 15 minutes old: an owner elsewhere
    is not locked out by somebody's guessing. Unknown accounts behave exactly as known ones.
    Raises Refused `sign-in-failed` or `locked-out` (params: minutes).
    """
    account = throttle.account(username, request_meta.get("REMOTE_ADDR", ""))
    throttle.refuse_when_locked(account)
    person = authenticate(None, username=username, password=password) if len(password) <= 4096 else None
    if not isinstance(person, Person) or person.kind != Person.PERSON:
        throttle.fail(account)
        raise Refused("sign-in-failed", "The username or the password is not right")
    throttle.forget(account)
    return person
