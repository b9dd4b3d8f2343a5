"""Setting a demo up on an empty home: the made-up province in force, its people, an office that has been at work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from commonweal.core import clock
from commonweal.core.custody.access import keeps
from commonweal.core.custody.actions import ask
from commonweal.core.custody.models import KeyRequest
from commonweal.core.declared import queries as declared
from commonweal.core.declared.actions import publish
from commonweal.core.identity import actions as identity
from commonweal.core.identity.actor import SYSTEM, staff_actor
from commonweal.core.identity.models import Person
from commonweal.core.journal import queries as journal
from commonweal.core.journal.actions import sequence
from commonweal.core.trust.profiles import SEAL
from commonweal.knowledge.insight.models import Scan
from commonweal.office.exchange.actions import hold
from commonweal.operations import events
from commonweal.operations.cast import PASSWORD, PERSONAS, Persona
from commonweal.operations.profiles import held_about
from commonweal.operations.simulate import simulate
from commonweal.operations.storage import ready_storage
from commonweal.register import Register

Progress = Callable[[str, int, int], None]
SEED = 1
OPENED = datetime(2024, 1, 2, 8, 30, tzinfo=UTC)
"""The day on which the made-up province began to use the platform; its services are in force from the day before."""

__all__ = ["PASSWORD", "establish", "personas", "prepare", "welcome"]


def personas() -> tuple[Persona, ...]:
    """Everybody one may sign in as on a demo, with the password `PASSWORD`."""
    return PERSONAS


def prepare(progress: Progress | None = None) -> None:
    """Make the tables, bring the jurisdiction into force, and add the demo's people with what departments hold of them.

    Safe to run again: what is there stays. Raises Refused `faults` when the declarations are not right.
    """
    report = progress or (lambda what, done, total: None)
    report("Setting up", 0, 3)
    ready_storage()
    report("Setting up", 1, 3)
    with clock.travel(min(OPENED, clock.now())):
        publish(SYSTEM, settings.JURISDICTION)
    report("Setting up", 2, 3)
    with transaction.atomic():
        _people(declared.current())
        _keys()
    sequence()
    report("Setting up", 3, 3)


def establish(cases: int, days: int, progress: Progress | None = None) -> None:
    """A whole demo: prepare, let about `cases` cases come up over `days`, collect every dataset, look for findings,
    make the declared links.

    Does nothing that has been done already, so that a second start is quick; what was declared anew since comes into
    force.
    """
    report = progress or (lambda what, done, total: None)
    prepare(report)
    if not _simulated():
        simulate(cases, days, SEED, report)
    if not Scan.objects.exists():
        _learn(report)


def _learn(report: Progress) -> None:
    """Collect everything and look for findings. What that needs takes seconds to import, so a second start does not."""
    from commonweal.knowledge.insight.actions import discover
    from commonweal.knowledge.linkage.commands import run as link
    from commonweal.operations.learning import collect_all

    collect_all((), learn=False, progress=report)
    # First what one would have found some months ago, then everything: so that what came later can confirm or refute.
    discover(progress=report, until=clock.now().date() - KEPT_FOR_LATER)
    discover(progress=report)
    link((), report)
    sequence()


def welcome(base_url: str) -> str:
    """Where to go and as whom, for the terminal."""
    shown = [persona for persona in PERSONAS if persona.username in SHOWN]
    width = max(len(persona.username) for persona in shown)
    lines = [f"  {persona.username:<{width}}  {persona.name}: {persona.role.say('en')}" for persona in shown]
    name = declared.current().jurisdiction.name.say("en")
    return "\n".join(
        (
            f"\n{name} is ready (it is made up, and so is everybody in it).\n",
            f"  People and businesses   {base_url}/",
            f"  Civil servants          {base_url}/desk/",
            f"  Programs                {base_url}/api/v1/reference\n",
            f"Sign in with the password {PASSWORD} as",
            *lines,
            f"  … and {len(PERSONAS) - len(shown)} more, listed on {base_url}/sign-in",
        )
    )


KEPT_FOR_LATER = timedelta(days=150)
"""How much of the demo's record its first search does not look at."""
SHOWN = ("lin", "wen", "clerk", "examiner", "fire", "registrar", "treasurer", "leader", "auditor")
"""Those whom the terminal names; the sign-in page lists all."""


def _simulated() -> bool:
    """Whether a population was simulated here, to its end."""
    return bool(journal.events(None, type_prefix=events.SIMULATED).rows)


def _people(register: Register) -> None:
    """Add the personas that are missing, each with seats and with what registers say of them."""
    known = set(Person.objects.filter(username__in=[p.username for p in PERSONAS]).values_list("username", flat=True))
    missing = [persona for persona in PERSONAS if persona.username not in known and _fits(persona, register)]
    if not missing:
        return
    # One public password for all of them: hashing it once saves ten seconds and gives nothing away.
    hashed = make_password(PASSWORD)
    for persona in missing:
        with clock.travel(min(OPENED, clock.now())):
            person = identity.add_person(
                SYSTEM,
                persona.username,
                persona.name,
                language=persona.language,
                birth_date=persona.birth_date,
                home_region=persona.home_region,
                is_demo=True,
            )
            person.password = hashed
            person.save(update_fields=["password"])
            for post, region in persona.seats:
                if post in register.posts and region in register.regions:
                    identity.appoint(SYSTEM, person, post, region)
        _known_to_registers(person, register)
    _acted_for(register)


def _keys() -> None:
    """One change of a key that waits for a second person, so that both sides of it can be tried."""
    steward = Person.objects.filter(username="data", is_demo=True).first()
    if steward is None or KeyRequest.objects.exists() or not keeps(staff_actor(steward)):
        return
    ask(staff_actor(steward), KeyRequest.ROTATE, SEAL, reason="Practice: the yearly new key of the seal")


def _acted_for(register: Register) -> None:
    """A child of Rosa's and a company of Wen's: they never sign in, others act for them."""
    people = {each.username: each for each in Person.objects.filter(username__in=["rosa", "wen", "mina"])}
    if "rosa" in people and "mina" not in people and "family-register" in register.datasets:
        parent = people["rosa"]
        born = clock.now().date().replace(day=1) - timedelta(days=6 * 365)
        child = identity.add_person(
            SYSTEM, "mina", "Mina Demo", birth_date=born, home_region=parent.home_region, is_demo=True
        )
        fields = {"person": parent.ref, "child": child.ref}
        hold(SYSTEM, "family-register", parent.ref, fields, region=parent.home_region)
    if "wen" in people and "company-officers" in register.datasets:
        director = people["wen"]
        company = identity.add_company(SYSTEM, "Demo River Foods Ltd", "RF-1001", director.home_region, is_demo=True)
        fields = {"person": director.ref, "company": company.ref}
        if not Person.objects.filter(ref=company.ref, represented_by__isnull=False).exists():
            hold(SYSTEM, "company-officers", director.ref, fields, region=director.home_region)


def _fits(persona: Persona, register: Register) -> bool:
    """Whether the jurisdiction has a place for this persona; another than Riverland may not."""
    return not persona.seats or any(post in register.posts for post, _ in persona.seats)


def _known_to_registers(person: Person, register: Register) -> None:
    now = clock.now()
    for dataset, days_ago, fields in held_about(person.username, person.name, person.birth_date, now.date()):
        if dataset in register.datasets:
            recorded = now - timedelta(days=days_ago)
            hold(SYSTEM, dataset, person.ref, fields, region=person.home_region, recorded_at=recorded)
