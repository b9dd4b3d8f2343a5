"""Sessions: what was shown in them, on which devices they run, and when they end by themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping, Sequence
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction

from commonweal.core import clock
from commonweal.core.errors import Refused
from commonweal.core.identity import events
from commonweal.core.identity.actor import Actor, person_actor
from commonweal.core.identity.assurance import Standing
from commonweal.core.identity.models import Person, SignIn
from commonweal.core.journal.actions import record

KEY = "standing"
"""Session key of what was shown: {factors, began, seen}, in seconds since 1970."""
MINUTE = timedelta(minutes=1)


def begin(session: Any, person: Person, methods: Sequence[str], user_agent: str = "") -> None:
    """Note what somebody showed to sign in, in a session that has just been given a new key. In a transaction."""
    now = clock.now()
    seconds = now.timestamp()
    session[KEY] = {
        "factors": [{"method": method, "at": seconds} for method in methods], "began": seconds, "seen": seconds,
    }  # fmt: skip
    if not session.session_key:
        session.create()
    SignIn.objects.update_or_create(
        session=session.session_key,
        defaults={"person": person, "device": device(user_agent), "began_at": now, "seen_at": now},
    )
    standing = standing_of(session)
    data = {"level": standing.level(), "methods": list(methods)}
    record(person_actor(person), events.SIGNED_IN, f"person:{person.ref}", data, about=[person.ref])


@transaction.atomic
def step_up(session: Any, person: Person, methods: Sequence[str]) -> None:
    """Note what somebody showed anew; the session gets a new key, so that an old copy of it gained nothing."""
    before = session.session_key
    seconds = clock.now().timestamp()
    kept = session.get(KEY) or {"factors": [], "began": seconds, "seen": seconds}
    others = [each for each in kept["factors"] if each["method"] not in methods]
    session[KEY] = {**kept, "factors": [*others, *({"method": method, "at": seconds} for method in methods)]}
    session.cycle_key()
    SignIn.objects.filter(session=before).update(session=session.session_key)
    data = {"level": standing_of(session).level(), "methods": list(methods)}
    record(person_actor(person), events.STEPPED_UP, f"person:{person.ref}", data, about=[person.ref])


def standing_of(session: Mapping[str, Any]) -> Standing:
    """What was shown in a session."""
    return Standing.of((session.get(KEY) or {}).get("factors", ()))


def run_out(session: MutableMapping[str, Any], audience: str) -> str:
    """Why this session has ended by itself, `idle` or `time`; empty while it goes on, and its use is then noted."""
    now = clock.now()
    kept = session.get(KEY)
    if not kept:
        return ""
    idle, most = (timedelta(minutes=minutes) for minutes in settings.SESSION_MINUTES[audience])
    began, seen = (datetime.fromtimestamp(kept[key], now.tzinfo) for key in ("began", "seen"))
    if now - began > most:
        return "time"
    if now - seen > idle:
        return "idle"
    if now - seen >= MINUTE:
        session[KEY] = {**kept, "seen": now.timestamp()}
        SignIn.objects.filter(session=getattr(session, "session_key", "")).update(seen_at=now)
    return ""


def devices(person: Person) -> list[SignIn]:
    """Where a person is signed in, the latest first; those whose session is gone are cleared away."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    rows = list(SignIn.objects.filter(person=person).order_by("-seen_at", "-id")[:50])
    gone = [row.pk for row in rows if not store(row.session).exists(row.session)]
    SignIn.objects.filter(pk__in=gone).delete()
    return [row for row in rows if row.pk not in gone]


@transaction.atomic
def end(actor: Actor, person: Person, ref: str) -> None:
    """Sign a device of one's own out from another. Raises Refused `no-such-device`."""
    row = SignIn.objects.select_for_update().filter(person=person, ref=ref).first()
    if row is None:
        raise Refused("no-such-device", "This device is not signed in any more")
    import_module(settings.SESSION_ENGINE).SessionStore(row.session).delete()
    row.delete()
    record(actor, events.SIGN_IN_ENDED, f"person:{person.ref}", {"sign_in": ref}, about=[person.ref])


def end_others(actor: Actor, person: Person, session_key: str) -> int:
    """Sign every other device of one's own out. Returns how many."""
    others = list(SignIn.objects.filter(person=person).exclude(session=session_key).values_list("ref", flat=True))
    for ref in others:
        end(actor, person, ref)
    return len(others)


_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


def device(user_agent: str) -> str:
    """`Firefox · Windows` from what a browser says of itself: enough to know one's own, no more is kept."""
    found = [next((name for mark, name in known if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(re.sub(r"[^\x20-\x7e]", "", each) for each in found if each)
