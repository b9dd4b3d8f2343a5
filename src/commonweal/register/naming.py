"""The names a rule reads, and the rules, laws and posts a service mentions: one place that knows where to look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from commonweal.register.models import PublicService

Path = tuple[str | int, ...]

_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'")
_DOTTED = re.compile(r"(?<![\w.])[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+(?![\w(])")


@lru_cache(maxsize=4096)
def names_in(expression: str) -> tuple[str, ...]:
    """The dotted names in a rule, in order, each once; words within quotes are not names.

    A method called on a name (`applicant.name.startsWith(…)`) does not belong to it.
    """
    bare = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), expression)
    found = []
    for match in _DOTTED.finditer(bare):
        found.append(match[0])
    for match in re.finditer(r"(?<![\w.])([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+)\.[A-Za-z]\w*\(", bare):
        found.append(match[1])
    return tuple(dict.fromkeys(found))


def rules_of(service: PublicService) -> Iterator[tuple[Path, str]]:
    """Every CEL rule of a service with its path in the declaration."""
    for i, requirement in enumerate(service.requirements):
        if requirement.rule is not None:
            yield ("requirements", i, "rule"), requirement.rule
        if requirement.when is not None:
            yield ("requirements", i, "when"), requirement.when
    for i, question in enumerate(service.form):
        if question.when is not None:
            yield ("form", i, "when"), question.when
    for i, step in enumerate(service.steps):
        if step.when is not None:
            yield ("steps", i, "when"), step.when
    for i, cost in enumerate(service.cost):
        if cost.exempt_when is not None:
            yield ("cost", i, "exempt_when"), cost.exempt_when


def laws_of(service: PublicService) -> Iterator[tuple[Path, str, str | None]]:
    """Every reference to law in a service: its path, the reference, and what the article has to permit."""
    for i, reference in enumerate(service.legal):
        yield ("legal", i), reference, None
    for i, requirement in enumerate(service.requirements):
        if requirement.legal:
            yield ("requirements", i, "legal"), requirement.legal, None
    for i, step in enumerate(service.steps):
        if step.legal:
            yield ("steps", i, "legal"), step.legal, "decide"
    for i, cost in enumerate(service.cost):
        if cost.legal:
            yield ("cost", i, "legal"), cost.legal, "fee"
    if service.retention_legal:
        yield ("retention_legal",), service.retention_legal, None


def evidence_of(service: PublicService) -> Iterator[tuple[Path, str]]:
    """Every evidence type that a requirement of the service names."""
    for i, requirement in enumerate(service.requirements):
        if isinstance(requirement.evidence, str):
            yield ("requirements", i, "evidence"), requirement.evidence
        for k, name in enumerate(requirement.evidence or () if not isinstance(requirement.evidence, str) else ()):
            yield ("requirements", i, "evidence", k), name


def organisation_of(post: str) -> str:
    """The organisation part of `organisation/post`."""
    return post.split("/", 1)[0]
