"""Reads of linkage. What opens tables is imported where a table is opened, so that a web process starts without it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet

from commonweal.core import clock, pages
from commonweal.core.declared import queries as declared
from commonweal.core.errors import Invalid, NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.core.pages import Page
from commonweal.knowledge.linkage import access, judging, words
from commonweal.knowledge.linkage.models import Pair, Run, Severed
from commonweal.knowledge.linkage.views import LinkRow, Quality, QueueRow, percent
from commonweal.register.models import Link, Text

if TYPE_CHECKING:
    import pyarrow as pa

LIMIT = 100
SETTLED = ("same", "different", "unsure")


def in_force(link_id: str, as_of: datetime | None = None) -> Run | None:
    """The run that held at a moment (now where None): the newest that was whole and not undone by then."""
    moment = as_of or clock.now()
    runs = Run.objects.filter(link=link_id, status__in=(Run.Status.DONE, Run.Status.UNDONE), finished__lte=moment)
    return runs.filter(Q(undone__isnull=True) | Q(undone__gt=moment)).order_by("-finished", "-id").first()


def links(link_id: str, as_of: datetime | None = None) -> pa.Table:
    """The links in force at a moment, one row each, with nothing in it that was compared.

    Columns: `left_<key>` and `right_<key>` for the key columns of both datasets, `left_row`, `right_row`,
    `probability`, `weight`, `decided` (model or reviewer), `cluster` (rows of one group have one name), `run`.
    What was undone is not in it; asked as of an earlier moment it is. Raises NotAllowed where nothing was linked.
    For rooms; windows ask `readable_links`.
    """
    import pyarrow as pa

    from commonweal.knowledge.linkage import zones

    run = in_force(link_id, as_of)
    if run is None:
        raise NotAllowed("not-linked", f"Nothing was linked by {link_id}; run: commonweal link run {link_id}")
    rows = _pairs(run)
    one, other = rows.column("left_row").to_pylist(), rows.column("right_row").to_pylist()
    said, cut = _said(link_id, as_of), _cut(link_id, as_of)
    zone = rows.column("zone").to_pylist()
    kept, decided = [], []
    for pair, where in zip(zip(one, other, strict=True), zone, strict=True):
        verdict = said.get(pair)
        linked = verdict == "same" or (verdict is None and where == "linked")
        kept.append(linked and pair not in cut)
        decided.append("reviewer" if verdict else "model")
    shown = [name for name in rows.column_names if name.startswith(("left_", "right_"))]
    table = rows.select([*shown, "probability", "weight", "run"]).append_column("decided", pa.array(decided))
    table = table.filter(pa.array(kept, pa.bool_()))
    groups = zones.clusters(_nodes(link_id, table))
    names = [groups[node] for node, _ in _nodes(link_id, table)]
    return table.append_column("cluster", pa.array(names, pa.string()))


def readable_links(actor: Actor | None, link_id: str, as_of: datetime | None = None) -> pa.Table:
    """The same for somebody who may read the rows of both datasets. Raises NotAllowed."""
    link = declared.current().links.get(link_id)
    if link is None or not access.may_read(actor, link):
        raise NotAllowed("no-link", "There is no such link, or you may not read both of its datasets")
    return links(link_id, as_of)


def holds(link_id: str, left: str, right: str) -> bool:
    """Whether two rows, by their keys as the lake holds them, are linked now."""
    table = links(link_id)
    pairs = zip(table.column("left_row").to_pylist(), table.column("right_row").to_pylist(), strict=True)
    return (left, right) in set(pairs)


def conflicts(link_id: str) -> tuple[list[tuple[str, str]], dict[str, int]]:
    """Pairs called different that links bring together all the same, and rows linked to several of a side."""
    from commonweal.knowledge.linkage import zones

    table = links(link_id)
    nodes = _nodes(link_id, table)
    apart = [pair for pair, verdict in _said(link_id, None).items() if verdict == "different"]
    return zones.conflicts(nodes, [_sided(link_id, pair) for pair in apart]), zones.crowded(nodes)


def linked_nodes(link_id: str) -> list[tuple[str, str]]:
    """The links in force as pairs of rows, named with their side where there are two."""
    return _nodes(link_id, links(link_id))


def quality(link_id: str) -> Quality:
    """How good the links in force are, by the model and by reviewers' answers. Raises NotAllowed before a run."""
    run = in_force(link_id)
    if run is None:
        raise NotAllowed("not-linked", f"Nothing was linked by {link_id}; run: commonweal link run {link_id}")
    layers = strata(run)
    bad, crowd = conflicts(link_id)
    told = run.figures
    return Quality(
        told["linked"], told["review"], told["expected_precision"], told["expected_recall"],
        judging.precision(layers), judging.recall(layers), len(bad), len(crowd),
    )  # fmt: skip


def strata(run: Run) -> list[judging.Stratum]:
    """The layers of a run with the answers so far. A pair in doubt that was called the same counts as a link."""
    answers: dict[tuple[int, str], list[int]] = {}
    asked = Pair.objects.filter(run=run, state__in=("same", "different"))
    for layer, zone, state, n in asked.values_list("stratum", "zone", "state").annotate(n=Count("id")):
        found = answers.setdefault((layer, zone), [0, 0])
        found[0] += n
        found[1] += n if state == "same" else 0
    layers = []
    for told in run.figures["strata"]:
        judged, same = answers.get((told["stratum"], told["zone"]), [0, 0])
        zone, pairs, expected = told["zone"], told["pairs"], told["expected"]
        if zone == "review":
            if same:
                layers.append(judging.Stratum(same, same, same, True, 1.0))
            if pairs > same:
                layers.append(judging.Stratum(pairs - same, judged - same, 0, False, expected))
        else:
            layers.append(judging.Stratum(pairs, judged, same, zone == "linked", expected))
    return layers


