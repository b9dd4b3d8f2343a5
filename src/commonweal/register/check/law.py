"""Law in force: every act named exists, holds over the period it is needed for, and permits what is done."""

from __future__ import annotations

from collections.abc import Iterable

from commonweal.register.check.context import Context, Path
from commonweal.register.models import Declared, Effective, LegalResource, PublicService
from commonweal.register.naming import laws_of


def check(context: Context) -> None:
    """Judge the references to law of everything but services."""
    for law in context.laws.values():
        context.once(law, ("articles",), [article.id for article in law.articles], "article")
    for evidence in context.evidence.values():
        if evidence.legal:
            reference(context, evidence, ("legal",), evidence.legal, ("collect", "share"), evidence.effective)
    for dataset in context.datasets.values():
        for i, legal in enumerate(dataset.legal):
            reference(context, dataset, ("legal", i), legal, (), dataset.effective)


def service(context: Context, declared: PublicService) -> None:
    """Judge the references to law of one service, each over the time that it is needed."""
    for path, legal, permits in laws_of(declared):
        period = declared.effective
        if path[0] == "cost":
            period = overlap(period, declared.cost[int(path[1])].effective)
        reference(context, declared, path, legal, (permits,) if permits else (), period)


def overlap(one: Effective, other: Effective) -> Effective:
    """The days on which both hold."""
    start = max(filter(None, (one.from_, other.from_)), default=None)
    end = min(filter(None, (one.to, other.to)), default=None)
    return Effective.model_construct(from_=start, to=end)


def reference(
    context: Context, at: Declared, path: Path, legal: str, permits: Iterable[str], period: Effective
) -> None:
    """Judge one reference: it exists, permits one of `permits`, and is in force over the period."""
    act, _, number = legal.partition("/")
    if not context.refer(at, path, LegalResource, act, "act"):
        return
    law = context.laws.get(act)
    if law is None:
        return
    article = law.article(number) if number else None
    if number and article is None:
        numbers = [each.id for each in law.articles]
        near = context.suggest(legal, [f"{act}/{each}" for each in numbers])
        context.fault(at, path, "unknown-name", f"“{act}” has no article {number}", near)
        return
    permitted = article.permits if article else {each for found in law.articles for each in found.permits}
    wanted = tuple(permits)
    if wanted and (article or law.articles) and not set(wanted) & set(permitted):
        said = ", ".join(permitted) or "nothing that is declared"
        message = f"“{legal}” does not permit {' or '.join(wanted)}; it permits {said}"
        context.fault(at, path, "not-permitted", message)
    for in_force in (law.effective, article.effective if article else Effective()):
        _covers(context, at, path, legal, in_force, period)


def _covers(context: Context, at: Declared, path: Path, legal: str, law: Effective, needed: Effective) -> None:
    """The law has to hold from the first day it is needed (today's, where none is named) to the last."""
    if law.from_ and needed.from_ and needed.from_ < law.from_:
        message = f"“{legal}” is in force only from {law.from_}; it is needed from {needed.from_}"
        context.fault(at, path, "law-not-in-force", message)
    if law.to and (needed.to is None or needed.to > law.to):
        until = needed.to or "an open date"
        message = f"“{legal}” is in force only to {law.to}; it is needed to {until}"
        context.fault(at, path, "law-not-in-force", message)
