"""A standalone Spark for tests: one master and two workers on the loopback, from PySpark's own jars."""

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

OPTIONS = "?spark.executor.memory=512m&spark.executor.cores=1"


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
def cluster(folder: Path, workers: int = 2) -> Iterator[str]:
    """The address of a running cluster whose files lie in `folder`."""
    port = free_port()
    address = f"spark://127.0.0.1:{port}"
    with ExitStack() as stack:
        stack.enter_context(_process(folder, "master.Master", "--port", str(port), "--webui-port", str(free_port())))
        _until_it_answers(port, folder / "master.Master.log")
        for number in range(workers):
            place = folder / f"worker-{number}"
            place.mkdir()
            options = ("--cores", "1", "--memory", "1g", "--webui-port", str(free_port()), "--work-dir", str(place))
            stack.enter_context(_process(place, "worker.Worker", *options, address))
        yield address + OPTIONS


@contextmanager
def _process(folder: Path, what: str, *options: str) -> Iterator[None]:
    import pyspark

    home = Path(pyspark.__file__).parent
    command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{what}", "--host", "127.0.0.1", *options]
    environment = os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m"}
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
