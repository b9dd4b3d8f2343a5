"""How organisations, and what their posts may do, differ between two registers."""

from __future__ import annotations

from commonweal.register.models import PublicOrganisation
from commonweal.register.naming import organisation_of
from commonweal.register.plan.types import OrganisationChange, PowerChange
from commonweal.register.register import Register

Power = tuple[str, str, str]
"""Post, service, step."""
Held = dict[Power, tuple[frozenset[str], frozenset[str]]]
"""For each power the acts it allows and the regions of the branches in which it is held."""


def organisations(old: Register, new: Register) -> tuple[OrganisationChange, ...]:
    """Every organisation that comes, goes, moves, merges or changes its work."""
    found: list[OrganisationChange] = []
    for name in sorted({*old.organisations, *new.organisations}):
        before, after = old.organisations.get(name), new.organisations.get(name)
        if before is None and after is not None:
            found.append(OrganisationChange(name, after.name.say("en"), "added"))
        elif after is None and before is not None:
            into = _heir(old, new, name)
            found.append(OrganisationChange(name, before.name.say("en"), "merged" if into else "removed", into))
        elif before is not None and after is not None and before != after:
            found.append(_changed(before, after))
    return tuple(found)


def _changed(before: PublicOrganisation, after: PublicOrganisation) -> OrganisationChange:
    details = [
        f"{key}: {getattr(before, key) or 'none'} → {getattr(after, key) or 'none'}"
        for key in ("level", "region", "parent")
        if getattr(before, key) != getattr(after, key)
    ]
    return OrganisationChange(after.id, after.name.say("en"), "moved" if details else "changed", None, tuple(details))


def _heir(old: Register, new: Register, gone: str) -> str | None:
    """The one organisation that works every remaining step of the one that goes, or None."""
    heirs = set()
    for service in old.services.values():
        after = new.services.get(service.id)
        if after is None:
            continue
        workers = {step.id: step.by for step in after.steps}
        for step in service.steps:
            if step.by and organisation_of(step.by) == gone and workers.get(step.id):
                heirs.add(organisation_of(str(workers[step.id])))
    return heirs.pop() if len(heirs) == 1 else None


def held(register: Register) -> Held:
    """What every post may do, in which step of which service, and in the branches of which regions."""
    found: Held = {}
    for service in register.services.values():
        for step in service.steps:
            if step.by and step.by in register.posts and register.posts[step.by].seats:
                branches = _branches(register, organisation_of(step.by))
                found[step.by, service.id, step.id] = (frozenset(step.allow), branches)
    return found


def _branches(register: Register, organisation: str) -> frozenset[str]:
    declared = register.organisations.get(organisation)
    if declared is None:
        return frozenset()
    if declared.region is not None:
        return frozenset({declared.region})
    return frozenset(region.id for region in register.regions.values() if region.level == declared.level)


def powers(old: Register, new: Register) -> tuple[PowerChange, ...]:
    """Every power that appears or vanishes: whole steps, single acts, and branches."""
    before, after = held(old), held(new)
    nothing: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    found: list[PowerChange] = []
    for power in sorted({*before, *after}):
        was, will = before.get(power, nothing), after.get(power, nothing)
        found += _differences(power, "lost", was, will)
        found += _differences(power, "gained", will, was)
    return tuple(found)


def _differences(
    power: Power,
    what: str,
    here: tuple[frozenset[str], frozenset[str]],
    there: tuple[frozenset[str], frozenset[str]],
) -> list[PowerChange]:
    """What is held `here` and not `there`: all acts in some regions, and some acts in the regions of both."""
    (acts, regions), (other_acts, other_regions) = here, there
    kind = "gained" if what == "gained" else "lost"
    found = []
    if regions - other_regions and acts:
        only = regions - other_regions
        found.append(PowerChange(*power, kind, tuple(sorted(acts)), tuple(sorted(only)), only == regions))  # type: ignore[arg-type]
    if regions & other_regions and acts - other_acts:
        both = regions & other_regions
        found.append(
            PowerChange(*power, kind, tuple(sorted(acts - other_acts)), tuple(sorted(both)), both == regions)  # type: ignore[arg-type]
        )
    return found
