"""CEL's complaints in words that say what to do."""

from __future__ import annotations

import re

TAKES = {
    "age": "“age” takes two dates, for example age(applicant.birth_date, today)",
    "years": "“years” takes two dates, for example years(applicant.birth_date, today)",
    "days_between": "“days_between” takes two dates, for example days_between(today, works.begin_on)",
    "date": "“date” takes a date in quotes, for example date('2025-01-31')",
}
_TYPES = {
    "bool": "true or false",
    "string": "words",
    "int": "a whole number",
    "double": "a decimal",
    "google.protobuf.Timestamp": "a date",
    "google.protobuf.Duration": "a length of time",
}
_OVERLOAD = re.compile(r"no matching overload for '([^']+)' applied to '\(([^)]*)\)'")
_TOKEN = re.compile(
    r"(?:token recognition error at: |mismatched input |extraneous input |no viable alternative at input )'([^']*)'"
)
_MEANT = {
    "and": "&&", "or": "||", "not": "!", "&": "&&", "|": "||", "=>": ">=", "=<": "<=", "=": "==", "<>": "!=",
    "AND": "&&", "OR": "||", "NOT": "!", "≥": ">=", "≤": "<=", "≠": "!=", "，": ",", "（": "(", "）": ")",
}  # fmt: skip


def explain(reason: str) -> str:
    """A sentence for what the compiler said."""
    mixed = _OVERLOAD.search(reason)
    if mixed:
        return _mixed(mixed[1].strip("_"), [each.strip() for each in mixed[2].split(",")])
    token = _TOKEN.search(reason)
    meant = _MEANT.get(token[1].strip()) if token else None
    if token and meant:
        return f"“{token[1].strip()}” is not known in a rule; write {meant}"
    if "mismatched input '<EOF>'" in reason:
        return "The rule does not end: something is missing after this"
    return f"The rule cannot be read: {reason.split(' (in container')[0].removeprefix('Syntax error: ')}"


def _mixed(operator: str, types: list[str]) -> str:
    """What an operator or function was given that it does not take."""
    if operator in TAKES:
        return TAKES[operator]
    given = " and ".join(_TYPES.get(each, each) for each in types)
    sentence = f"“{operator}” does not go with {given}"
    if "google.protobuf.Timestamp" in types and "string" in types:
        return f"{sentence}; write the date as date('2025-01-31')"
    if "google.protobuf.Timestamp" in types and "int" in types:
        return f"{sentence}; count with age(…, today), years(…) or days_between(…)"
    if "bool" in types and "string" in types:
        return f"{sentence}; true and false have no quotes"
    if "double" in types and "int" in types:
        return f"{sentence}; write double(…) around the whole number"
    if "string" in types and ("int" in types or "double" in types):
        return f"{sentence}; numbers have no quotes, and codes have them"
    return sentence
