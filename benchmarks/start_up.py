"""From `commonweal serve` to the first page, and the memory of web and worker together.

Limit, not peer: < 5 s and < 300 MB (docs/reference/figures.md). Makes a small home of its own when
COMMONWEAL_HOME is not set.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path


def tree(pid: int) -> list[int]:
    """A process and all it started (Linux /proc)."""
    below: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            below += tree(int(child))
    return [pid, *below]


def proportional_mb(pids: list[int]) -> float:
    """Proportional set size in MB: shared pages are counted once over the processes that share them."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def measure(home: str, port: int) -> tuple[float, float, float]:
    """Seconds to the first page, MB then, and MB after fifty pages."""
    environment = {**os.environ, "COMMONWEAL_HOME": home, "COMMONWEAL_DEMO": "1"}
    began = time.perf_counter()
    server = subprocess.Popen([sys.executable, "-m", "commonweal.cli", "serve", "--port", str(port)], env=environment)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://localhost:{port}/", timeout=5).read()
                break
            except (urllib.error.URLError, ConnectionError):
                if time.perf_counter() - began > 60 or server.poll() is not None:
                    raise SystemExit("the server did not come up") from None
        seconds = time.perf_counter() - began
        first = proportional_mb(tree(server.pid))
        for _ in range(50):
            urllib.request.urlopen(f"http://localhost:{port}/services/open-restaurant", timeout=5).read()
        return seconds, first, proportional_mb(tree(server.pid))
    finally:
        server.terminate()
        server.wait(timeout=20)


def main() -> None:
    """Measure three starts over one home and print the median."""
    with tempfile.TemporaryDirectory() as folder:
        home = os.environ.get("COMMONWEAL_HOME", folder)
        made = [sys.executable, "-m", "commonweal.cli", "demo", "--no-serve", "--cases", "30", "--days", "30"]
        subprocess.run(made, env={**os.environ, "COMMONWEAL_HOME": home}, check=True, capture_output=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        runs = sorted(measure(home, port) for _ in range(3))
    seconds, first, later = runs[1]
    print("| what | measured (median of 3) | limit |\n|---|---|---|")
    print(f"| start to first page | {seconds:.1f} s | < 5 s |")
    print(f"| memory, web + worker, after the first page | {first:.0f} MB | < 300 MB |")
    print(f"| memory after fifty pages | {later:.0f} MB | < 300 MB |")


if __name__ == "__main__":
    main()
