"""A scan's pairs as rows: sentences, sides, tables and what to draw, fixed at the time of the scan."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from django.conf import settings

from commonweal.knowledge.insight import charts, disclosure, drawings, sentences
from commonweal.knowledge.insight.frames import Frame, Measure
from commonweal.knowledge.insight.pairs import Pair
from commonweal.knowledge.insight.pictures import Picture, picture
from commonweal.knowledge.insight.scan import Result
from commonweal.knowledge.lake.models import Collection
from commonweal.register import Register
from commonweal.register.models import Text

LANGUAGES = ("en", "zh-hans")
REGIONS = Text({"en": "regions", "zh-hans": "地区"})
YEARS = Text({"en": "years", "zh-hans": "年份"})


def identity(pair: Pair) -> str:
    """The pair's name from scan to scan."""
    return hashlib.sha256("\x1f".join(pair.key).encode()).hexdigest()


def places_called(pair: Pair, register: Register) -> Text:
    """What the compared places are called, in the plural."""
    domain = pair.joined.domain
    if domain is None:
        return YEARS
    kind, _, name = domain.partition(":")
    codelist = register.codelists.get(name) if kind == "list" else None
    return codelist.name if codelist else REGIONS


def names_of_places(pair: Pair, register: Register) -> dict[str, Text]:
    """Places' names by their codes."""
    kind, _, name = (pair.joined.domain or "").partition(":")
    if kind == "list" and name in register.codelists:
        return {c.code: c.name for c in register.codelists[name].codes}
    return {r.id: r.name for r in register.regions.values()}


def fields(pair: Pair, result: Result, register: Register, runs: Mapping[str, Collection], rank: int) -> dict[str, Any]:
    """The columns of a `Finding` for one pair."""
    left, right = pair.joined.left.dataset, pair.joined.right.dataset
    estimate = pair.estimate
    drawn = figures_of(pair)
    table, drawing = {}, {}
    if drawn is not None:
        names = names_of_places(pair, register)
        table = table_of(drawn, pair, names)
        drawing = drawings.told(drawn, names)
    return {
        "rank": rank,
        "kind": pair.kind,
        "view": pair.view,
        "design": pair.measured.design,
        "domain": pair.joined.domain or "",
        "left_dataset": left.id,
        "left_column": pair.left.name,
        "right_dataset": right.id,
        "right_column": pair.right.name,
        "open": left.access == right.access == "open",
        "office": any(d.source is not None and d.source.type == "journal" for d in (left, right)),
        "n": pair.measured.n,
        "entities": pair.measured.entities,
        "effect": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "p": estimate.p,
        "p_adjusted": min(pair.adjusted.get(pair.view, estimate.p), 1.0),
        "score": pair.score,
        "sentence": _sentence(pair, register),
        "detail": {
            "left": side(pair.joined.left, pair.left, register, runs),
            "right": side(pair.joined.right, pair.right, register, runs),
            "views": {name: view.as_dict() for name, view in pair.measured.views.items()},
            "reasons": [{"code": code, "facts": dict(facts)} for code, facts in pair.reasons],
            "logs": list(pair.measured.logs),
            "tests": result.tests,
            "periods": pair.measured.periods,
            "drawing": drawing,
            **({} if left.access == right.access == "open" else {"marks": marks_of(pair)}),
        },
        "table": table,
    }


def marks_of(pair: Pair) -> dict[str, str]:
    """What each place (or period) contributed, as keyed digests; see `disclosure.update`."""
    x, y, place, time, names = pair.rows()
    codes = place if place is not None else time
    if codes is None:
        return {}
    named = names if place is not None else tuple(str(i) for i in range(int(codes.max()) + 1))
    key = hashlib.sha256(b"insight.marks\x1f" + settings.SECRET_KEY.encode()).digest()
    return disclosure.marks(named, [np.stack([x[codes == i], y[codes == i]]).tobytes() for i in range(len(named))], key)


def side(frame: Frame, measure: Measure, register: Register, runs: Mapping[str, Collection]) -> dict[str, Any]:
    """A column and its dataset as they are now, in JSON."""
    dataset = frame.dataset
    publisher = register.organisations.get(dataset.publisher)
    run = runs.get(dataset.id)
    return {
        "dataset": dataset.id,
        "dataset_name": dict(dataset.name.root),
        "column": measure.name,
        "name": dict(measure.element.name.root),
        "unit": measure.element.unit,
        "publisher": dataset.publisher,
        "publisher_name": dict(publisher.name.root) if publisher else {"en": dataset.publisher},
        "snapshot": str(run.snapshot) if run and run.snapshot is not None else None,
        "licence": dataset.licence,
        "attribution": dataset.attribution,
        "collected": run.finished.isoformat() if run and run.finished else None,
    }


def _sentence(pair: Pair, register: Register) -> dict[str, str]:
    sides = [register.organisations.get(f.dataset.publisher) for f in (pair.joined.left, pair.joined.right)]
    facts = {
        "places": places_called(pair, register),
        "entities": pair.measured.entities,
        "publishers": [
            o.name if o else Text({"en": f.dataset.publisher})
            for o, f in zip(sides, (pair.joined.left, pair.joined.right), strict=True)
        ],
        "grew": _grew(pair),
    }
    return sentences.sentence(
        pair.kind, pair.measured.design, pair.estimate.value, pair.left.element.name, pair.right.element.name, facts
    )


def _grew(pair: Pair) -> tuple[int, int]:
    """Which way each column went over time."""
    if pair.joined.time is None:
        return 1, 1
    x, y, _, time, _ = pair.rows()
    if time is None or len(np.unique(time)) < 2:
        return 1, 1
    return tuple(1 if np.cov(time, v)[0, 1] >= 0 else -1 for v in (x, y))  # type: ignore[return-value]


def figures_of(pair: Pair) -> Picture | None:
    """What to draw, or None for a kind that needs no picture."""
    x, y, place, time, names = pair.rows()
    made = picture(x, y, place, time, names, pair.view)
    return made if made.rows else None


def table_of(drawn: Picture, pair: Pair, names: Mapping[str, Text]) -> dict[str, Any]:
    """The chart's figures as a table; names and headers in both languages, figures to four digits."""
    points = drawn.style == "points"
    heads = [
        {"en": "Place" if points else "Group", "zh-hans": "地区" if points else "分组"},
        *(
            {lang: charts.axis_title(drawn, side, m.element.name, m.element.unit, lang) for lang in LANGUAGES}
            for side, m in enumerate((pair.left, pair.right))
        ),
    ]
    if not points:
        heads.append({"en": "Rows behind", "zh-hans": "数据行数"})
    rows = []
    for number, (name, x, y, _, n) in enumerate(drawn.rows, 1):
        label = dict(names[name].root) if name in names else (name or str(number))
        rows.append([label, _digits(x), _digits(y), *([] if points else [n])])
    return {"columns": heads, "rows": rows}


def _digits(value: float) -> float:
    return float(f"{value:.4g}") if math.isfinite(value) else 0.0
