"""What to draw, as JSON beside a finding, and the drawing made from it: by the scan or later by the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commonweal.knowledge.insight import charts
from commonweal.knowledge.insight.pictures import Picture
from commonweal.register.models import Text

LANGUAGES = ("en", "zh-hans")


def told(picture: Picture, names: Mapping[str, Text]) -> dict[str, Any]:
    """A picture as JSON, with the names of the places it shows."""
    shown = {name: dict(names[name].root) for name, *_ in picture.rows if name in names}
    return {"style": picture.style, "rows": [list(r) for r in picture.rows], "logs": list(picture.logs), "names": shown}


def drawn(detail: Mapping[str, Any]) -> dict[str, str]:
    """The chart of a finding's `detail` as SVG by language; empty when there is nothing to draw."""
    drawing = detail.get("drawing")
    if not drawing:
        return {}
    rows = tuple((str(n), float(x), float(y), float(half), int(count)) for n, x, y, half, count in drawing["rows"])
    picture = Picture(drawing["style"], rows, tuple(drawing["logs"]))
    names = {code: Text(words) for code, words in drawing["names"].items()}
    sides = [(Text(detail[s]["name"]), detail[s]["unit"]) for s in ("left", "right")]
    return {language: charts.draw(picture, sides[0], sides[1], language, names) for language in LANGUAGES}


def same(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether two details would be drawn alike, so that a chart need not be drawn again."""
    return all(
        before.get("drawing") == after.get("drawing")
        and before[s]["name"] == after[s]["name"]
        and before[s]["unit"] == after[s]["unit"]
        for s in ("left", "right")
    )
