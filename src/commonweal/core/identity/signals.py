"""What Django's sign-in tells us, written into the journal."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.dispatch import receiver

from commonweal.core.identity import events
from commonweal.core.identity.actor import person_actor
from commonweal.core.identity.models import Person
from commonweal.core.journal.actions import record


@receiver(user_logged_in, dispatch_uid="identity.signed-in")
def signed_in(user: Person, **_: Any) -> None:
    """Record that somebody has signed in."""
    _record(events.SIGNED_IN, user)


@receiver(user_logged_out, dispatch_uid="identity.signed-out")
def signed_out(user: Person | None, **_: Any) -> None:
    """Record that somebody has signed out; a session that had run out already was nobody's."""
    if isinstance(user, Person):
        _record(events.SIGNED_OUT, user)


def _record(type: str, person: Person) -> None:
    with transaction.atomic():
        record(person_actor(person), type, f"person:{person.ref}", {}, about=[person.ref])