def reviewed(actor: Actor) -> tuple[LinkRow, ...]:
    """The links whose pairs the actor decides about, as declared; there are as many as declarations."""
    register = declared.current()
    return tuple(_row(actor, link) for link in register.links.values() if access.reviews(actor, link))


def reviews_any(actor: Actor) -> bool:
    """Whether the actor reviews any link; for the bar of the desk."""
    return any(access.reviews(actor, link) for link in declared.current().links.values())


def queue(actor: Actor, link_id: str, cursor: str | None = None, limit: int = 30) -> Page[QueueRow]:
    """Pairs that wait for the actor: those in doubt, the likeliest first, then the sample.

    Raises NotAllowed, and Invalid for a cursor that is not one of ours.
    """
    link = access.reviewed_link(actor, link_id)
    waiting = _waiting(actor, link)
    if cursor:
        sampled, probability, key = pages.decode(cursor, 3)
        known = isinstance(sampled, bool) and isinstance(probability, float)
        if not known or isinstance(key, bool) or not isinstance(key, int) or not 0 <= key < 1 << 62:
            raise Invalid({"cursor": "Start again from the first page"})
        after = Q(probability__lt=probability) | Q(probability=probability, id__gt=key)
        waiting = waiting.filter(after, sampled=True) if sampled else waiting.filter(Q(sampled=True) | after)
    limit = max(1, min(limit, LIMIT))
    page = pages.page(list(waiting[: limit + 1]), limit, lambda pair: (pair.sampled, pair.probability, pair.pk))
    return page.map(_queued)


def next_pair(actor: Actor, link_id: str) -> str | None:
    """The reference of the pair to look at next, or None when nothing waits."""
    return _waiting(actor, access.reviewed_link(actor, link_id)).values_list("ref", flat=True).first()


def waiting_count(actor: Actor, link_id: str) -> int:
    """How many pairs wait for the actor."""
    return _waiting(actor, access.reviewed_link(actor, link_id)).count()


def runs(link_id: str, limit: int = 10) -> list[Run]:
    """The newest runs of a link, for a terminal."""
    return list(Run.objects.filter(link=link_id).order_by("-id")[:limit])


def _waiting(actor: Actor, link: Link) -> QuerySet[Pair]:
    run = in_force(link.id)
    found = Pair.objects.filter(run=run, state=Pair.State.WAITING, box__isnull=False)
    return found.exclude(decisions__reviewer=actor.id).order_by("sampled", "-probability", "id")


def _queued(pair: Pair) -> QueueRow:
    moods: dict[str, list[Text]] = {"agrees": [], "near": [], "differs": [], "unknown": []}
    for told in pair.evidence:
        moods[words.mood(told["level"])].append(Text(words.FACTS[told["by"]]))
    return QueueRow(
        pair.ref, percent(pair.probability), tuple(moods["agrees"]), tuple(moods["differs"] + moods["near"])
    )


def _row(actor: Actor, link: Link) -> LinkRow:
    datasets = declared.current().datasets
    run = in_force(link.id)
    settled = Pair.objects.filter(run=run, state__in=SETTLED).count() if run else 0
    waiting = _waiting(actor, link).count() if run else 0
    left, right = datasets[link.left].name, datasets[link.right or link.left].name
    return LinkRow(link.id, link.name, left, right, waiting, settled, run.finished if run else None)


def _pairs(run: Run) -> pa.Table:
    from commonweal.knowledge.lake.store import opened
    from commonweal.knowledge.linkage.running import NAMESPACE

    rows = opened().rows(run.link, run.snapshot, namespace=NAMESPACE)
    if rows is None:
        raise NotAllowed("not-linked", f"The table of {run.link} is gone; run: commonweal link run {run.link}")
    return rows


def _said(link_id: str, as_of: datetime | None) -> dict[tuple[str, str], str]:
    """What reviewers had settled by a moment, in runs that held then; the newest word of a pair counts."""
    moment = as_of or clock.now()
    settled = Pair.objects.filter(run__link=link_id, state__in=SETTLED, settled__lte=moment)
    settled = settled.filter(Q(run__undone__isnull=True) | Q(run__undone__gt=moment)).order_by("settled", "id")
    return {(left, right): state for left, right, state in settled.values_list("left", "right", "state")}


def _cut(link_id: str, as_of: datetime | None) -> set[tuple[str, str]]:
    moment = as_of or clock.now()
    return set(Severed.objects.filter(link=link_id, made__lte=moment).values_list("left", "right"))


def _sided(link_id: str, pair: tuple[Any, Any]) -> tuple[str, str]:
    """Rows of two datasets may have one key by chance; of one dataset they are the same rows."""
    link = declared.current().links.get(link_id)
    alone = link is not None and link.right is None
    return (pair[0], pair[1]) if alone else (f"left:{pair[0]}", f"right:{pair[1]}")


def _nodes(link_id: str, table: pa.Table) -> list[tuple[str, str]]:
    pairs = zip(table.column("left_row").to_pylist(), table.column("right_row").to_pylist(), strict=True)
    return [_sided(link_id, pair) for pair in pairs]
