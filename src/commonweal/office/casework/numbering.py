"""Numbers of what is issued: a declared pattern with {year}, {region} and {seq:06}, and nothing else.

Python's own formatting is not used: a pattern such as `{seq.__class__}` must not reach anything.
"""

from __future__ import annotations

import re

_FIELD = re.compile(r"\{(?:(year)|(region)|(seq)(?::0?([0-9]|1[0-9]|20))?)\}", re.ASCII)
_REGION = re.compile(r"[a-z0-9][a-z0-9-]*", re.ASCII)


def number(pattern: str, *, year: int, region: str, sequence: int) -> str:
    """Fill the pattern: `FB{year}-{region}-{seq:06}` becomes `FB2026-upper-vale-000042`.

    A sequence wider than declared keeps all its digits. Raises ValueError for a pattern with other fields or without
    {seq}, a sequence below 1, a year outside 1–9999, or a region asked for that is no identifier.
    """
    rest = _FIELD.sub("", pattern)
    if "{" in rest or "}" in rest:
        raise ValueError(f"“{pattern[:60]}” may use {{year}}, {{region}} and {{seq:06}} only")
    fields = list(_FIELD.finditer(pattern))
    if not any(field[3] for field in fields):
        raise ValueError(f"“{pattern[:60]}” needs {{seq}}, or two numbers would be the same")
    if sequence < 1 or not 1 <= year <= 9999:
        raise ValueError(f"there is no number {sequence} of the year {year}")
    if any(field[2] for field in fields) and not _REGION.fullmatch(region):
        raise ValueError(f"“{region[:60]}” is not a region")

    def fill(field: re.Match[str]) -> str:
        if field[1]:
            return f"{year:04}"
        return region if field[2] else str(sequence).zfill(int(field[4] or 0))

    return _FIELD.sub(fill, pattern)
