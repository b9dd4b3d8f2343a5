"""Who may: fetch and authorise in one call. Nothing else in this room reads a row for a user.

A person sees their own, and what a mandate in force lets them see of another's. An official sees a case once one of its
steps has come before a seat of theirs, or before a department whose escalations they receive. Missing and forbidden
look the same.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed
from commonweal.core.identity import mandates
from commonweal.core.identity.actor import Actor, Seat
from commonweal.core.ids import is_reference
from commonweal.office.casework.models import Application, Attachment, Case, Task


def application_for(actor: Actor, ref: str, *, write: bool = False) -> Application:
    """An application of the actor's own or of somebody they act for, locked until the transaction ends when `write`.

    Raises NotAllowed.
    """
    rows = Application.objects.select_for_update() if write else Application.objects.all()
    found = rows.filter(ref=ref).first() if is_reference(ref, "A") else None
    if found is None or not (actor.kind == "system" or _owns(actor, found, "apply" if write else "see")):
        raise _nothing()
    return found


def acting(actor: Actor, application: Application, act: str = "apply") -> Actor:
    """The actor as the record names them: for another, under their mandate, where the application is another's.

    Raises NotAllowed where neither it is theirs nor a mandate in force covers its services and the act.
    """
    if actor.kind != "person" or application.person_id == actor.id:
        return actor
    mandate = mandates.may_act(actor, application.person_id, _services(application), act)
    if mandate is None:
        raise _nothing()
    return actor.acting_for(application.person_id, mandate.ref)


def mine(actor: Actor) -> Q:
    """The applications a person sees: their own, and those of whom they act for."""
    if actor.kind != "person":
        return Q(pk__in=[])
    wanted = Q(person_id=actor.id)
    events = declared.current().events
    for mandate in mandates.held(actor):
        if "see" not in mandate.acts:
            continue
        theirs = Q(person_id=mandate.principal_id)
        if mandate.services:
            whole = [each.id for each in events.values() if {s.service for s in each.services} <= set(mandate.services)]
            theirs &= Q(target_kind="service", target__in=mandate.services) | Q(target_kind="event", target__in=whole)
        wanted |= theirs
    return wanted


def _services(application: Application) -> list[str]:
    return [each["service"] for each in application.versions]


def case_for(actor: Actor, ref: str, *, write: bool = False) -> Case:
    """A case the actor may see, with its application; locked until the transaction ends when `write`.

    Raises NotAllowed.
    """
    rows = Case.objects.select_related("application__person")
    if write:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(ref=ref).first() if is_reference(ref, "C") else None
    if found is None or not may_see(actor, found):
        raise _nothing()
    return found


def lock_case(ref: str) -> None:
    """Hold a case's row until the transaction ends, for an act that touches more than the case."""
    Case.objects.select_for_update().filter(ref=ref).values_list("pk").first()


def may_see(actor: Actor, case: Case) -> bool:
    """Whether the case is the actor's own or has come before one of their seats."""
    if actor.kind == "system":
        return True
    if actor.is_staff:
        return seat_in(actor, case) is not None
    return _owns(actor, case.application, "see")


def seat_in(actor: Actor, case: Case) -> Seat | None:
    """The seat by which an official sees a case: one that works or worked a step, else one that supervises."""
    if not actor.posts:
        return None
    mine = Task.objects.filter(seats_filter(actor), case=case).values_list("post", "organisation", "region")
    tasks = list(mine)
    for seat in sorted(actor.posts, key=lambda each: (each.post, each.region)):
        if any(task[0] == seat.post and task[2] == seat.region for task in tasks):
            return seat
    for seat in sorted(supervising(actor), key=lambda each: (each.post, each.region)):
        if any(task[1] == seat.organisation and task[2] == seat.region for task in tasks):
            return seat
    return None


def supervising(actor: Actor) -> frozenset[Seat]:
    """The actor's seats that receive what their department escalates."""
    posts = declared.current().posts
    return frozenset(seat for seat in actor.posts if seat.post in posts and posts[seat.post].supervises)


def seats_filter(actor: Actor, prefix: str = "") -> Q:
    """The tasks that an official may see. Matches nothing for somebody without a seat."""
    wanted = Q(pk__in=[])
    for seat in actor.posts:
        wanted |= Q(**{f"{prefix}post": seat.post, f"{prefix}region": seat.region})
    for seat in supervising(actor):
        wanted |= Q(**{f"{prefix}organisation": seat.organisation, f"{prefix}region": seat.region})
    return wanted


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """The cases an actor may see, for lists."""
    if actor.kind == "system":
        return Case.objects.all()
    if actor.is_staff:
        return Case.objects.filter(Exists(Task.objects.filter(seats_filter(actor), case=OuterRef("pk"))))
    return Case.objects.filter(application__in=Application.objects.filter(mine(actor)))


def attachment_for(actor: Actor, ref: str) -> tuple[Attachment, Case | None]:
    """A file of the actor's own, or of a case they may see (then with that case). Raises NotAllowed."""
    rows = Attachment.objects.select_related("application")
    found = rows.filter(ref=ref).first() if is_reference(ref, "F") else None
    if found is None:
        raise _nothing()
    if actor.kind == "system" or _owns(actor, found.application, "see"):
        return found, None
    if actor.is_staff:
        for case in Case.objects.select_related("application").filter(application=found.application):
            if may_see(actor, case):
                return found, case
    raise _nothing()


def _owns(actor: Actor, application: Application, act: str) -> bool:
    if actor.kind != "person":
        return False
    if application.person_id == actor.id:
        return True
    return mandates.may_act(actor, application.person_id, _services(application), act) is not None


def _nothing() -> NotAllowed:
    return NotAllowed("not-found", "There is nothing here, or it is not yours to see")
