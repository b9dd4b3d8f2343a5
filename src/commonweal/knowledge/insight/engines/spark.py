"""Spark as an engine: each part becomes one task of `mapInArrow`, its summary comes back as Arrow bytes.

Summaries are added up on the executors, eight at a time in the order of their parts, until few are left for this
process. A task whose executor dies is run again by Spark from the part's address; a result carries its part's number,
so nothing is added twice. The package travels to the executors as a zip; they need its libraries (see
docs/how-to/scale-out-with-spark.md).
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import parse_qsl

import pyarrow as pa

from commonweal.core.errors import Refused
from commonweal.knowledge.insight.engines.merging import FAN, merged
from commonweal.knowledge.insight.engines.ports import Part, Summary
from commonweal.knowledge.insight.engines.shipping import package
from commonweal.knowledge.insight.engines.states import pack, unpack

S = TypeVar("S", bound=Summary)
T = TypeVar("T")
R = TypeVar("R")

ANSWER_SECONDS = 3.0
WORKER_SECONDS = 60.0
PIECE = 64 << 20
"""Bytes of a state in one row: Arrow's columns of bytes end at 2 GB."""
SCHEMA = "part long, piece int, state binary, refusal string"
ARROW = pa.schema([("part", pa.int64()), ("piece", pa.int32()), ("state", pa.binary()), ("refusal", pa.string())])


class Spark:
    """A session on a cluster, or inside this machine (`local[n]`). One at a time in a process."""

    threads: int | None = 1

    def __init__(self, address: str) -> None:
        """Raises Refused where PySpark or Java is missing, nobody answers, or the cluster has no worker to give."""
        self.address = address
        master, _, query = address.partition("?")
        _installed()
        # What it says of pandas does not concern `mapInArrow`, which never makes a pandas frame.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        here = _answers(master)
        self.session, self.borrowed = _session(master, here, dict(parse_qsl(query)))
        try:
            if master.startswith("spark://"):
                _has_worker(self.session, master)
            self.session.sparkContext.addPyFile(package())
        except BaseException:
            self.close()
            raise

    def fold(self, parts: Sequence[Part], summarise: Callable[[Iterator[pa.RecordBatch]], S]) -> S:
        """See `ports.Engine`."""
        if not parts:
            raise ValueError("there are no parts to fold")

        def work(part: Part) -> S:
            return summarise(part.batches())

        frame, left = self._mapped(list(parts), work), len(parts)
        while left > FAN:
            left = -(-left // FAN)
            frame = frame.selectExpr(f"part div {FAN} as group", "*").repartition(left, "group")
            frame = frame.groupBy("group").applyInArrow(_add_up, SCHEMA)
        return merged(_collected(frame))

    def each(self, things: Sequence[T], work: Callable[[T], R]) -> list[R]:
        """See `ports.Engine`."""
        return _collected(self._mapped(list(things), work)) if things else []

    def _mapped(self, things: list[Any], work: Callable[[Any], Any]) -> Any:
        """A DataFrame of states: one task for each thing, which is all that the task is sent."""
        from pyspark.cloudpickle import dumps

        rows = [(number, bytearray(dumps(thing))) for number, thing in enumerate(things)]
        context = self.session.sparkContext
        frame = self.session.createDataFrame(context.parallelize(rows, len(rows)), "part long, thing binary")
        return frame.mapInArrow(_task(work), SCHEMA)

    def close(self) -> None:
        """End the session, unless this process had it before."""
        if not self.borrowed:
            self.session.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _task(work: Callable[[Any], Any]) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from pyspark.cloudpickle import loads

        for batch in batches:
            for number, thing in zip(batch["part"].to_pylist(), batch["thing"].to_pylist(), strict=True):
                try:
                    yield from _rows(number, pack(work(loads(thing))))
                except Refused as refusal:  # trying again would be refused again
                    yield _refused(number, refusal)

    return run


def _rows(number: int, state: bytes) -> Iterator[pa.RecordBatch]:
    for piece, start in enumerate(range(0, len(state), PIECE)):
        yield pa.RecordBatch.from_pylist(
            [{"part": number, "piece": piece, "state": state[start : start + PIECE], "refusal": None}], ARROW
        )


def _refused(number: int, refusal: Refused) -> pa.RecordBatch:
    told = json.dumps([refusal.code, refusal.message])
    return pa.RecordBatch.from_pylist([{"part": number, "piece": 0, "state": None, "refusal": told}], ARROW)


def _add_up(table: pa.Table) -> pa.Table:
    """The states of one group as one state."""
    number = table["part"][0].as_py() // FAN
    try:
        rows = list(_rows(number, pack(merged(_states(table)))))
    except Refused as refusal:
        rows = [_refused(number, refusal)]
    return pa.Table.from_batches(rows, ARROW)


def _states(table: pa.Table) -> list[Any]:
    """The states of rows in any order, in the order of their parts. Raises Refused where a part was refused."""
    pieces: dict[int, list[bytes]] = {}
    for row in table.sort_by([("part", "ascending"), ("piece", "ascending")]).to_pylist():
        if row["refusal"] is not None:
            raise Refused(*json.loads(row["refusal"]))
        pieces.setdefault(row["part"], []).append(row["state"])
    return [unpack(b"".join(held)) for held in pieces.values()]


def _collected(frame: Any) -> list[Any]:
    return _states(frame.toArrow())


def _installed() -> None:
    try:
        import pyspark  # noqa: F401
    except ImportError as error:
        raise Refused("no-spark", "This engine needs PySpark: make spark") from error
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java") and not (home and os.path.exists(os.path.join(home, "bin", "java"))):
        raise Refused("no-java", "This engine needs Java 17: apt install openjdk-17-jre-headless, or set JAVA_HOME")


def _answers(master: str) -> str:
    """The address of this machine as the first master that answers sees it. Raises Refused when none does."""
    if not master.startswith("spark://"):
        return "127.0.0.1"
    why: OSError | None = None
    for host in master.removeprefix("spark://").split(","):
        name, _, port = host.rpartition(":")
        try:
            with socket.create_connection((name.strip("[]"), int(port)), ANSWER_SECONDS) as connection:
                return str(connection.getsockname()[0])
        except (OSError, OverflowError) as error:
            why = error if isinstance(error, OSError) else OSError(str(error))
    raise Refused("engine-unreachable", f"Nobody answers at {master} ({why}); is the address right and Spark running?")


def _session(master: str, here: str, options: dict[str, str]) -> tuple[Any, bool]:
    """The session, and whether this process had it before (it can have one). Raises Refused where that is another's."""
    from pyspark.sql import SparkSession

    held = SparkSession.getActiveSession()
    if held is not None:
        if held.sparkContext.master != master:
            raise Refused("engine-busy", f"This process already works with Spark at {held.sparkContext.master}")
        return held, True
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("commonweal")
    settings = {
        "spark.driver.host": here,
        "spark.driver.bindAddress": here,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "1",  # a row may hold 64 MB
        "spark.driver.maxResultSize": "0",
        "spark.log.level": "ERROR",
    }
    for name, value in (settings | options).items():
        builder = builder.config(name, value)
    return builder.getOrCreate(), False


def _has_worker(session: Any, master: str) -> None:
    """Wait a little for the first executor, because a job without one would wait for ever."""
    status = session.sparkContext._jsc.sc()
    until = time.monotonic() + WORKER_SECONDS
    while status.getExecutorMemoryStatus().size() < 2:  # this process counts as one
        if time.monotonic() > until:
            raise Refused("engine-idle", f"Spark at {master} has no worker free; start one, or wait for its other jobs")
        time.sleep(0.1)
