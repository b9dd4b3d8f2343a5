"""The tree of regions, and which branch of an organisation serves a place."""

from __future__ import annotations

from commonweal.register.contents import Contents


class NoBranchError(LookupError):
    """No branch of the organisation serves the region; the message says why."""


def ancestors(source: Contents, region_id: str) -> tuple[str, ...]:
    """The regions above this one, the nearest first. Raises KeyError for an unknown region."""
    above: list[str] = []
    parent = source.regions[region_id].parent
    while parent is not None and parent in source.regions and parent not in above:
        above.append(parent)
        parent = source.regions[parent].parent
    return tuple(above)


def descendants(source: Contents, region_id: str) -> tuple[str, ...]:
    """The regions below this one, each after its parent. Raises KeyError for an unknown region."""
    children: dict[str | None, list[str]] = {}
    for region in source.regions.values():
        children.setdefault(region.parent, []).append(region.id)
    below: list[str] = []
    waiting = [source.regions[region_id].id]
    while waiting:
        for child in children.pop(waiting.pop(), ()):  # popped once, so that a cycle ends
            below.append(child)
            waiting.append(child)
    return tuple(below)


def branch_region(source: Contents, organisation_id: str, region_id: str | None) -> str:
    """The region whose branch of the organisation serves `region_id`.

    That is the organisation's own region where it has one; else the region itself or the one above it that
    stands at the organisation's level. Raises NoBranchError (a LookupError) where there is none.
    """
    organisation = source.organisations.get(organisation_id)
    if organisation is None:
        raise NoBranchError(f"no organisation is declared as “{organisation_id}”")
    if organisation.region is not None:
        return organisation.region
    if region_id is None:
        raise NoBranchError(f"“{organisation_id}” has a branch in every {organisation.level}: say which region")
    if region_id not in source.regions:
        raise NoBranchError(f"no region is declared as “{region_id}”")
    for place in (region_id, *ancestors(source, region_id)):
        if source.regions[place].level == organisation.level:
            return place
    raise NoBranchError(
        f"“{organisation_id}” works at {organisation.level} level, and “{region_id}” lies in no {organisation.level}"
    )
