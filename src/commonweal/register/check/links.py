"""Links between datasets: both sides are there, what is compared can be, and a law permits it."""

from __future__ import annotations

from commonweal.register.check import law
from commonweal.register.check.context import Context
from commonweal.register.models import Compared, Dataset, Link, Post

WORDS = ("string", "text")
FITTING: dict[str, tuple[str, ...]] = {
    "name": WORDS,
    "birth-date": ("date", "string"),
    "address": (*WORDS, "code", "region", "integer"),
    "phone": ("phone", "string"),
    "code": ("string", "code", "region", "integer", "year", "email", "boolean"),
}
"""The element types that each way of comparing takes."""


def check(context: Context) -> None:
    """Judge every link, and the columns that are held for linking only."""
    for dataset in context.datasets.values():
        _held(context, dataset)
    for link in context.links.values():
        _link(context, link)


def _held(context: Context, dataset: Dataset) -> None:
    needed = {*dataset.keys, dataset.region, dataset.period, dataset.subject}
    for i, column in enumerate(dataset.columns):
        if column.held == "linkage" and column.name in needed:
            message = f"“{column.name}” tells rows of “{dataset.id}” apart or places them, so it has to be stored"
            context.fault(dataset, ("columns", i, "held"), "never-stored", message)


def _link(context: Context, link: Link) -> None:
    context.refer(link, ("left",), Dataset, link.left, "dataset")
    if link.right is not None:
        context.refer(link, ("right",), Dataset, link.right, "dataset")
        if link.right == link.left:
            message = f"To find rows of “{link.left}” that are about the same person, leave “right” out"
            context.fault(link, ("right",), "declared-twice", message)
    if link.right is None and link.one_to_one:
        context.fault(link, ("one_to_one",), "bad-value", "One dataset is not linked one to one with itself")
    context.refer(link, ("reviewers",), Post, link.reviewers, "post")
    context.once(link, ("legal",), link.legal, "article")
    for i, legal in enumerate(link.legal):
        law.reference(context, link, ("legal", i), legal, (), link.effective)
    if not any(_permits(context, each) for each in link.legal):
        message = f"No article named permits linking (permits: [link]), so “{link.id}” may not be made"
        context.fault(link, ("legal",), "not-permitted", message)
    left = context.datasets.get(link.left)
    right = context.datasets.get(link.right or link.left)
    for side, dataset in (("left", left), ("right", right)):
        if dataset is not None:
            _side(context, link, dataset, side)


def _permits(context: Context, legal: str) -> bool:
    """Whether an article permits linking; one that cannot be read is not called silent as well."""
    act, _, number = legal.partition("/")
    found = context.laws.get(act)
    if found is None:
        return True
    article = found.article(number) if number else None
    return "link" in article.permits if article else not number


def _side(context: Context, link: Link, dataset: Dataset, side: str) -> None:
    if dataset.source is None or dataset.source.type in ("register", "journal"):
        message = f"The rows of “{dataset.id}” cannot be read for linking: it needs a file, package, sql or http source"
        context.fault(link, (side if link.right or side == "left" else "left",), "never-linked", message)
    elif dataset.source.aggregate is not None or dataset.source.melt is not None:
        message = f"“{dataset.id}” puts published rows together, so none is about one person"
        context.fault(link, (side if link.right or side == "left" else "left",), "never-linked", message)
    for i, compared in enumerate(link.compare):
        _compared(context, link, dataset, side, i, compared)


def _compared(context: Context, link: Link, dataset: Dataset, side: str, i: int, compared: Compared) -> None:
    columns = {column.name: column.element for column in dataset.columns}
    names = compared.left if side == "left" else compared.on_the_right
    written = side if side == "left" or compared.right is not None else "left"
    for j, name in enumerate(names):
        path = ("compare", i, written, j)
        if name not in columns:
            message = f"“{dataset.id}” has no column “{name}”"
            context.fault(link, path, "unknown-column", message, context.suggest(name, columns))
            continue
        element = context.elements.get(columns[name])
        if element is not None and element.type not in FITTING[compared.by]:
            wanted = ", ".join(FITTING[compared.by])
            message = f"“{name}” is a {element.type} and cannot be compared by {compared.by}; that takes {wanted}"
            context.fault(link, path, "not-compared", message)
    if len(names) > 1 and compared.by in ("birth-date", "phone", "code"):
        message = f"A {compared.by} is one column; name one, or compare each by itself"
        context.fault(link, ("compare", i, written), "not-compared", message)
