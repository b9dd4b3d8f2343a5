"""Rules in CEL, typed against the data elements, compiled once for each version of a service.

A rule reads answers by their key (`premises.floor_area`, `form.uses_gas`) and `today`. It has no side effects
and no loops without end. An answer that is missing and matters makes the outcome unknown, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from commonweal.register import celtypes, wording
from commonweal.register.faults import nearest
from commonweal.register.naming import names_in, rules_of
from commonweal.register.register import ServiceBundle

MAX_LENGTH = 2_000
_PLACE = re.compile(r"<input>:(\d+):(\d+): ([^\n]*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_MIXED = re.compile(r"no matching overload for '_[^']*_' applied to '\((?:double, int|int, double)\)'")
_TODAY = re.compile(r"\btoday\b")
_DATES = re.compile(r"(?<![\w.])date\(\s*(?:'([^'\\]*)'|\"([^\"\\]*)\")\s*\)")
_WHOLE = re.compile(r"(?<![\w.])\d+(?![\w.])")


class RuleError(ValueError):
    """A rule that cannot be used: where in its text (from 1), why, and the nearest right name."""

    def __init__(self, message: str, line: int = 1, column: int = 1, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.suggestion = message, line, column, suggestion


@dataclass(frozen=True)
class Rule:
    """A compiled rule, the names it reads, and whether it says yes or no."""

    program: Any
    names: tuple[str, ...]
    truth: bool


def compile_rule(expression: str, variables: Mapping[str, str]) -> Rule:
    """Compile and type a rule in which `variables` (name to element type) may be read. Raises RuleError.

    A whole number beside a decimal is read as a decimal, so that `fee >= 200` is as good as `fee >= 200.0`.
    """
    if len(expression) > MAX_LENGTH:
        raise RuleError(f"A rule has at most {MAX_LENGTH} characters; declare part of it as a question or an element")
    for found in _DATES.finditer(expression):
        try:
            celtypes.calendar_date(found[1] or found[2] or "")
        except ValueError:
            wrong = f"“{found[1] or found[2] or ''}” is no date; write date('2025-01-31')"
            raise RuleError(wrong, 1, found.start() + 1) from None
    known = tuple((name, variables[name]) for name in names_in(expression) if name in variables)
    try:
        return _compiled(expression, known)
    except RuleError:  # again, with every name, to find the nearest one
        return _compile(expression, variables)


@lru_cache(maxsize=4096)
def _compiled(expression: str, variables: tuple[tuple[str, str], ...]) -> Rule:
    """A rule as many services have it: what it compiles to depends only on the types of the names it reads."""
    return _compile(expression, dict(variables))


def _compile(expression: str, variables: Mapping[str, str]) -> Rule:
    environment, text, added = celtypes.environment(variables), expression, list[int]()
    while True:
        try:
            program = environment.compile(text)
        except RuntimeError as error:
            place = _PLACE.search(str(error))
            line, column, reason = (int(place[1]), int(place[2]), place[3]) if place else (1, 1, str(error))
            wider = _widen(text, column, reason) if line == 1 else None
            if wider is None:
                column -= sum(2 for at in added if line == 1 and at < column)
                raise _explain(expression, reason, line, max(column, 1), variables) from None
            text, at = wider
            added.append(at)
            continue
        names = (*names_in(expression), *((celtypes.TODAY,) if _TODAY.search(expression) else ()))
        return Rule(program, names, program.return_type() == celtypes.T.BOOL)


def _widen(text: str, column: int, reason: str) -> tuple[str, int] | None:
    """The text with the whole number next to a mixed comparison written as a decimal, and where that was done."""
    if not _MIXED.search(reason):
        return None
    after = _WHOLE.search(text, column - 1)
    before = [found for found in _WHOLE.finditer(text, 0, column - 1) if not text[found.end() : column - 1].strip()]
    gap = text[column - 1 : after.start()] if after else "x"
    found = after if after and not re.search(r"[\w)\"'.]", gap) else (before[-1] if before else None)
    return (text[: found.end()] + ".0" + text[found.end() :], found.end()) if found else None


def _explain(expression: str, reason: str, line: int, column: int, variables: Mapping[str, str]) -> RuleError:
    """CEL's complaint in words that say what to do."""
    unknown = _UNDECLARED.search(reason)
    if unknown:
        name = unknown[1]
        if line == 1:  # CEL points at the last dot of a name
            column = max(expression.rfind(name, 0, column + len(name)) + 1, 1)
        known = [*variables, celtypes.TODAY, *celtypes.FUNCTIONS]
        if name in celtypes.FUNCTIONS:
            return RuleError(wording.TAKES[name], line, column)
        return RuleError(f"The rule reads “{name}”, which is never asked or held", line, column, nearest(name, known))
    return RuleError(wording.explain(reason), line, column)


