"""How our element types meet CEL: its types, the functions we add, and answers turned into its values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

T = cel.Type

OF: Mapping[str, Any] = {
    "string": T.STRING, "text": T.STRING, "code": T.STRING, "region": T.STRING, "email": T.STRING,
    "phone": T.STRING, "file": T.STRING, "integer": T.INT, "year": T.INT, "decimal": T.DOUBLE,
    "money": T.DOUBLE, "boolean": T.BOOL, "date": T.TIMESTAMP,
}  # fmt: skip
"""The CEL type of each element type."""

RESERVED = frozenset(
    {
        "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop",
        "namespace", "null", "package", "return", "true", "var", "void", "while",
    }
)  # fmt: skip
"""Words that mean something else in CEL, and so cannot begin a name."""
LITERALS = frozenset({"in", "null", "true", "false"})
"""Those that cannot stand in a name at all."""
TODAY = "today"
FUNCTIONS = ("age", "years", "days_between", "date")
_LARGEST = 2**63


def full_years(start: datetime, end: datetime) -> int:
    """Whole years from `start` to `end`; somebody born on 29 February is a year older on 1 March."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def days_between(start: datetime, end: datetime) -> int:
    """Days from `start` to `end`, negative when `end` is earlier."""
    return (end.date() - start.date()).days


def calendar_date(text: str) -> datetime:
    """The day that a text such as `2025-01-31` names. Raises ValueError for any other text."""
    return moment(date.fromisoformat(text))


def _function(name: str, work: Any) -> Any:
    parameters = [T.TIMESTAMP, T.TIMESTAMP]
    overload = cel.Overload(f"{name}_dates", return_type=T.INT, parameters=parameters, is_member=False, impl=work)
    return cel.FunctionDecl(name, [overload])


def unreadable(name: str) -> str | None:
    """The word for which no rule could read this name, or None when one could."""
    first, *rest = name.split(".")
    if first in RESERVED:
        return first
    return next((part for part in rest if part in LITERALS), None)


def environment(variables: Mapping[str, str]) -> Any:
    """A CEL environment in which the named variables have our element types; made once for equal variables."""
    return _environment(tuple(sorted(variables.items())))


@lru_cache(maxsize=512)
def _environment(variables: tuple[tuple[str, str], ...]) -> Any:
    declared = {name: OF[kind] for name, kind in variables}
    day = cel.Overload(
        "date_words", return_type=T.TIMESTAMP, parameters=[T.STRING], is_member=False, impl=calendar_date
    )
    functions = [
        cel.FunctionDecl("date", [day]),
        _function("age", full_years),
        _function("years", full_years),
        _function("days_between", days_between),
    ]
    return cel.NewEnv(variables=declared | {TODAY: T.TIMESTAMP}, functions=functions)


def moment(day: date) -> datetime:
    """A date as CEL knows one: midnight, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def value(answer: Any, kind: str) -> Any:
    """An answer in JSON types as CEL takes it, or None when it is missing or is not of its type."""
    if answer is None or answer == "":
        return None
    try:
        if kind == "boolean":
            return answer if isinstance(answer, bool) else None
        if kind in ("integer", "year"):
            number = int(answer)
            return number if not isinstance(answer, bool) and -_LARGEST <= number < _LARGEST else None
        if kind in ("decimal", "money"):
            return None if isinstance(answer, bool) else float(answer)
        if kind == "date":
            return moment(answer if isinstance(answer, date) else date.fromisoformat(answer))
    except (TypeError, ValueError, OverflowError):
        return None
    return answer if isinstance(answer, str) else None
