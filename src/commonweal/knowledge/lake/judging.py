"""What about a collection its publisher has to hear of. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FALL = 0.02
"""A score that fell by this share of everything is a fall; less is the ordinary change of figures."""
WATCHED = ("completeness", "validity", "uniqueness", "consistency")
"""Timeliness ages by itself and is told as `overdue`."""


@dataclass(frozen=True)
class Verdict:
    """Reasons that stand after a collection, each with its figures."""

    reasons: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def judge(
    quarantined: int, read: int, quality: Mapping[str, float], before: Mapping[str, float], open_fall: Mapping[str, Any]
) -> Verdict:
    """Judge a collection that went well.

    `before` are the scores of the collection before it, `open_fall` the figures of a fall told earlier and not yet
    mended: it stands until the score is back where it was.
    """
    reasons: dict[str, Mapping[str, Any]] = {}
    if quarantined:
        reasons["quarantine"] = {"rows": quarantined, "read": read}
    fallen = str(open_fall.get("score", ""))
    if fallen in quality and quality[fallen] < float(open_fall["before"]) - FALL:
        reasons["quality"] = {"score": fallen, "before": open_fall["before"], "after": quality[fallen]}
        return Verdict(reasons)
    falls = [(before[key] - quality[key], key) for key in WATCHED if key in before and key in quality]
    worst = max(falls, default=(0.0, ""))
    if worst[0] >= FALL:
        reasons["quality"] = {"score": worst[1], "before": before[worst[1]], "after": quality[worst[1]]}
    return Verdict(reasons)
