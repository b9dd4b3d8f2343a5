"""What Django's sign-in tells us, written into the journal and into the session."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from commonweal.core.identity import assurance, events, sessions
from commonweal.core.identity.actor import person_actor
from commonweal.core.identity.models import Person, SignIn
from commonweal.core.journal.actions import record


@receiver(user_logged_in, dispatch_uid="identity.signed-in")
def signed_in(user: Person, request: HttpRequest, **_: Any) -> None:
    """Note what was shown (`request.shown`, a password where nobody said) and record that somebody has signed in."""
    shown = getattr(request, "shown", (assurance.PASSWORD,))
    with transaction.atomic():
        sessions.begin(request.session, user, shown, request.META.get("HTTP_USER_AGENT", ""))


@receiver(user_logged_out, dispatch_uid="identity.signed-out")
def signed_out(user: Person | None, request: HttpRequest, **_: Any) -> None:
    """Record that somebody has signed out; a session that had run out already was nobody's."""
    if isinstance(user, Person):
        reason = getattr(request, "ran_out", "")
        with transaction.atomic():
            SignIn.objects.filter(session=request.session.session_key or "").delete()
            data = {"reason": reason} if reason else {}
            record(person_actor(user), events.SIGNED_OUT, f"person:{user.ref}", data, about=[user.ref])
