"""Signing in, slowly for those who guess."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.contrib.auth import authenticate
from django.db import transaction
from django.utils.crypto import salted_hmac

from commonweal.core import clock
from commonweal.core.errors import Refused
from commonweal.core.identity import events
from commonweal.core.identity.actor import Actor
from commonweal.core.identity.models import Person, SignInFailure
from commonweal.core.journal.actions import record

ATTEMPTS = 5
WINDOW = timedelta(minutes=15)
_NOBODY = Actor(kind="system", id="sign-in", name="Sign-in")


def sign_in(request_meta: Mapping[str, str], username: str, password: str) -> Person:
    """The person with this username and password; the window then calls `django.contrib.auth.login`.

    `request_meta` is `request.META`; only REMOTE_ADDR is read. After 5 failures in 15 minutes for one account from
    one address even the right password is refused until the oldest failure is 15 minutes old: an owner elsewhere
    is not locked out by somebody's guessing. Unknown accounts behave exactly as known ones.
    Raises Refused `sign-in-failed` or `locked-out` (params: minutes).
    """
    account = _account(username, request_meta.get("REMOTE_ADDR", ""))
    _refuse_when_locked(account)
    person = authenticate(None, username=username, password=password) if len(password) <= 4096 else None
    if not isinstance(person, Person):
        _fail(account)
        raise Refused("sign-in-failed", "The username or the password is not right")
    SignInFailure.objects.filter(account=account).delete()
    return person


def _account(username: str, address: str) -> str:
    """A keyed hash: the same guesser meets the same row, and nobody can read what was typed from it."""
    typed = f"{Person.normalize_username(username).strip().casefold()}\n{address}"
    return salted_hmac("commonweal.sign-in", typed, algorithm="sha256").hexdigest()


def _refuse_when_locked(account: str) -> None:
    now = clock.now()
    recent = SignInFailure.objects.filter(account=account, moment__gt=now - WINDOW)
    moments = list(recent.order_by("-moment").values_list("moment", flat=True)[:ATTEMPTS])
    if len(moments) == ATTEMPTS:
        minutes = max(1, -int((now - WINDOW - moments[-1]).total_seconds() // 60))
        raise Refused("locked-out", f"Too many attempts; try again in {minutes} minutes", minutes=minutes)


def _fail(account: str) -> None:
    now = clock.now()
    with transaction.atomic():
        SignInFailure.objects.filter(moment__lte=now - WINDOW).delete()
        SignInFailure.objects.create(account=account, moment=now)
        record(_NOBODY, events.SIGN_IN_FAILED, f"sign-in:{account[:16]}", {"account": account[:16]})
