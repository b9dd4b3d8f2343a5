"""How services and their fees differ between two registers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from commonweal.register import canonical
from commonweal.register.models import Cost, PublicService
from commonweal.register.naming import evidence_of
from commonweal.register.plan.types import FeeChange, ServiceChange
from commonweal.register.register import Register

PARTS: Mapping[str, str] = {
    "name": "words", "summary": "words", "description": "words", "keywords": "words", "authority": "authority",
    "audience": "audience", "event": "life event", "effective": "dates", "legal": "law", "place": "routing",
    "requirements": "requirements", "form": "questions", "steps": "steps", "deadline": "deadline",
    "cost": "fees", "signature": "signature", "outputs": "outputs", "channels": "channels",
    "retention": "retention", "retention_legal": "retention",
}  # fmt: skip
ONES = {"form": "question", "steps": "step", "requirements": "requirement", "cost": "fee", "outputs": "output"}


def changes(old: Register, new: Register) -> tuple[ServiceChange, ...]:
    """Every service that comes, goes, changes itself, or changes through something it shares."""
    found: list[ServiceChange] = []
    same = _same_ground(old, new)
    for name in sorted({*old.services, *new.services}):
        before, after = old.services.get(name), new.services.get(name)
        if before is None and after is not None:
            found.append(ServiceChange(name, after.name.say("en"), "added"))
        elif after is None and before is not None:
            found.append(ServiceChange(name, before.name.say("en"), "removed"))
        elif before is not None and after is not None and before != after:
            found.append(_changed(before, after))
        elif before is not None and not same:
            shared = _shared(old, new, name)
            if shared:
                found.append(ServiceChange(name, before.name.say("en"), "affected", (), shared))
    return tuple(found)


def _changed(before: PublicService, after: PublicService) -> ServiceChange:
    old, new = canonical.plain(before), canonical.plain(after)
    keys = [key for key in PARTS if old.get(key) != new.get(key)]
    parts = tuple(dict.fromkeys(PARTS[key] for key in keys))
    details: list[str] = []
    for key in keys:
        if key in ONES:
            details += _members(ONES[key], old.get(key, []), new.get(key, []))
        elif PARTS[key] != "words":
            details.append(f"{PARTS[key]}: {_short(old.get(key))} → {_short(new.get(key))}")
    return ServiceChange(after.id, after.name.say("en"), "changed", parts, tuple(details))


def _members(what: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[str]:
    """What comes, goes or changes in a list of parts that have names of their own."""
    before = {each.get("id") or each.get("element"): each for each in old}
    after = {each.get("id") or each.get("element"): each for each in new}
    for name in before:
        if name not in after:
            yield f"{what} “{name}” goes"
    for name, each in after.items():
        if name not in before:
            yield f"{what} “{name}” comes"
            continue
        for key in sorted({*each, *before[name]}):
            if each.get(key) != before[name].get(key):
                yield f"{what} “{name}”, {key}: {_short(before[name].get(key))} → {_short(each.get(key))}"
    if list(before) != list(after) and set(before) == set(after):
        yield f"the order of the {what}s"


def _short(value: Any) -> str:
    """A value in few words."""
    if value is None:
        return "none"
    if isinstance(value, dict) and "en" in value:
        return f"“{value['en']}”"
    text = value if isinstance(value, str) else canonical.dumps(value)
    return text if len(text) <= 80 else text[:77] + "…"


def _shared(old: Register, new: Register, service: str) -> tuple[str, ...]:
    """The shared declarations whose change makes a new version of a service that itself stays as it is."""
    before = {(each.kind, each.id): each for each in old.bundle(service).all()}
    after = {(each.kind, each.id): each for each in new.bundle(service).all()}
    found = []
    for kind, name in sorted({*before, *after}):
        was, will = before.get((kind, name)), after.get((kind, name))
        if was != will:
            found.append(f"{kind} “{name}” {'comes' if was is None else 'goes' if will is None else 'changes'}")
    return tuple(found)


def _same_ground(old: Register, new: Register) -> bool:
    """Whether everything but services and life events is as it was, so that no service can be affected."""
    return all(
        getattr(old, key) == getattr(new, key)
        for key in (
            "jurisdiction", "regions", "organisations", "posts", "laws", "codelists", "elements", "evidence",
            "datasets",
        )
    )  # fmt: skip


def fees(old: Register, new: Register) -> tuple[FeeChange, ...]:
    """Every fee whose amount differs, of services that are there before and after."""
    found = []
    for name in sorted(old.services.keys() & new.services.keys()):
        before, after = _costs(old.services[name]), _costs(new.services[name])
        for cost in sorted({*before, *after}):
            was, will = before.get(cost), after.get(cost)
            if (was and was.amount) != (will and will.amount):
                found.append(FeeChange(name, cost, was.amount if was else None, will.amount if will else None))
    return tuple(found)


def _costs(service: PublicService) -> dict[str, Cost]:
    return {cost.id: cost for cost in service.cost}


def using_evidence(register: Register, evidence: str) -> tuple[str, ...]:
    """The services that ask for an evidence type."""
    return tuple(
        service.id
        for service in register.services.values()
        if any(name == evidence for _, name in evidence_of(service))
    )
