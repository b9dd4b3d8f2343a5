"""New rows and old ones with the same keys: what is new, what changed, what stays. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

PLACE = "__place"


@dataclass(frozen=True)
class Merge:
    """Rows whose key is new, rows that replace one, and the rows of the table that stay as they are."""

    fresh: pa.Table
    altered: pa.Table
    kept: pa.Table

    @property
    def whole(self) -> pa.Table:
        """The table after the merge."""
        return pa.concat_tables([self.kept, self.altered, self.fresh])


def latest(rows: pa.Table, keys: Sequence[str]) -> pa.Table:
    """The last row of each key: a source told in the order of its cursor says the newest last."""
    placed = rows.append_column(PLACE, pa.array(np.arange(len(rows)), pa.int64()))
    last = placed.group_by(list(keys)).aggregate([(PLACE, "max")]).column(f"{PLACE}_max")
    return rows.take(pa.array(np.sort(last.to_numpy()), pa.int64()))


def merge(old: pa.Table, new: pa.Table, keys: Sequence[str]) -> Merge:
    """Put `new` (one row a key) into `old` (one row a key): the same rows again change nothing."""
    keys = list(keys)
    new = new.select(old.column_names).cast(old.schema)
    mine = new.select(keys).append_column("__new", pa.array(np.arange(len(new)), pa.int64()))
    theirs = old.select(keys).append_column("__old", pa.array(np.arange(len(old)), pa.int64()))
    both = mine.join(theirs, keys, join_type="inner")
    at_new, at_old = both.column("__new").to_numpy(), both.column("__old").to_numpy()
    differs = _differs(old.take(pa.array(at_old)), new.take(pa.array(at_new)))
    fresh = np.ones(len(new), dtype=bool)
    fresh[at_new] = False
    stays = np.ones(len(old), dtype=bool)
    stays[at_old[differs]] = False
    altered = np.sort(at_new[differs])
    return Merge(new.filter(pa.array(fresh)), new.take(pa.array(altered, pa.int64())), old.filter(pa.array(stays)))


def _differs(left: pa.Table, right: pa.Table) -> npt.NDArray[np.bool_]:
    """Row by row, whether two tables of one schema differ; null equals null."""
    differs = np.zeros(len(left), dtype=bool)
    for mine, theirs in zip(left.columns, right.columns, strict=True):
        equal = pc.fill_null(pc.equal(mine, theirs), False)
        same = pc.or_(equal, pc.and_(pc.is_null(mine), pc.is_null(theirs)))
        differs |= ~same.to_numpy()
    return differs
