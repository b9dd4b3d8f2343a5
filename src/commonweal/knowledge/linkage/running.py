"""A run from reading to keeping: what is written, and in which order, so that a killed run leaves nothing half."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
from django.db import transaction

from commonweal.core import clock, ids
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Refused
from commonweal.core.identity.actor import Actor
from commonweal.core.journal.actions import record
from commonweal.knowledge.lake.identified import KEY, Identified, identified
from commonweal.knowledge.lake.store import opened
from commonweal.knowledge.linkage import events, judging, making, vault
from commonweal.knowledge.linkage.keys import joined
from commonweal.knowledge.linkage.models import Pair, Run
from commonweal.register.models import Link

NAMESPACE = "links"
Report = Callable[[str, int, int], None]
Rows = list[dict[str, Any]]


def carry_out(run: Run, link: Link, actor: Actor, report: Report) -> None:
    """Read, judge, keep. The run holds from the moment its row says so; before that nobody reads what it wrote."""
    stages = 4
    report(link.id, 0, stages)
    _close_interrupted(run)
    left = _read(run, link, actor, link.left, [n for c in link.compare for n in c.left])
    right = None
    if link.right is not None:
        right = _read(run, link, actor, link.right, [n for c in link.compare for n in c.on_the_right])
    report(link.id, 1, stages)
    ones = left.rows.to_pylist()
    others = None if right is None else right.rows.to_pylist()
    made = making.make(link, ones, others)
    report(link.id, 2, stages)
    table = _table(run, link, made, ones, ones if others is None else others)
    store = opened()
    store.catalogue.create_namespace_if_not_exists(NAMESPACE)
    run.snapshot = store.replace(link.id, table, {"commonweal.run": run.ref}, NAMESPACE)
    report(link.id, 3, stages)
    run.left_snapshot, run.right_snapshot = left.snapshot, right.snapshot if right else None
    run.model, run.status, run.finished = making.model_of(link), Run.Status.DONE, clock.now()
    unknown = [left.unknown, right.unknown if right else 0]
    run.figures = {**made.figures, "unknown": unknown, "facts": [compared.by for compared in link.compare]}
    with transaction.atomic():
        Pair.objects.filter(run__link=link.id, box__isnull=False).update(box=None)
        Pair.objects.bulk_create(_questions(run, link, made, ones, ones if others is None else others))
        run.save()
        told = {name: run.figures[name] for name in ("compared", "linked", "review", "border_linked")}
        snapshots = {"left": str(run.left_snapshot), "right": str(run.right_snapshot), "links": str(run.snapshot)}
        data = {"link": link.id, "run": run.ref, "snapshots": snapshots, "model": run.model, **told}
        record(actor, events.RAN, f"link:{link.id}", data)
    report(link.id, stages, stages)


def _close_interrupted(run: Run) -> None:
    """The link is claimed, so an older run that still counts as running died; nobody read what it wrote."""
    older = Run.objects.filter(link=run.link, status=Run.Status.RUNNING, pk__lt=run.pk)
    older.update(status=Run.Status.FAILED, finished=clock.now(), note="The run stopped before it had finished")


def _read(run: Run, link: Link, actor: Actor, dataset: str, columns: Sequence[str]) -> Identified:
    """Clear rows of one side; that they are read, by whom, why and under which law stands in the journal first."""
    if dataset not in declared.current().datasets:
        raise Refused("unknown-dataset", f"Link {link.id}: no dataset is declared as “{dataset}”")
    told = {"link": link.id, "run": run.ref, "dataset": dataset, "columns": sorted(set(columns))}
    with transaction.atomic():
        basis = {"purpose": link.purpose, "legal": list(link.legal)}
        record(actor, events.READ, f"dataset:{dataset}", {**told, **basis})
    return identified(dataset, tuple(columns))


def _keys(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(value) for name, value in row.items() if name.startswith(KEY))


def _table(run: Run, link: Link, made: making.Made, left: Rows, right: Rows) -> pa.Table:
    """The pairs as they are kept: keys of both sides, probability and evidence; nothing that was compared."""
    register = declared.current()
    columns: dict[str, pa.Array] = {}
    for side, rows, name in (("left", left, link.left), ("right", right, link.right or link.left)):
        numbers = made.pairs.column(side).to_pylist()
        for key in register.datasets[name].keys:
            columns[f"{side}_{key}"] = pa.array([rows[n][KEY + key] for n in numbers], pa.string())
        columns[f"{side}_row"] = pa.array([joined(_keys(rows[n])) for n in numbers], pa.string())
    for name in made.pairs.column_names:
        if name not in ("left", "right"):
            columns[name] = made.pairs.column(name).combine_chunks()
    columns["run"] = pa.array([run.ref] * len(made.pairs), pa.string())
    return pa.table(columns)


def _questions(run: Run, link: Link, made: making.Made, left: Rows, right: Rows) -> list[Pair]:
    """Pairs in doubt and the sample, without those that somebody settled in a run that holds."""
    settled = set(
        Pair.objects.filter(run__link=link.id, run__status=Run.Status.DONE, state__in=("same", "different"))
        .values_list("left", "right")
    )  # fmt: skip
    drawn = set(made.sampled)
    asked = []
    for i, pair in enumerate(made.pairs.to_pylist()):
        if pair["zone"] != "review" and i not in drawn:
            continue
        one, other = left[pair["left"]], right[pair["right"]]
        names = joined(_keys(one)), joined(_keys(other))
        if names in settled:
            continue
        ref = ids.reference("LP")
        fields = [
            (c.by, vault.in_clear(one, c.left), vault.in_clear(other, c.on_the_right)) for c in link.compare
        ]  # fmt: skip
        asked.append(
            Pair(
                ref=ref, run=run, left=names[0], right=names[1], probability=pair["probability"],
                weight=pair["weight"], stratum=judging.stratum(pair["probability"]), zone=pair["zone"],
                sampled=i in drawn, evidence=_evidence(link, made, pair), box=vault.locked(link.id, ref, fields),
            )
        )  # fmt: skip
    return asked


def _evidence(link: Link, made: making.Made, pair: Mapping[str, Any]) -> list[dict[str, Any]]:
    """For each fact how well it agrees, and how much that weighs; no values."""
    told = []
    for compared, comparison in zip(link.compare, made.comparisons, strict=True):
        level = pair.get(f"level_{comparison.column}")
        name = "unknown" if level is None else comparison.levels[level].name
        told.append({"by": compared.by, "level": name, "weight": pair.get(f"weight_{comparison.column}") or 0.0})
    return told
