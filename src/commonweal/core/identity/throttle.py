"""Slowing those who guess: by account and address, so that nobody else is locked out. Kept in the database."""

from __future__ import annotations

from datetime import timedelta

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
NOBODY = Actor(kind="system", id="sign-in", name="Sign-in")


def account(name: str, address: str) -> str:
    """A keyed hash: the same guesser meets the same row, and nobody can read what was typed from it."""
    typed = f"{Person.normalize_username(name).strip().casefold()}\n{address}"
    return salted_hmac("commonweal.sign-in", typed, algorithm="sha256").hexdigest()


def refuse_when_locked(account: str) -> None:
    """Raise Refused `locked-out` (params: minutes) after 5 failures in 15 minutes."""
    now = clock.now()
    recent = SignInFailure.objects.filter(account=account, moment__gt=now - WINDOW)
    moments = list(recent.order_by("-moment").values_list("moment", flat=True)[:ATTEMPTS])
    if len(moments) == ATTEMPTS:
        minutes = max(1, -int((now - WINDOW - moments[-1]).total_seconds() // 60))
        raise Refused("locked-out", f"Too many attempts; try again in {minutes} minutes", minutes=minutes)


def fail(account: str, factor: str = "password", about: tuple[str, ...] = ()) -> None:
    """Keep and journal one failure; the one that locks is journalled as such as well."""
    now = clock.now()
    with transaction.atomic():
        SignInFailure.objects.filter(moment__lte=now - WINDOW).delete()
        SignInFailure.objects.create(account=account, moment=now)
        subject, data = f"sign-in:{account[:16]}", {"account": account[:16]}
        if factor == "password":
            record(NOBODY, events.SIGN_IN_FAILED, subject, data)
        else:
            told = {**data, "factor": factor, "reason": "wrong"}
            record(NOBODY, events.FACTOR_REFUSED, subject, told, about=about)
        if SignInFailure.objects.filter(account=account, moment__gt=now - WINDOW).count() == ATTEMPTS:
            record(NOBODY, events.LOCKED_OUT, subject, data, about=about)


def forget(account: str) -> None:
    """Start counting anew: the right answer was given."""
    SignInFailure.objects.filter(account=account).delete()
