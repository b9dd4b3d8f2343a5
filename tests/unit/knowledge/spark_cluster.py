"""A standalone Spark for tests on the loopback: one master, one worker with two executors, from PySpark's own jars."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlencode

QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Java for processes that live for seconds: compile once and lightly."""
OPTIONS = "?" + urlencode(
    {
        "spark.executor.memory": "512m",
        "spark.executor.cores": "1",
        "spark.executor.extraJavaOptions": QUICK,
        "spark.driver.extraJavaOptions": QUICK,
        "spark.sql.shuffle.partitions": "2",
    }
)
"""Two executors on the worker's two cores."""


def missing() -> str | None:
    """Why there can be no cluster here; None where there can."""
    if find_spec("pyspark") is None:
        return "PySpark is not installed: make spark"
    if not shutil.which("java"):
        return "Spark needs Java 17: apt install openjdk-17-jre-headless, then make spark"
    return None


def free_port() -> int:
    """A port of the loopback nobody uses now."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """The address of a running cluster whose files lie in `folder`."""
    port = free_port()
    address = f"spark://127.0.0.1:{port}"
    with ExitStack() as stack:
        stack.enter_context(_process(folder, "master.Master", "--port", str(port), "--webui-port", str(free_port())))
        _until_it_answers(port, folder / "master.Master.log")
        options = ("--cores", "2", "--memory", "2g", "--webui-port", str(free_port()), "--work-dir", str(folder))
        stack.enter_context(_process(folder, "worker.Worker", *options, address))
        yield address + OPTIONS


@contextmanager
def _process(folder: Path, what: str, *options: str) -> Iterator[None]:
    import pyspark

    home = Path(pyspark.__file__).parent
    command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{what}", "--host", "127.0.0.1", *options]
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": QUICK,
    }
    with (
        open(folder / f"{what}.log", "wb") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder) as process,
    ):
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _until_it_answers(port: int, log: Path) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > until:
                raise RuntimeError(log.read_text()[-2000:]) from None
            time.sleep(0.05)
        else:
            return
