"""From an address to an engine."""

from __future__ import annotations

import os
import re

from commonweal.core.errors import Refused
from commonweal.knowledge.insight.engines.local import Local
from commonweal.knowledge.insight.engines.ports import Engine

ADDRESS = "COMMONWEAL_ENGINE"
LOCAL = "local"
SPARK = re.compile(r"spark://[^\s?,]+:\d+(,[^\s?,]+:\d+)*|local\[(\d+|\*)(,\s*\d+)?\]")


def at(address: str | None = None) -> Engine:
    """The engine at an address; without one that of COMMONWEAL_ENGINE, else `local`.

    `local` is this process. `spark://host:7077` is a Spark cluster, `local[2]` a Spark inside this machine with two
    tasks at a time; settings of Spark may follow as a query: `spark://host:7077?spark.executor.memory=4g`.
    Raises Refused, within seconds, where the address is none, Spark is not installed or nobody answers there.
    """
    wanted = (address or os.environ.get(ADDRESS) or LOCAL).strip()
    if wanted == LOCAL:
        return Local()
    if not SPARK.fullmatch(wanted.partition("?")[0]):
        raise Refused(
            "engine", f"{wanted[:200]!r} is no engine; write local, local[2] or spark://host:7077 ({ADDRESS}, --engine)"
        )
    from commonweal.knowledge.insight.engines.spark import Spark  # PySpark is an extra

    return Spark(wanted)
