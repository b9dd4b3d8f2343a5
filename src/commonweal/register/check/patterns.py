"""Patterns that people's answers are matched with: valid, and quick on every input."""

from __future__ import annotations

import re
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MANY = 16
"""A repetition that may run more often than this is not allowed inside another such repetition."""


def problem(pattern: str) -> str | None:
    """Why a pattern cannot be used, or None when it can.

    A repetition within a repetition can take time that doubles with each letter of a hostile answer, so none is
    allowed, not even a harmless one; repetitions side by side take at worst a power of the answer's length.
    """
    if len(pattern) > 500:
        return "it is longer than 500 characters"
    try:
        tree = parser.parse(pattern)
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"{error} (a regular expression is needed)"
    return _slow(tree, inside=False)


def _slow(tree: Any, inside: bool) -> str | None:
    for kind, argument in tree:
        if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT):
            many = argument[1] > MANY
            if many and inside:
                return "a repetition inside a repetition can take for ever"
            found = _slow(argument[2], inside or many)
        elif kind is kinds.GROUPREF:
            return "a back-reference can take for ever"
        else:
            found = next(filter(None, (_slow(part, inside) for part in _parts(argument))), None)
        if found:
            return found
    return None


def _parts(argument: Any) -> list[Any]:
    """The sub-patterns within an operator's argument, however deep they lie in tuples and lists."""
    if isinstance(argument, parser.SubPattern):
        return [argument]
    if isinstance(argument, tuple | list):
        return [part for each in argument for part in _parts(each)]
    return []


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text fits the pattern."""
    return re.fullmatch(pattern, text) is not None
