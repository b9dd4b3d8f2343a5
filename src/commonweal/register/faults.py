"""What is wrong with a declaration, where, and what the author most likely meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong. `line` and `column` start at 1; `suggestion` is the nearest right name, where there is one."""

    file: str
    line: int
    column: int
    code: str
    message: str
    suggestion: str | None = None
    severity: Severity = "error"

    def __str__(self) -> str:
        hint = f" (did you mean “{self.suggestion}”?)" if self.suggestion else ""
        return f"{self.file}:{self.line}:{self.column} {self.severity} {self.code}: {self.message}{hint}"


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name most like `word`, or None when none is close enough to be worth saying.

    Names that differ only in case, or in `_` for `-`, come before the closest by difflib's ratio, and those of
    which the word is a part (`registry` of `civil-registry`) after it. A very long
    word is compared by its first 200 characters, so that hostile input costs no more than an honest mistake.
    """
    word, known = word[:200], sorted(set(names))
    plain = word.lower().replace("_", "-")
    for name in known:
        if name.lower().replace("_", "-") == plain and name != word:
            return name
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return close[0]
    return next((name for name in known if len(plain) > 2 and plain in re.split(r"[-_./]", name.lower())), None)


def has_errors(faults: Iterable[Fault]) -> bool:
    """Whether any of the faults is an error rather than a warning."""
    return any(fault.severity == "error" for fault in faults)
