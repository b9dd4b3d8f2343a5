"""Who is asking, and where they go back to. Every window asks here instead of reading the session."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import cast

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from commonweal.core import clock
from commonweal.core.errors import NotAllowed
from commonweal.core.identity import assurance, sessions
from commonweal.core.identity.actor import Actor, person_actor, staff_actor
from commonweal.core.identity.assurance import Level, Standing
from commonweal.core.identity.models import Person
from commonweal.windows.look import jurisdiction

HAT = "hat"
"""Session key of the capacity somebody with a seat chose last: `person` or `staff`."""


class SignInNeeded(Exception):
    """Nobody is signed in. The middleware answers with the sign-in page and keeps what was typed."""


def signed_in(request: HttpRequest) -> Person | None:
    """The person of this session, or None."""
    user = getattr(request, "user", None)
    return cast(Person, user) if user is not None and user.is_authenticated else None


def person_of(request: HttpRequest) -> Actor:
    """Whoever is signed in, acting for themself; seats they hold give no power here. Raises SignInNeeded."""
    person = signed_in(request)
    if person is None:
        raise SignInNeeded
    return person_actor(person, level_of(request))


def level_of(request: HttpRequest) -> Level:
    """The level of assurance of this session."""
    return sessions.standing_of(request.session).level() or "low"


def require(request: HttpRequest, level: Level, max_age: timedelta | None = None) -> Standing:
    """What was shown in this session, when it reaches `level` (shown within `max_age`).

    Raises SignInNeeded, or StepUpNeeded: the middleware then asks for more and comes back to this address with what
    was typed. Before an act of weight, such as a signature: `require(request, "high", timedelta(minutes=5))`.
    """
    if signed_in(request) is None:
        raise SignInNeeded
    standing = sessions.standing_of(request.session)
    assurance.require(standing, level, clock.now(), max_age)
    return standing


def staff_of(request: HttpRequest) -> Actor:
    """Whoever is signed in, acting with the seats held now, as sure as the jurisdiction wants its officials to be.

    Raises SignInNeeded, NotAllowed without a seat, StepUpNeeded.
    """
    person = signed_in(request)
    if person is None:
        raise SignInNeeded
    actor = still_declared(staff_actor(person, assurance=level_of(request)))
    if not actor.posts:
        raise NotAllowed("no-seat", "Only officials with a post may see this")
    here = jurisdiction.jurisdiction()
    if here is not None:
        require(request, here.staff_assurance)
    return actor


def still_declared(actor: Actor) -> Actor:
    """The actor with the seats whose post the register in force still has: an abolished post has no power."""
    register = jurisdiction.register_in_force()
    if register is None:
        return actor
    return replace(actor, posts=frozenset(seat for seat in actor.posts if seat.post in register.posts))


def actor_of(request: HttpRequest) -> Actor:
    """The actor in the capacity chosen last; a person without seats always acts for themself. Raises SignInNeeded."""
    if request.session.get(HAT) == "staff":
        try:
            return staff_of(request)
        except NotAllowed:
            request.session[HAT] = "person"
    return person_of(request)


def local_path(request: HttpRequest, path: str | None, default: str) -> str:
    """`path` when it leads to this site, else `default`; no address given by a visitor leads elsewhere."""
    if path and path.startswith("/") and url_has_allowed_host_and_scheme(path, {request.get_host()}):
        return path
    return default
