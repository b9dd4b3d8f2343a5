"""Rows with what identifies people, for linking only: read from the publisher's source, held in memory, never stored.

The lake keeps people under pseudonyms and keeps no names. A declared link may compare names, so it reads the source
once more, at the moment of linking, and gets each row together with the keys under which the lake knows it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from commonweal.core.declared import queries as declared
from commonweal.core.errors import Refused
from commonweal.knowledge.lake import queries, sources
from commonweal.knowledge.lake.checking import conform
from commonweal.knowledge.lake.contract import Contract
from commonweal.knowledge.lake.faults import Faults
from commonweal.knowledge.lake.fetching import REMOTE, fetch
from commonweal.knowledge.lake.merging import latest
from commonweal.knowledge.lake.pseudonyms import conceal
from commonweal.knowledge.lake.shaping import shape
from commonweal.knowledge.lake.store import opened

KEY = "__key_"
"""Stands before the name of each key column as the lake holds it."""


@dataclass(frozen=True)
class Identified:
    """Clear rows and the snapshot whose keys they carry; `unknown` rows of the source are not in that snapshot."""

    rows: pa.Table
    snapshot: int
    unknown: int


def identified(dataset_id: str, columns: tuple[str, ...]) -> Identified:
    """The named columns in clear of every row the newest snapshot holds, with its keys as `__key_<name>`.

    For linkage, which journals each call. Raises Refused where the dataset was not collected or cannot be read.
    """
    register = declared.current()
    whole, kept = Contract.of(register, dataset_id, linking=True), Contract.of(register, dataset_id)
    snapshot = queries.snapshot_at(dataset_id)
    if snapshot is None:
        raise Refused("not-collected", f"No rows of {dataset_id} were collected; run: commonweal collect {dataset_id}")
    clear = _read(whole)
    keys = conceal(clear.select(kept.names), kept).select(kept.dataset.keys)
    for name in kept.dataset.keys:
        clear = clear.append_column(KEY + name, keys.column(name).cast(pa.string()))
    marks = [KEY + name for name in kept.dataset.keys]
    clear = clear.select([*dict.fromkeys(columns), *marks])
    known = queries.table(dataset_id, snapshot).select(kept.dataset.keys)
    stored = pa.table([pc.cast(column, pa.string()) for column in known.columns], names=marks)
    found = clear.join(stored, keys=marks, join_type="inner").sort_by([(mark, "ascending") for mark in marks])
    if len(clear) and not len(found):
        raise Refused(
            "link-other-keys",
            f"No row of {dataset_id} as published has a key that the lake holds; collect it anew: "
            f"commonweal collect {dataset_id} --full",
        )
    return Identified(found, snapshot, len(clear) - len(found))


def _read(contract: Contract) -> pa.Table:
    source = contract.dataset.source
    if source is None or not sources.collectable(source) or source.type == "journal":
        raise Refused("no-source", f"Dataset {contract.dataset.id} has no source that can be read for linking")
    faults = Faults()
    if source.type in REMOTE:
        fetched = fetch(contract, opened().root, "")
        if fetched.spool is not None:
            fetched.spool.clear()
        raw = fetched.table
    else:
        raw = sources.published(contract, settings.JURISDICTION).table
    shaped = shape(raw, source, contract)
    good = conform(shaped.table, contract, unique=source.cursor is None, faults=faults).good
    return latest(good, contract.dataset.keys) if source.cursor is not None else good
