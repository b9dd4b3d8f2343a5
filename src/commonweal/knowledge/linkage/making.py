"""From two tables of clear rows to judged pairs: the whole of a run that needs no database. Pure but for Splink."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from commonweal.core.errors import Refused
from commonweal.knowledge.linkage import blocking, facts, judging, zones
from commonweal.knowledge.linkage.levels import Comparison, comparison
from commonweal.register.models import Link

LEAST = 1e-4
"""Pairs less probable than this are counted and not kept."""
SAMPLED = 6
"""Pairs of each stratum outside the zone of doubt that reviewers are asked about, to learn how good the links are."""
VERSION = "2"
"""Changes when the same data would be judged otherwise."""


@dataclass(frozen=True)
class Made:
    """What a run found. `pairs` has `left`, `right` (row numbers), `weight`, `probability`, levels and weights of each
    fact, and `zone`: linked, review or apart."""

    pairs: pa.Table
    comparisons: tuple[Comparison, ...]
    borders: zones.Borders
    sampled: tuple[int, ...]
    figures: dict[str, Any]


def model_of(link: Link) -> str:
    """Names the model: the same name, the same way of judging."""
    told = [compared.model_dump(mode="json") for compared in link.compare], link.one_to_one, VERSION
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def make(link: Link, left: Sequence[dict[str, Any]], right: Sequence[dict[str, Any]] | None) -> Made:
    """Judge the rows of two sides (of one with itself where `right` is None) as the link declares.

    Raises Refused where a side is empty, a fact is told nowhere on a side, or too many pairs would be compared.
    """
    from commonweal.knowledge.linkage.adapters.splink import scored

    ones = facts.rows_of(left, link.compare)
    others = None if right is None else facts.rows_of(right, link.compare, right=True)
    silent = _silent(link, ones, others)
    blocks = blocking.candidates(ones, others, link.most_pairs)
    comparisons = tuple(comparison(i, compared) for i, compared in enumerate(link.compare))
    told = [c for i, c in enumerate(comparisons) if i not in silent]
    figures = {
        "rows_left": len(ones),
        "rows_right": len(others) if others is not None else len(ones),
        "compared": len(blocks.pairs[0]),
        "by_key": blocks.rules,
        "common_keys": blocks.common,
        "without_key": list(blocks.alone),
        "silent": [link.compare[i].by for i in silent],
    }
    if not blocks.pairs[0]:
        raise Refused("link-nothing-alike", "No two rows have anything in common; see whether the columns are right")
    pairs = _named(scored(ones, others, told, blocks), told)
    return _judge(link, pairs, comparisons, figures)


def _silent(link: Link, left: Sequence[Any], right: Sequence[Any] | None) -> list[int]:
    """Facts that one side never tells: they are left out, and where fewer than two are left, linking is refused."""
    if not left or right == []:
        return []
    sides = [left] if right is None else [left, right]
    silent = [i for i in range(len(link.compare)) if not all(any(row[i].text for row in side) for side in sides)]
    if len(link.compare) - len(silent) < 2:
        names = ", ".join(f"{link.compare[i].by} ({', '.join(link.compare[i].left)})" for i in silent)
        raise Refused(
            "link-silent",
            f"Link {link.id}: nothing is filled in on one side for {names}, and one fact alone does not tell people "
            "apart. See whether the source still publishes these columns",
        )
    return silent


def _named(pairs: pa.Table, comparisons: Sequence[Comparison]) -> pa.Table:
    """Levels and weights under the names of their comparisons (`level_c0`), whatever was left out."""
    names = {f"{what}_{i}": f"{what}_{c.column}" for i, c in enumerate(comparisons) for what in ("level", "weight")}
    return pairs.rename_columns([names.get(name, name) for name in pairs.column_names])


def _judge(link: Link, pairs: pa.Table, comparisons: tuple[Comparison, ...], figures: dict[str, Any]) -> Made:
    probability = pairs.column("probability").to_numpy()
    weight = pairs.column("weight").to_numpy()
    figures["expected_pairs"] = round(float(probability.sum()), 3)
    kept = probability >= LEAST
    dropped = float(probability[~kept].sum())
    pairs = pairs.filter(pa.array(kept))
    probability, weight = probability[kept], weight[kept]
    free = np.ones(len(pairs), dtype=bool)
    if link.one_to_one:
        free = zones.best_each(pairs.column("left").to_pylist(), pairs.column("right").to_pylist(), weight)
    border = zones.borders(probability[free], link.precision, link.review)
    zone = np.where(probability >= border.linked, "linked", np.where(probability >= border.review, "review", "apart"))
    zone = np.where(free, zone, "apart")
    pairs = pairs.append_column("zone", pa.array(zone.tolist(), pa.string()))
    layers: dict[int, list[int]] = {}
    for i, (value, where) in enumerate(zip(probability, zone, strict=True)):
        if where != "review" and free[i]:
            layers.setdefault(judging.stratum(float(value)), []).append(i)
    drawn = judging.sample(layers, SAMPLED, seed=len(pairs))
    counts = {name: int((zone == name).sum()) for name in ("linked", "review", "apart")}
    total = figures["expected_pairs"] or 1.0
    linked = float(probability[zone == "linked"].sum())
    figures |= {
        **counts,
        "border_linked": border.linked,
        "border_review": border.review,
        "expected_precision": round(linked / counts["linked"], 6) if counts["linked"] else None,
        "expected_recall": round(linked / total, 6),
        "expected_missed": round(dropped, 6),
        "strata": _strata(probability, zone),
    }
    return Made(pairs, comparisons, border, tuple(drawn), figures)


def _strata(probability: zones.Floats, zone: Any) -> list[dict[str, Any]]:
    """For each layer and zone how many pairs there are and what the model expects."""
    found: dict[tuple[int, str], list[float]] = {}
    for value, where in zip(probability, zone, strict=True):
        found.setdefault((judging.stratum(float(value)), str(where)), []).append(float(value))
    return [
        {"stratum": layer, "zone": where, "pairs": len(values), "expected": sum(values) / len(values)}
        for (layer, where), values in sorted(found.items())
    ]
