"""Rows that do not fit: where, which column, what stood there and why it cannot stay."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

SCHEMA = pa.schema([("row", pa.int64()), ("column", pa.string()), ("value", pa.string()), ("reason", pa.string())])
"""The quarantine table. `reason` is a code and its parameter (`pattern:^\\d{5}$`); `reasons.words` says it in words."""

VALUE_LIMIT = 200
"""Characters kept of a faulty value: enough to find it, too few to carry a document along."""


@dataclass
class Faults:
    """Collects faults column by column; cheap when there are none."""

    parts: list[pa.Table] = field(default_factory=list)

    def add(self, rows: pa.Array, column: str, values: pa.Array, wrong: npt.NDArray[np.bool_], reason: str) -> None:
        """Record one reason for every row where `wrong`; `rows` are the row numbers in the source."""
        if not wrong.any():
            return
        mask = pa.array(wrong)
        numbers = rows.filter(mask).cast(pa.int64())
        shown = values.filter(mask)
        shown = pc.utf8_slice_codeunits(shown.cast(pa.string()), 0, VALUE_LIMIT)
        count = len(numbers)
        self.parts.append(
            pa.table(
                [numbers, pa.array([column] * count, pa.string()), shown, pa.array([reason] * count)], schema=SCHEMA
            )
        )

    def add_rows(self, rows: list[tuple[int, str, str, str]]) -> None:
        """Record faults found one by one: (row, column, value, reason)."""
        if rows:
            columns = list(zip(*[(r, c, v[:VALUE_LIMIT], why) for r, c, v, why in rows], strict=True))
            self.parts.append(pa.table([pa.array(x) for x in columns], schema=SCHEMA))

    def table(self) -> pa.Table:
        """All faults, by row."""
        if not self.parts:
            return SCHEMA.empty_table()
        return pa.concat_tables(self.parts).sort_by([("row", "ascending"), ("column", "ascending")])


def accumulated(earlier: pa.Table, new: pa.Table, again: pa.Array, read: int) -> pa.Table:
    """Faults of earlier runs and of this one, whose rows are counted on from `read`.

    Rows in `again` were perhaps read before: their faults count only where the earlier ones have none like them.
    """
    known = {(f["column"], f["value"], f["reason"]) for f in earlier.to_pylist()} if len(again) else set()
    rows = frozenset(again.to_pylist())
    seen = [f["row"] in rows and (f["column"], f["value"], f["reason"]) in known for f in new.to_pylist()]
    fresh = new.filter(pa.array([not each for each in seen], pa.bool_()))
    fresh = fresh.set_column(0, SCHEMA.field(0), pc.add(fresh.column("row"), read))
    return pa.concat_tables([earlier.cast(SCHEMA), fresh.cast(SCHEMA)])
