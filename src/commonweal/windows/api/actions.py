"""Making and revoking the tokens programs sign in with."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from django.db import transaction

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed, Refused
from commonweal.core.identity import codes
from commonweal.core.identity.actor import Actor, person_actor, staff_actor
from commonweal.core.identity.assurance import Level, StepUpNeeded, reaches
from commonweal.core.identity.sign_in import sign_in
from commonweal.core.journal.actions import record
from commonweal.windows.api import events
from commonweal.windows.api.models import ApiToken

PREFIX = "cw_"
"""Begins every token, so that one left in a file is recognised by a scanner."""
LIVE_LIMIT = 20
"""Live tokens one person may hold; more are a forgotten script."""


def digest(secret: str) -> str:
    """What is kept of a token. Its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def issue_token(
    meta: Mapping[str, str],
    username: str,
    password: str,
    *,
    scope: Literal["person", "staff"],
    days: int,
    label: str = "",
    code: str = "",
) -> tuple[ApiToken, str]:
    """A token and its secret, which is never shown again. `meta` is `request.META`, for the throttle.

    Whoever has set up a second factor gives a `code` too, and an official's token takes what the desk takes.
    Raises Refused `sign-in-failed`, `wrong-code`, `locked-out`, `no-seat` (a staff token without a seat) or
    `too-many-tokens`, StepUpNeeded.
    """
    person = sign_in(meta, username, password)
    level: Level = "low"
    if codes.second_factors(person):
        codes.check(person, code, meta.get("REMOTE_ADDR", ""))
        level = "substantial"
    if scope == "staff" and not reaches(level, declared.current().jurisdiction.staff_assurance):
        raise StepUpNeeded(declared.current().jurisdiction.staff_assurance)
    if scope == "staff" and not staff_actor(person).posts:
        raise Refused("no-seat", "You hold no seat in an office, so you cannot have a staff token")
    secret = PREFIX + secrets.token_urlsafe(32)
    now = clock.now()
    with transaction.atomic():
        if ApiToken.objects.filter(person=person, revoked_at=None, expires_at__gt=now).count() >= LIVE_LIMIT:
            raise Refused("too-many-tokens", "You hold 20 live tokens; revoke one first", limit=LIVE_LIMIT)
        token = ApiToken.objects.create(
            digest=digest(secret),
            person=person,
            scope=scope,
            label=label,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        data = {"scope": scope, "expires": token.expires_at.isoformat()}
        record(person_actor(person), events.TOKEN_ISSUED, f"token:{token.ref}", data, about=[person.ref])
    return token, secret


@transaction.atomic
def revoke_token(actor: Actor, ref: str) -> ApiToken:
    """End one of the actor's own tokens; revoking twice is the same as once. Raises NotAllowed for another's."""
    token = ApiToken.objects.select_for_update().filter(ref=ref, person__ref=actor.id).first()
    if token is None:
        raise NotAllowed("no-such-token", "There is no such token")
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        record(actor, events.TOKEN_REVOKED, f"token:{token.ref}", {}, about=[actor.id])
    return token
