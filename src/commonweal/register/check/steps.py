"""The graph of steps: every step can be reached, can end, and leads to what the service promises."""

from __future__ import annotations

from commonweal.register import durations
from commonweal.register.check.context import Context, Path
from commonweal.register.models import Post, PublicOrganisation, PublicService, Step
from commonweal.register.naming import organisation_of


def check(context: Context, service: PublicService) -> None:
    """Judge the steps of one service."""
    steps = {step.id: step for step in service.steps}
    if len(steps) < len(service.steps):
        context.once(service, ("steps",), [step.id for step in service.steps], "step")
    for i, step in enumerate(service.steps):
        for k, name in enumerate(step.after):
            if name not in steps:
                message = f"“{service.id}” has no step “{name}”"
                context.fault(service, ("steps", i, "after", k), "unknown-name", message, context.suggest(name, steps))
        if step.by is not None:
            _worked(context, service, i, step, step.by)
        if step.overdue != "flag" and step.deadline is None:
            message = f"“{step.id}” says what happens when it is overdue, but has no deadline"
            context.fault(service, ("steps", i, "overdue"), "no-deadline", message)
    before = {step.id: tuple(name for name in step.after if name in steps) for step in service.steps}
    if _circles(context, service, before):
        return
    _promises(context, service, before)
    _time(context, service, steps, before)


def _worked(context: Context, service: PublicService, i: int, step: Step, by: str) -> None:
    """A post that nobody holds cannot work a step, nor can a step pass that nobody may let pass."""
    path = ("steps", i, "by")
    if context.refer(service, path, Post, by, "post"):
        post = context.posts.get(by)
        if post is not None and post.seats == 0:
            context.fault(service, path, "nobody-holds", f"Nobody holds “{by}”: it has no seats")
        _there(context, service, path, post)
        _there(context, service, path, context.organisations.get(organisation_of(by)))
    if not {"accept", "approve"} & set(step.allow):
        message = f"“{step.id}” allows neither accept nor approve, so no case can pass it"
        context.fault(service, ("steps", i, "allow"), "never-passes", message)
    if step.overdue == "escalate":
        organisation = organisation_of(by)
        held = (p for p in context.posts.values() if p.organisation == organisation and p.supervises and p.seats)
        if not any(held):
            message = f"Nobody in “{organisation}” supervises, so an overdue “{step.id}” has nobody to go to"
            context.fault(service, ("steps", i, "overdue"), "nobody-supervises", message)


def _there(context: Context, service: PublicService, path: Path, worker: Post | PublicOrganisation | None) -> None:
    """Whoever works a step is there from the day the service begins to the day it ends."""
    if worker is None:
        return
    needed, held = service.effective, worker.effective
    if held.from_ and needed.from_ and needed.from_ < held.from_:
        message = f"“{worker.id}” is there only from {held.from_}; it is needed from {needed.from_}"
        context.fault(service, path, "not-there-then", message)
    if held.to and (needed.to is None or needed.to > held.to):
        message = f"“{worker.id}” is there only to {held.to}; it is needed to {needed.to or 'an open date'}"
        context.fault(service, path, "not-there-then", message)


def _circles(context: Context, service: PublicService, before: dict[str, tuple[str, ...]]) -> bool:
    """Note each circle of steps by name, and the steps that can only be reached through one."""
    reached = set(ordered(before))
    stuck = [name for name in before if name not in reached]
    if not stuck:
        return False
    place = {step.id: i for i, step in enumerate(service.steps)}
    circular: set[str] = set()
    for start in stuck:
        trail: list[str] = []
        here = start
        while here not in trail and here not in circular:
            trail.append(here)
            here = next(name for name in before[here] if name not in reached)
        if here in trail:
            circle = trail[trail.index(here) :]
            circular.update(circle)
            first = min(circle, key=place.__getitem__)
            turned = circle[circle.index(first) :] + circle[: circle.index(first)]
            message = f"Each of these steps waits for the next: {' → '.join([*turned, first])}"
            context.fault(service, ("steps", place[first], "after"), "cycle", message)
    for name in stuck:
        if name not in circular:
            message = f"“{name}” can never be reached: it waits for steps that wait for each other"
            context.fault(service, ("steps", place[name], "after"), "unreachable", message)
    return True


def ordered(before: dict[str, tuple[str, ...]]) -> list[str]:
    """The steps in an order in which each comes after those it waits for; those in circles are left out."""
    waits = {name: set(names) for name, names in before.items()}
    order = [name for name, names in waits.items() if not names]
    for done in order:  # grows while it is read
        for name, names in waits.items():
            if done in names:
                names.remove(done)
                if not names:
                    order.append(name)
    return order


def above(before: dict[str, tuple[str, ...]], name: str) -> set[str]:
    """Every step that has passed when this one begins."""
    found: set[str] = set()
    waiting = list(before[name])
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(before[here])
    return found


def _promises(context: Context, service: PublicService, before: dict[str, tuple[str, ...]]) -> None:
    """What is issued waits for every decision and payment, so that nothing is issued that is then refused."""
    for i, step in enumerate(service.steps):
        if step.output is None:
            continue
        done = above(before, step.id)
        for other in service.steps:
            late = other.id != step.id and other.id not in done and step.id not in above(before, other.id)
            if late and other.output is None:
                message = f"“{step.id}” does not wait for “{other.id}”, and could issue what that refuses"
                context.warn(service, ("steps", i, "after"), "issued-early", message)


def _time(context: Context, service: PublicService, steps: dict[str, Step], before: dict[str, tuple[str, ...]]) -> None:
    """Warn when the steps' own deadlines, one after another, exceed the promise."""
    if service.deadline is None:
        return
    total = durations.parse(service.deadline.total)
    if total.all_months or total.weeks or total.clock_minutes or service.deadline.calendar != "working-days":
        return
    longest: dict[str, int] = {}
    for name in ordered(before):
        own = durations.parse(steps[name].deadline or "P0D").days
        longest[name] = own + max((longest[each] for each in before[name]), default=0)
    needed = max(longest.values())
    if needed > total.days:
        message = f"The steps' deadlines add up to {needed} days, one after another; {total.days} are promised"
        context.warn(service, ("deadline", "total"), "promise-too-short", message)
