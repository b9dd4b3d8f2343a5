"""Regions, organisations, posts, and the jurisdiction itself."""

from __future__ import annotations

from collections.abc import Iterable

from commonweal.register.calendars import WorkingCalendar
from commonweal.register.check.context import Context
from commonweal.register.models import Jurisdiction, PublicOrganisation, Region

LEVELS = ("province", "city", "county")
CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3: the least contrast of text."""


def check(context: Context) -> None:
    """Judge the tree of regions, the departments in it, and their posts."""
    if context.jurisdiction is not None:
        _jurisdiction(context, context.jurisdiction)
    for declared in context.reading.objects.values():
        start, end = declared.effective.from_, declared.effective.to
        if start and end and end < start:
            context.fault(declared, ("effective",), "bad-period", f"It ends on {end}, before it begins on {start}")
    for region in context.regions.values():
        _region(context, region)
    cycles(context, context.regions.values(), "region")
    for organisation in context.organisations.values():
        _organisation(context, organisation)
    cycles(context, context.organisations.values(), "organisation")
    for post in context.posts.values():
        context.refer(post, ("organisation",), PublicOrganisation, post.organisation, "organisation")
        if post.id.split("/")[0] != post.organisation:
            message = f"The post “{post.id}” begins with another organisation than “{post.organisation}”"
            context.fault(post, ("id",), "post-elsewhere", message, f"{post.organisation}/{post.id.split('/')[1]}")


def _jurisdiction(context: Context, jurisdiction: Jurisdiction) -> None:
    context.once(jurisdiction, ("languages",), jurisdiction.languages, "language")
    found = contrast(jurisdiction.accent)
    if found < CONTRAST:
        message = (
            f"White on {jurisdiction.accent} has a contrast of {found:.1f}; {CONTRAST} is needed: take a darker one"
        )
        context.fault(jurisdiction, ("accent",), "contrast", message)
    try:
        WorkingCalendar.of(jurisdiction)
    except ValueError as error:
        key = "timezone" if "time zone" in str(error) else "country_calendar" if "country" in str(error) else "weekend"
        context.fault(jurisdiction, (key,), "bad-calendar", str(error)[:1].upper() + str(error)[1:])


def contrast(colour: str) -> float:
    """The contrast of a colour (`#rrggbb`) with white, by the formula of WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _region(context: Context, region: Region) -> None:
    if region.parent is None or not context.refer(region, ("parent",), Region, region.parent, "region"):
        return
    parent = context.regions.get(region.parent)
    if parent and LEVELS.index(parent.level) >= LEVELS.index(region.level):
        message = f"A {region.level} cannot lie in “{parent.id}”, which is a {parent.level}"
        context.fault(region, ("parent",), "level-order", message)


def _organisation(context: Context, organisation: PublicOrganisation) -> None:
    if organisation.parent is not None:
        context.refer(organisation, ("parent",), PublicOrganisation, organisation.parent, "organisation")
    if organisation.region is None:
        if not any(region.level == organisation.level for region in context.regions.values()):
            message = f"No {organisation.level} is declared, so “{organisation.id}” has no branch"
            context.fault(organisation, ("level",), "no-branch", message)
    elif context.refer(organisation, ("region",), Region, organisation.region, "region"):
        region = context.regions.get(organisation.region)
        if region and region.level != organisation.level:
            message = f"“{organisation.id}” is at {organisation.level} level, but “{region.id}” is a {region.level}"
            context.fault(organisation, ("level",), "level-mismatch", message, region.level)


def cycles(context: Context, declared: Iterable[Region] | Iterable[PublicOrganisation], what: str) -> None:
    """Refuse parents that lead back to where they began; each circle is named once."""
    parents: dict[str, Region | PublicOrganisation] = {each.id: each for each in declared}
    done: set[str] = set()
    for start in parents:
        trail: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in done and here not in trail:
            trail[here] = None
            here = parents[here].parent if here in parents else None
        if here is not None and here in trail:
            names = list(trail)
            circle = [*names[names.index(here) :], here]
            shown = " → ".join(circle if len(circle) < 12 else [*circle[:10], "…", here])
            context.fault(parents[min(circle)], ("parent",), "cycle", f"Each {what} here lies in the next: {shown}")
        done.update(trail)
