"""How fresh a collection is. Pure, and light enough for a web process."""

from __future__ import annotations

from datetime import date, timedelta

_RHYTHM = {
    "daily": timedelta(days=2),
    "continuous": timedelta(days=2),
    "weekly": timedelta(days=10),
    "monthly": timedelta(days=45),
    "yearly": timedelta(days=550),
}
"""How old a collection may be and still be on time: the rhythm and about half of it again."""


def timeliness(rhythm: str, collected: date, today: date) -> float:
    """1 while within the rhythm, then the allowed age over the age. Data collected once never age."""
    allowed = _RHYTHM.get(rhythm)
    age = today - collected
    if allowed is None or age <= allowed:
        return 1.0
    return allowed / age
