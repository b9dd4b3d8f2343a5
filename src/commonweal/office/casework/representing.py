"""Applying for another: under which mandate, asked of the register anew where a register gave it, and how sure."""

from __future__ import annotations

from collections.abc import Sequence

from commonweal.core.declared import queries as declared
from commonweal.core.errors import Refused
from commonweal.core.identity import assurance, mandates
from commonweal.core.identity.actor import SYSTEM, Actor
from commonweal.core.identity.assurance import StepUpNeeded
from commonweal.core.identity.models import Mandate
from commonweal.office.casework.models import Application
from commonweal.office.casework.versions import Applied
from commonweal.office.exchange import answering
from commonweal.register.government import MandateType


def types() -> dict[str, MandateType]:
    """The mandate types of the jurisdiction in force, by id."""
    return {each.id: each for each in declared.current().jurisdiction.mandates}


def ask_registers(actor: Actor) -> list[Mandate]:
    """Let everything hold that departments' registers say about whom this person acts for; the rest of it ends."""
    found: list[Mandate] = []
    for type in types().values():
        if "registry" in type.granted_by and type.dataset and type.field:
            said = answering.referred(actor.id, type.dataset, type.field)
            found += mandates.confirm(SYSTEM, type, actor.id, said)
    return found


def mandate_for(actor: Actor, principal: str, services: Sequence[str], act: str) -> Mandate:
    """The mandate that lets the actor do this for `principal`; a register that gave one is asked again first.

    Raises Refused `no-mandate`.
    """
    ask_registers(actor)
    mandate = mandates.may_act(actor, principal, services, act)
    if mandate is None:
        raise Refused("no-mandate", "You may not do this for them")
    return mandate


def candidates(actor: Actor, services: Sequence[str]) -> list[Mandate]:
    """The mandates under which the actor may apply for these services, one for each person."""
    found = {m.principal_id: m for m in mandates.held(actor) if mandates.covers(m, services, "apply")}
    return list(found.values())


def refuse_unless_sure(actor: Actor, services: Sequence[Applied]) -> None:
    """Raise StepUpNeeded when a service wants to be surer of who applies than this actor's sign-in makes it."""
    for each in services:
        wanted = each.bundle.service.assurance
        if actor.kind == "person" and not assurance.reaches(actor.assurance, wanted):
            raise StepUpNeeded(wanted)


def both(application: Application) -> dict[str, str]:
    """For views: for whom and by whom an application was filed, when these are two; empty otherwise."""
    filer = application.filed_by
    if filer is None or filer.ref == application.person_id:
        return {}
    return {"on_behalf_of": application.person.name, "filed_by": filer.name}
