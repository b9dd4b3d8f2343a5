"""The versions of services an application stands on, and which of them apply to its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed, Refused
from commonweal.office.casework.models import Application
from commonweal.register import Register, ServiceBundle
from commonweal.register.models import Text
from commonweal.register.rules import Rules


@dataclass(frozen=True, slots=True)
class Applied:
    """One service of an application, in the version it began with. `when`: only if the answers make it true."""

    version: str
    bundle: ServiceBundle
    when: str | None


def today(jurisdiction_timezone: str, moment: datetime) -> date:
    """The day it is in the jurisdiction at a moment: law and rules go by its calendar, not by UTC's."""
    return moment.astimezone(ZoneInfo(jurisdiction_timezone)).date()


def chosen(service: str | None, event: str | None, day: date) -> tuple[str, str, list[dict[str, Any]]]:
    """What is applied for: its kind, its id, and the versions in force of every service in it.

    Raises NotAllowed for an unknown id, Refused `not-in-force` or `not-a-bundle`, ValueError without exactly one.
    """
    if (service is None) == (event is None):
        raise ValueError("an application is for a service or for a life event")
    register = declared.current()
    if service is not None:
        return "service", service, [_version(register, service, None, day)]
    life_event = register.events.get(str(event))
    if life_event is None:
        raise NotAllowed("not-found", "There is no such life event")
    if not life_event.bundle:
        raise Refused("not-a-bundle", "Apply for the services of this life event one by one", event=life_event.id)
    if not life_event.effective.covers(day):
        raise Refused("not-in-force", "This cannot be applied for today", service=life_event.id)
    listed = [each for each in life_event.services if each.service in register.services]
    versions = [
        _version(register, each.service, each.when, day)
        for each in listed
        if register.services[each.service].effective.covers(day)
    ]
    if not versions:
        raise Refused("not-in-force", "This cannot be applied for today", service=life_event.id)
    return "event", life_event.id, versions


def _version(register: Register, service_id: str, when: str | None, day: date) -> dict[str, Any]:
    service = register.services.get(service_id)
    if service is None:
        raise NotAllowed("not-found", "There is no such service")
    if not service.effective.covers(day):
        raise Refused("not-in-force", "This service cannot be applied for today", service=service_id)
    return {"service": service_id, "hash": declared.current_version(service_id).hash, "when": when}


def applied(application: Application) -> tuple[Applied, ...]:
    """The services of an application in the versions it keeps."""
    return tuple(
        Applied(each["hash"], declared.version(each["hash"]).bundle, each.get("when")) for each in application.versions
    )


def applying(services: Sequence[Applied], answers: Mapping[str, Any], day: date) -> tuple[Applied, ...]:
    """Those whose condition holds; one that cannot be known yet is kept, so that nobody loses a service by it."""
    if all(each.when is None for each in services):
        return tuple(services)
    rules = Rules.of(*(each.bundle for each in services))
    return tuple(each for each in services if each.when is None or rules.holds(each.when, answers, day) is not False)


def newer(application: Application) -> bool:
    """Whether a service of a draft has a newer version in force, or one of them is in force no more."""
    register = declared.current()
    if application.target_kind == "event":
        event = register.events.get(application.target)
        if event is None or {each.service for each in event.services} != {e["service"] for e in application.versions}:
            return True
    return any(
        each["service"] not in register.services or declared.current_version(each["service"]).hash != each["hash"]
        for each in application.versions
    )


def target_name(application: Application, services: Sequence[Applied]) -> Text:
    """What the application is called: its life event's name, or its service's."""
    if application.target_kind == "event":
        event = declared.current().events.get(application.target)
        if event is not None:
            return event.name
    return services[0].bundle.service.name
