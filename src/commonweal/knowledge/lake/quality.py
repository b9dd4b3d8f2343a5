"""How good a collection is, as five shares between 0 and 1. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from commonweal.knowledge.lake.ageing import timeliness
from commonweal.knowledge.lake.checking import Conformed
from commonweal.knowledge.lake.contract import Contract


@dataclass(frozen=True)
class Quality:
    """Completeness: cells that hold something. Validity: rows that met the standard. Uniqueness: rows whose key
    was new. Consistency: values already written the standard's way. Timeliness: 1 when collected within its
    rhythm, less the longer it is overdue."""

    completeness: float
    validity: float
    uniqueness: float
    consistency: float
    timeliness: float

    @property
    def overall(self) -> float:
        """The mean of the five."""
        return sum(asdict(self).values()) / 5


def measure(result: Conformed, stored: pa.Table, contract: Contract, collected: date, today: date) -> Quality:
    """Score what was read (`result`) and what was kept (`stored`)."""
    bad_rows = pc.count_distinct(result.faults.column("row")).as_py() if len(result.faults) else 0
    read = max(result.read, 1)
    cells = max(len(stored) * len(contract.columns), 1)
    empty = sum(column.null_count for column in stored.columns)
    coded = sum(1 for c in contract.columns if c.codes is not None) * read
    return Quality(
        completeness=1 - empty / cells if len(stored) else 0.0,
        validity=max(0.0, 1 - bad_rows / read),
        uniqueness=1 - result.repeated / read,
        consistency=1 - result.spelt / coded if coded else 1.0,
        timeliness=timeliness(contract.dataset.rhythm, collected, today),
    )
