"""Serving: granian in front, the background worker beside it as a process of its own.

The worker is a process rather than a thread so that collecting a dataset never makes a page wait.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path


def serve(host: str, port: int, *, workers: int, worker: bool) -> int:
    """Listen until stopped; returns the exit code. Ctrl-C or SIGTERM stops web and worker."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.config.settings")
    from commonweal.config.settings import STATIC_ROOT

    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    beside = subprocess.Popen([sys.executable, "-m", "commonweal.cli", "worker"]) if worker else None
    try:
        Granian(
            "commonweal.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=max(2, min(8, 2 * (os.cpu_count() or 1))),
            backpressure=64,
            websockets=False,
            respawn_failed_workers=True,
            log_level=LogLevels.warning,
            working_dir=Path.cwd(),
        ).serve()
    finally:
        if beside is not None and beside.poll() is None:
            beside.send_signal(signal.SIGTERM)
            try:
                beside.wait(timeout=10)
            except subprocess.TimeoutExpired:
                beside.kill()
    return 0
