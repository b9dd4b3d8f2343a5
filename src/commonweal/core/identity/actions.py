"""Every write to people and seats, each with its journal event."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from commonweal.core import clock
from commonweal.core.errors import Invalid, Refused
from commonweal.core.identity import access, events
from commonweal.core.identity.actor import Actor, person_actor
from commonweal.core.identity.models import Holding, Linked, Person
from commonweal.core.identity.sign_in import sign_in
from commonweal.core.journal.actions import record

__all__ = ["add_company", "add_person", "appoint", "check_person", "end_appointment", "set_password", "sign_in"]


def add_person(
    actor: Actor,
    username: str,
    name: str,
    *,
    password: str | None = None,
    language: str = "en",
    birth_date: date | None = None,
    home_region: str = "",
    is_demo: bool = False,
    ref: str | None = None,
) -> Person:
    """Add somebody who can sign in; without `password` they cannot until one is set.

    Usernames are kept casefolded, so `Ana` and `ana` are one account. Demo people may have simple passwords.
    `ref` is the reference a passkey was made for before its owner existed.
    Raises Invalid for a username that is taken or malformed, a name, language or date that cannot be, a weak password.
    """
    username = Person.normalize_username(username).strip().casefold()
    wrong = _wrong(username, name, birth_date, language, home_region)
    if wrong:
        raise Invalid(wrong)
    person = Person(
        username=username,
        name=name.strip(),
        language=language,
        birth_date=birth_date,
        home_region=home_region,
        is_demo=is_demo,
    )
    if ref is not None:
        person.ref = ref
    _give_password(person, password, checked=not is_demo)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            record(actor, events.PERSON_ADDED, f"person:{person.ref}", {"is_demo": is_demo}, about=[person.ref])
    except IntegrityError as problem:
        raise Invalid({"username": "This username is taken; choose another"}) from problem
    return person


def check_person(username: str, name: str, birth_date: date | None, language: str) -> None:
    """Raise Invalid for what `add_person` would refuse, without adding anybody."""
    username = Person.normalize_username(username).strip().casefold()
    wrong = _wrong(username, name, birth_date, language, "")
    if "username" not in wrong and Person.objects.filter(username=username).exists():
        wrong["username"] = "This username is taken; choose another"
    if wrong:
        raise Invalid(wrong)


def add_company(actor: Actor, name: str, registration: str, home_region: str = "", *, is_demo: bool = False) -> Person:
    """Add a company, or return the one with this register number. It never signs in: those with a mandate act for it.

    Raises NotAllowed for anybody but the system, Invalid.
    """
    access.may_appoint(actor)
    registration = registration.strip().upper()
    if not 2 <= len(registration) <= 40 or not registration.isprintable() or " " in registration:
        raise Invalid({"registration": "A register number has 2 to 40 characters without spaces"})
    known = Person.objects.filter(registration=registration).first()
    if known is not None:
        return known
    username = f"company:{registration.casefold()}"
    wrong = _wrong(username, name, None, "en", home_region)
    if wrong:
        raise Invalid(wrong)
    with transaction.atomic():
        company = Person(
            username=username, name=name.strip(), kind=Person.COMPANY, registration=registration,
            home_region=home_region, is_demo=is_demo,
        )  # fmt: skip
        company.set_unusable_password()
        company.save(force_insert=True)
        record(actor, events.COMPANY_ADDED, f"person:{company.ref}", {}, about=[company.ref])
    return company


def set_password(actor: Actor, person: Person, password: str) -> None:
    """Give `person` a new password. Raises NotAllowed for anybody else's, Invalid for a weak one."""
    access.may_manage(actor, person)
    _give_password(person, password, checked=not person.is_demo)
    with transaction.atomic():
        person.save(update_fields=["password"])
        record(actor, events.PASSWORD_SET, f"person:{person.ref}", {}, about=[person.ref])


def appoint(actor: Actor, person: Person, post: str, region: str, since: datetime | None = None) -> Holding:
    """Seat `person` in a declared post (`organisation/role`) of the branch in `region`.

    Appointing to a seat already held returns that holding. Raises NotAllowed unless the actor may appoint.
    """
    access.may_appoint(actor)
    with transaction.atomic():
        held = Holding.objects.select_for_update().filter(person=person, post=post, region=region, until=None)
        already = held.first()
        if already:
            return already
        holding = Holding.objects.create(person=person, post=post, region=region, since=since or clock.now())
        data: dict[str, Any] = {"post": post, "region": region, "since": holding.since}
        record(actor, events.APPOINTED, f"person:{person.ref}", data, about=[person.ref])
    return holding


def end_appointment(actor: Actor, holding: Holding, until: datetime | None = None) -> Holding:
    """End a holding now, or at `until`. Raises Refused `ended` when it already has, NotAllowed."""
    access.may_appoint(actor)
    with transaction.atomic():
        current = Holding.objects.select_for_update().get(pk=holding.pk)
        if current.until is not None:
            raise Refused("ended", "This appointment has ended already")
        current.until = max(until or clock.now(), current.since)
        current.save(update_fields=["until"])
        ref = current.person.ref
        data = {"post": current.post, "region": current.region, "until": current.until}
        record(actor, events.APPOINTMENT_ENDED, f"person:{ref}", data, about=[ref])
    return current


def _wrong(username: str, name: str, birth_date: date | None, language: str, home_region: str) -> dict[str, str]:
    wrong = {}
    if not 1 <= len(username) <= 80 or not username.isprintable() or " " in username:
        wrong["username"] = "Choose a username of 1 to 80 characters without spaces"
    if not 1 <= len(name.strip()) <= 200 or _has_control(name):
        wrong["name"] = "Give a name of 1 to 200 characters"
    if birth_date is not None and birth_date > clock.now().date():
        wrong["birth_date"] = "A birth date cannot be in the future"
    if language not in dict(settings.LANGUAGES):
        wrong["language"] = f"Choose one of {', '.join(dict(settings.LANGUAGES))}"
    if len(home_region) > 80 or _has_control(home_region):
        wrong["home_region"] = "Choose a region of the register"
    return wrong


def _has_control(text: str) -> bool:
    """Whether some text holds characters nobody can see or type, U+0000 among them."""
    return any(unicodedata.category(character).startswith("C") for character in text)


def _give_password(person: Person, password: str | None, *, checked: bool) -> None:
    """Set the hash on the unsaved person. Raises Invalid when the password is weak."""
    if password is not None and checked:
        try:
            validate_password(password, person)
        except ValidationError as problem:
            raise Invalid({"password": " ".join(problem.messages)}) from problem
    person.set_password(password)


def linked_person(provider: str, subject: str) -> Person | None:
    """Whose account an identity at another provider signs in to; None for nobody's."""
    found = Linked.objects.filter(provider=provider, subject=subject, person__is_active=True).select_related("person")
    row = found.first()
    return row.person if row else None


def link(person: Person, provider: str, subject: str) -> None:
    """Let an identity at another provider sign this person in. Raises IntegrityError when it is somebody's already."""
    with transaction.atomic():
        Linked.objects.create(person=person, provider=provider, subject=subject)
        record(person_actor(person), events.LINKED, f"person:{person.ref}", {"provider": provider}, about=[person.ref])
