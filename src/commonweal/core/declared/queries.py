"""The register in force and every version there ever was, cached in the process."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from commonweal.core import pages
from commonweal.core.declared.documents import unpack
from commonweal.core.declared.models import Publication, ServiceVersion
from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.core.pages import Page
from commonweal.register import Register, ServiceBundle

LOOK_AGAIN_SECONDS = 1.0
"""How long another process's publication may go unseen."""


@dataclass(frozen=True, slots=True)
class Version:
    """One service as it was published: `hash` names it for ever."""

    hash: str
    bundle: ServiceBundle


@dataclass(frozen=True, slots=True)
class _InForce:
    number: int
    hash: str
    register: Register
    services: dict[str, str] = field(default_factory=dict)


class _Cache:
    """The newest publication, and when somebody last looked whether there is a newer one."""

    def __init__(self) -> None:
        self.held: _InForce | None = None
        self.looked = float("-inf")
        self.lock = threading.Lock()


_cache = _Cache()


def current() -> Register:
    """The register in force. Looks for a newer one at most once a second. Raises Refused `not-published`."""
    return _in_force().register


def current_version(service_id: str) -> Version:
    """The version of a service that an application started now gets. Raises NotAllowed `no-such-service`."""
    hash = _in_force().services.get(service_id)
    if hash is None:
        raise NotAllowed("no-such-service", f"There is no service called {service_id}", service=service_id)
    return version(hash)


@lru_cache(maxsize=512)
def version(hash: str) -> Version:
    """The service version of that hash, in force or not. Raises NotAllowed `no-such-version`, Refused `damaged`."""
    row = ServiceVersion.objects.filter(hash=hash).first()
    if row is None:
        raise NotAllowed("no-such-version", "There is no such version of a service")
    return Version(hash, ServiceBundle.from_json(unpack(bytes(row.document), hash)))


@dataclass(frozen=True, slots=True)
class Published:
    """One publication as a list shows it: what it changed, service by service."""

    number: int
    register_hash: str
    published_at: datetime
    plan: Mapping[str, Sequence[str]]


def publications(cursor: str | None = None, limit: int = 20) -> Page[Published]:
    """Registers as they came into force, newest first. `plan` has added, changed and removed service ids.

    Raises Invalid for a foreign cursor.
    """
    rows = Publication.objects.order_by("-number")
    if cursor is not None:
        (number,) = pages.decode(cursor, 1)
        if not isinstance(number, int):
            raise Invalid({"cursor": "Start again from the first page"})
        rows = rows.filter(number__lt=number)
    limit = max(1, min(limit, 200))
    found = [
        Published(*row) for row in rows.values_list("number", "register_hash", "published_at", "plan")[: limit + 1]
    ]
    return pages.page(found, limit, lambda row: (row.number,))


def forget() -> None:
    """Look again at the next call: after publishing, and between tests."""
    with _cache.lock:
        _cache.looked = float("-inf")


def _in_force() -> _InForce:
    held = _cache.held
    if held is not None and time.monotonic() - _cache.looked < LOOK_AGAIN_SECONDS:
        return held
    newest = Publication.objects.order_by("-number").values_list("number", "register_hash").first()
    if newest is None:
        raise Refused("not-published", "No register is in force yet; run: commonweal setup")
    if held is None or newest != (held.number, held.hash):
        held = _read(newest[0])
    with _cache.lock:
        _cache.held, _cache.looked = held, time.monotonic()
    return held


def _read(number: int) -> _InForce:
    row = Publication.objects.get(number=number)
    return _InForce(
        row.number, row.register_hash, Register.from_json(unpack(bytes(row.document), row.register_hash)), row.services
    )