def variables_of(*bundles: ServiceBundle) -> dict[str, str]:
    """The names that rules of these bundles may read, with their element types."""
    found: dict[str, str] = {}
    for bundle in bundles:
        found |= {element.id: element.type for element in bundle.elements.values()}
        found |= {field.key: field.type for field in bundle.service.form if field.type}
    return found


class Rules:
    """The rules of one service version (or of several, applied for together)."""

    def __init__(self, variables: Mapping[str, str], expressions: tuple[str, ...] = ()) -> None:
        self._variables = dict(variables)
        self._compiled: dict[str, Rule | None] = {}
        for expression in expressions:
            self._rule(expression)

    @staticmethod
    def of(bundle: ServiceBundle, *more: ServiceBundle) -> Rules:
        """The rules of a bundle, compiled once and kept by `bundle.hash`; with `more`, of all of them together."""
        return _rules(_Key((bundle, *more)))

    def holds(self, expression: str, answers: Mapping[str, Any], today: date) -> bool | None:
        """Whether the rule is true of the answers on the day; None when an answer it needs is missing.

        Answers are JSON values by key. CEL's short circuit holds: `a || b` is true when `b` is, though `a` is
        unknown. A rule that does not compile or breaks while it runs (a division by nothing) is unknown too;
        `check` reports the first kind before it is published.
        """
        outcome = self.value(expression, answers, today)
        return outcome if isinstance(outcome, bool) else None

    def value(self, expression: str, answers: Mapping[str, Any], today: date) -> Any:
        """The value of the expression, or None when it is unknown."""
        rule = self._rule(expression)
        if rule is None:
            return None
        data: dict[str, Any] = {}
        for name in rule.names:
            known = celtypes.moment(today) if name == celtypes.TODAY else self._answer(name, answers)
            if known is not None:
                data[name] = known
        outcome = rule.program.eval(data=data)
        return None if outcome.type() == celtypes.T.ERROR else outcome.value()

    def names(self, expression: str) -> tuple[str, ...]:
        """The answers that the rule reads, `today` left out."""
        return names_in(expression)

    def _answer(self, name: str, answers: Mapping[str, Any]) -> Any:
        kind = self._variables.get(name)
        return celtypes.value(answers.get(name), kind) if kind else None

    def _rule(self, expression: str) -> Rule | None:
        if expression not in self._compiled:
            if len(self._compiled) > 1000:
                self._compiled.clear()
            try:
                self._compiled[expression] = compile_rule(expression, self._variables)
            except RuleError:
                self._compiled[expression] = None
        return self._compiled[expression]


@dataclass(frozen=True, eq=False)
class _Key:
    """Bundles as a cache key: their hashes, so that the same version read twice is compiled once."""

    bundles: tuple[ServiceBundle, ...]

    def __hash__(self) -> int:
        return hash(tuple(bundle.hash for bundle in self.bundles))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and [b.hash for b in self.bundles] == [b.hash for b in other.bundles]


@lru_cache(maxsize=256)
def _rules(key: _Key) -> Rules:
    expressions = tuple(rule for bundle in key.bundles for _, rule in rules_of(bundle.service))
    return Rules(variables_of(*key.bundles), expressions)
