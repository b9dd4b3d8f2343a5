"""What a browser posts, as the raw answer that casework takes, and a saved answer, as the form shows it again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from commonweal.office.casework.form import Question

PARTS = ("year", "month", "day")
MANY = 8
"""Above this number of options a list opens instead of cards."""


def raw(question: Question, posted: Mapping[str, str]) -> Any:
    """The answer as typed: a string; for a date its three boxes; nothing typed is the empty string."""
    if question.type != "date":
        return posted.get("answer", "").strip()
    parts = {part: posted.get(f"answer.{part}", "").strip() for part in PARTS}
    return parts if any(parts.values()) else ""


def shown(question: Question, value: Any) -> Any:
    """A saved answer as its inputs show it: three boxes for a date, `true` and `false` for yes and no."""
    if question.type == "date":
        parts = str(value or "").split("-")
        return dict(zip(PARTS, parts, strict=False)) if len(parts) == 3 else {}
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def retyped(question: Question, posted: Mapping[str, str]) -> Any:
    """What was just typed, for showing it again beside what is wrong with it."""
    if question.type == "date":
        return {part: posted.get(f"answer.{part}", "") for part in PARTS}
    return posted.get("answer", "")


def part(question: Question) -> str:
    """Which part of the look asks this question."""
    if question.type == "date":
        return "date"
    if question.type == "file":
        return "file"
    if question.type == "boolean":
        return "choices"
    if question.type in {"code", "region"}:
        return "choices" if len(question.options) <= MANY else "select"
    return "field"


INPUTS: dict[str, dict[str, str]] = {
    "text": {"type": "text-area"},
    "integer": {"inputmode": "numeric", "width": "n"},
    "decimal": {"inputmode": "decimal", "width": "n"},
    "money": {"inputmode": "decimal", "width": "n"},
    "year": {"inputmode": "numeric", "width": "s", "max_length": "4"},
    "email": {"type": "email", "autocomplete": "email", "width": "m"},
    "phone": {"type": "tel", "autocomplete": "tel", "width": "m"},
}
"""How a field of each type is typed."""
