"""A small made-up government for the engine and the form: one service, as each test wants it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from commonweal.office.casework.engine import Act, CaseState, apply, begin
from commonweal.register import ServiceBundle
from commonweal.register.models import KINDS

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""A Monday morning."""


class Seat(NamedTuple):
    """A post in one branch."""

    post: str
    region: str


CLERK = Seat("hall/clerk", "north")
FIRE = Seat("fire/inspector", "city")
CHIEF = Seat("fire/chief", "city")

_BOTH = {"en": "Something", "zh-hans": "某事"}
_PLACES: list[dict[str, Any]] = [
    {"kind": "Jurisdiction", "id": "pond", "languages": ["en", "zh-hans"], "currency": "CNY", "timezone": "UTC"},
    {"kind": "Region", "id": "province", "level": "province"},
    {"kind": "Region", "id": "city", "level": "city", "parent": "province"},
    {"kind": "Region", "id": "north", "level": "county", "parent": "city"},
    {"kind": "Region", "id": "south", "level": "county", "parent": "city"},
    {"kind": "PublicOrganisation", "id": "hall", "level": "county"},
    {"kind": "PublicOrganisation", "id": "fire", "level": "city"},
    {"kind": "Post", "id": "hall/clerk", "organisation": "hall"},
    {"kind": "Post", "id": "hall/head", "organisation": "hall", "supervises": True},
    {"kind": "Post", "id": "fire/inspector", "organisation": "fire"},
    {"kind": "Post", "id": "fire/chief", "organisation": "fire", "supervises": True},
]


def bundle(
    steps: Iterable[Mapping[str, Any]],
    *,
    form: Iterable[Mapping[str, Any]] = (),
    elements: Iterable[Mapping[str, Any]] = (),
    more: Iterable[Mapping[str, Any]] = (),
    **service: Any,
) -> ServiceBundle:
    """A service with these steps in the small government; every name is filled in where it is not said."""
    declared: list[Mapping[str, Any]] = [*_PLACES]
    declared += [{"kind": "DataElement", **element} for element in elements]
    declared += list(more)
    outputs = [{"id": step["output"], "name": _BOTH} for step in steps if step.get("output")]
    declared.append(
        {"kind": "PublicService", "id": "service", "authority": "hall", "form": list(form), "steps": list(steps)}
        | {"outputs": outputs}
        | service
    )
    return ServiceBundle.of(KINDS[each["kind"]].model_validate({"name": _BOTH, **each}) for each in declared)


def opened(of: ServiceBundle, answers: Mapping[str, Any] | None = None, now: datetime = NOW) -> CaseState:
    """A case in the county of North."""
    return begin(of, answers or {}, "north", now)[0]


def do(
    of: ServiceBundle,
    state: CaseState,
    kind: Any,
    step: str | None = None,
    seat: Seat | None = CLERK,
    *,
    answers: Mapping[str, Any] | None = None,
    now: datetime = NOW,
    ask: tuple[str, ...] = (),
) -> CaseState:
    """The state after one act, with a note where one is needed."""
    act = Act(kind, step, seat, note="because", ask=ask, actor="staff:P-1")
    return apply(of, state, act, answers or {}, now)[0]
