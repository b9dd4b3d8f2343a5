"""Acting for another: giving, answering and ending mandates, and asking whether one covers an act.

A mandate type is declared in the jurisdiction. What is given never goes beyond it: its acts, its services, its longest
time. Nothing is deleted; both sides see every mandate, and either may end one that was given by grant or entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from commonweal.core import clock, pages
from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.core.identity import events
from commonweal.core.identity.actor import Actor
from commonweal.core.identity.models import Mandate, Person
from commonweal.core.ids import is_reference
from commonweal.core.journal.actions import record
from commonweal.core.pages import Page
from commonweal.register import durations
from commonweal.register.government import MandateType

ACTS = ("see", "apply", "pay", "sign")


@transaction.atomic
def offer(
    actor: Actor, type: MandateType, representative: str, *, services: Sequence[str], until: date, reason: str = ""
) -> Mandate:
    """Offer somebody the right to act for oneself; it holds from when they accept.

    Raises Invalid (`representative`, `until`, `services`), NotAllowed for a type that people cannot give.
    """
    if actor.kind != "person" or "grant" not in type.granted_by:
        raise NotAllowed("not-found", "This cannot be given by oneself")
    return _make(actor, type, actor.id, representative, services, until, "grant", "", reason, Mandate.OFFERED)


@transaction.atomic
def enter(
    actor: Actor, type: MandateType, principal: str, representative: str, *,
    services: Sequence[str], until: date, reason: str,
) -> Mandate:  # fmt: skip
    """Enter a mandate as an official, with the reason. Raises Invalid, NotAllowed without the post that may."""
    post = next((seat.post for seat in actor.posts if seat.post == type.post), None)
    if not actor.is_staff or "entry" not in type.granted_by or post is None:
        raise NotAllowed("not-found", "Another post enters this")
    if len(reason.strip()) < 5:
        raise Invalid({"reason": "Say why, in a sentence or two"})
    return _make(actor, type, principal, representative, services, until, "entry", post, reason, Mandate.GIVEN)


@transaction.atomic
def confirm(actor: Actor, type: MandateType, representative: str, principals: Iterable[str]) -> list[Mandate]:
    """Let what a department's register says hold: `principals` are all whom `representative` acts for by it now.

    One that the register names no more ends. Returns those that hold. Raises NotAllowed for anybody but the system.
    """
    if actor.kind != "system" or "registry" not in type.granted_by:
        raise NotAllowed("not-found", "A register says so, nobody else")
    now, said = clock.now(), set(principals)
    known = Mandate.objects.select_for_update().filter(
        representative__ref=representative, type=type.id, ground="registry", status=Mandate.GIVEN
    )
    held = {each.principal_id: each for each in known}
    for gone in set(held) - said:
        _close(actor, held.pop(gone), Mandate.ENDED, events.MANDATE_ENDED, "the register names them no more")
    people = {each.ref: each for each in Person.objects.filter(ref__in=said - set(held))}
    for ref in sorted(people):
        person = people[ref]
        if person.kind == type.principal and ref != representative:
            until = _comes_of_age(person, type)
            if until is None or until > now:
                held[ref] = _keep(
                    actor, type, ref, representative, list(type.services), until, "registry", type.dataset or "", "",
                    Mandate.GIVEN,
                )  # fmt: skip
    return [each for each in held.values() if in_force(each, clock.now())]


@transaction.atomic
def answer(actor: Actor, ref: str, *, accept: bool) -> Mandate:
    """Accept or decline what was offered to oneself. Raises Refused `mandate-closed`, NotAllowed."""
    mandate = _own(actor, ref)
    if mandate.representative_id != actor.id:
        raise NotAllowed("not-found", "There is nothing here, or it is not yours to see")
    if mandate.status != Mandate.OFFERED:
        raise Refused("mandate-closed", "This was answered already")
    if accept:
        mandate.since = clock.now()
        return _close(actor, mandate, Mandate.GIVEN, events.MANDATE_GIVEN)
    return _close(actor, mandate, Mandate.DECLINED, events.MANDATE_DECLINED)


@transaction.atomic
def end(actor: Actor, ref: str, reason: str = "") -> Mandate:
    """End a mandate, as either side of it; what a register says only the register ends.

    Raises Refused `mandate-closed`, NotAllowed.
    """
    mandate = _own(actor, ref)
    if mandate.status not in {Mandate.OFFERED, Mandate.GIVEN} or mandate.ground == "registry":
        raise Refused("mandate-closed", "This has ended, or a register says so")
    mandate.until = max(clock.now(), mandate.since)
    return _close(actor, mandate, Mandate.ENDED, events.MANDATE_ENDED, reason)


def in_force(mandate: Mandate, now: datetime) -> bool:
    """Whether a mandate holds at a moment."""
    begun = mandate.status == Mandate.GIVEN and mandate.since <= now
    return begun and (mandate.until is None or now < mandate.until)


def covers(mandate: Mandate, services: Iterable[str], act: str) -> bool:
    """Whether a mandate is for all these services and for this act."""
    return act in mandate.acts and (not mandate.services or set(services) <= set(mandate.services))


def held(actor: Actor) -> list[Mandate]:
    """The mandates under which a person may act for others now, with those others. One query."""
    if actor.kind != "person":
        return []
    now = clock.now()
    rows = Mandate.objects.filter(representative__ref=actor.id, status=Mandate.GIVEN, since__lte=now)
    return list(rows.filter(Q(until=None) | Q(until__gt=now)).select_related("principal").order_by("id")[:200])


def may_act(actor: Actor, principal: str, services: Iterable[str], act: str) -> Mandate | None:
    """The mandate by which a person may do this for `principal`, or None."""
    wanted = list(services)
    return next((m for m in held(actor) if m.principal_id == principal and covers(m, wanted, act)), None)


def of(actor: Actor, cursor: str | None = None, limit: int = 50) -> Page[Mandate]:
    """Every mandate in which a person stands on either side, the newest first. Raises Invalid for a bad cursor."""
    sides = Q(principal_id=actor.id) | Q(representative_id=actor.id)
    rows = Mandate.objects.filter(sides).select_related("principal", "representative").order_by("-id")
    if cursor is not None:
        (position,) = pages.decode(cursor, 1)
        if not isinstance(position, int):
            raise Invalid({"cursor": "Start again from the first page"})
        rows = rows.filter(id__lt=position)
    return pages.page(list(rows[: limit + 1]), limit, lambda each: (each.pk,))


def _make(
    actor: Actor, type: MandateType, principal: str, representative: str, services: Sequence[str], until: date,
    ground: str, evidence: str, reason: str, status: str,
) -> Mandate:  # fmt: skip
    """Check what was typed and keep it."""
    now, wrong = clock.now(), {}
    refs = [ref for ref in (principal, representative) if is_reference(ref, "P")]
    people = {each.ref: each for each in Person.objects.filter(ref__in=refs, is_active=True)}
    other = people.get(representative)
    if other is None or other.kind != Person.PERSON or representative == principal:
        wrong["representative"] = "Nobody has this reference; ask them for the one on their account page"
    if principal not in people or people[principal].kind != type.principal:
        wrong["principal"] = "Nobody has this reference; ask them for the one on their account page"
    latest = durations.add(now.date(), type.longest)
    if not now.date() < until <= latest:
        wrong["until"] = "Choose a day between tomorrow and the longest time allowed"
    if type.services and not set(services or type.services) <= set(type.services):
        wrong["services"] = "Choose what this is for"
    if wrong:
        raise Invalid(wrong)
    end_of_day = datetime(until.year, until.month, until.day, tzinfo=now.tzinfo) + timedelta(days=1)
    return _keep(
        actor, type, principal, representative, list(services or type.services), end_of_day, ground, evidence, reason,
        status,
    )  # fmt: skip


def _keep(
    actor: Actor, type: MandateType, principal: str, representative: str, services: list[str], until: datetime | None,
    ground: str, evidence: str, reason: str, status: str,
) -> Mandate:  # fmt: skip
    mandate = Mandate.objects.create(
        principal_id=principal, representative_id=representative, type=type.id, services=services,
        acts=[act for act in ACTS if act in type.acts], since=clock.now(), until=until, ground=ground,
        evidence=evidence, status=status,
    )  # fmt: skip
    _tell(actor, mandate, events.MANDATE_OFFERED if status == Mandate.OFFERED else events.MANDATE_GIVEN, reason)
    return mandate


def _own(actor: Actor, ref: str) -> Mandate:
    found = Mandate.objects.select_for_update().filter(ref=ref).first() if is_reference(ref, "M") else None
    if found is None or actor.kind != "person" or actor.id not in {found.principal_id, found.representative_id}:
        raise NotAllowed("not-found", "There is nothing here, or it is not yours to see")
    return found


def _close(actor: Actor, mandate: Mandate, status: str, type: str, reason: str = "") -> Mandate:
    mandate.status, mandate.changed_at = status, clock.now()
    mandate.save(update_fields=["status", "changed_at", "since", "until"])
    _tell(actor, mandate, type, reason)
    return mandate


def _tell(actor: Actor, mandate: Mandate, type: str, reason: str = "") -> None:
    data = {
        "mandate": mandate.ref, "type": mandate.type, "services": mandate.services, "acts": mandate.acts,
        "since": mandate.since, "until": mandate.until, "ground": mandate.ground, "evidence": mandate.evidence,
    }  # fmt: skip
    both = [mandate.principal_id, mandate.representative_id]
    record(actor, type, f"mandate:{mandate.ref}", data, personal={"reason": reason} if reason else None, about=both)


def _comes_of_age(person: Person, type: MandateType) -> datetime | None:
    """When a mandate for a child ends by itself; None where its type knows no age or the birth date is unknown."""
    if type.until_age is None or person.birth_date is None:
        return None
    year = person.birth_date.year + type.until_age
    born = person.birth_date
    day = date(year, 3, 1) if (born.month, born.day) == (2, 29) else born.replace(year=year)
    return datetime(day.year, day.month, day.day, tzinfo=clock.now().tzinfo)
