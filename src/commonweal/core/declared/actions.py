"""Bringing a register into force."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from commonweal.core import clock, locks
from commonweal.core.declared import access, events
from commonweal.core.declared.documents import pack
from commonweal.core.declared.models import Publication, ServiceVersion
from commonweal.core.declared.queries import forget
from commonweal.core.errors import Refused
from commonweal.core.journal.actions import record
from commonweal.core.journal.ports import Acting
from commonweal.register import Register, ServiceBundle, load

NAMED_IN_EVENT = 100


def publish(actor: Acting, path_or_register: Path | str | Register) -> Publication:
    """Check a register and bring it into force: store it and every service version, in one transaction.

    Publishing what is already in force changes nothing and returns the publication that is. Cases keep the
    versions they began with. Raises NotAllowed unless the actor may publish, and Refused `faults` (params:
    `faults`, every one of them) when the declarations are not right.
    """
    access.may_publish(actor)
    register = path_or_register if isinstance(path_or_register, Register) else _read(Path(path_or_register))
    bundles = {service_id: register.bundle(service_id) for service_id in register.services}
    with transaction.atomic():
        locks.hold("declared.publish")
        newest = Publication.objects.defer("document").order_by("-number").first()
        if newest is not None and newest.register_hash == register.hash:
            return newest
        publication = _store(register, bundles, newest)
        data = {"number": publication.number, "register_hash": register.hash, **_first(publication.plan)}
        record(actor, events.REGISTER_PUBLISHED, f"register:{register.hash[:16]}", data)
    forget()
    return publication


def _read(path: Path) -> Register:
    register, faults = load(path)
    errors = [fault for fault in faults if fault.severity == "error"]
    if register is None or errors:
        what = "fault" if len(errors) == 1 else "faults"
        first = f"; the first: {errors[0]}" if errors else ""
        message = f"{path} has {len(errors)} {what}{first}. Run: commonweal check {path}"
        raise Refused("faults", message, faults=tuple(errors))
    return register


def _store(register: Register, bundles: Mapping[str, ServiceBundle], newest: Publication | None) -> Publication:
    now = clock.now()
    services = {service_id: bundle.hash for service_id, bundle in bundles.items()}
    known = set(ServiceVersion.objects.filter(hash__in=services.values()).values_list("hash", flat=True))
    ServiceVersion.objects.bulk_create(
        (
            ServiceVersion(hash=bundle.hash, service_id=service, document=pack(bundle.to_json()), first_published=now)
            for service, bundle in bundles.items()
            if bundle.hash not in known
        ),
        batch_size=100,
    )
    return Publication.objects.create(
        number=newest.number + 1 if newest else 1,
        register_hash=register.hash,
        document=pack(register.to_json()),
        plan=_changes(newest.services if newest else {}, services),
        services=services,
        published_at=now,
    )


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[str]]:
    """Which services were added, changed and removed."""
    return {
        "added": sorted(after.keys() - before.keys()),
        "changed": sorted(name for name in after.keys() & before.keys() if after[name] != before[name]),
        "removed": sorted(before.keys() - after.keys()),
    }


def _first(plan: Mapping[str, list[str]]) -> dict[str, Any]:
    return {change: names[:NAMED_IN_EVENT] for change, names in plan.items()}
