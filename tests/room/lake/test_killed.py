"""A collector that is killed: the table is as it was, and the next run goes on where it stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.room.lake.conftest import Interface, school, write

pytestmark = pytest.mark.room
COUNT = """
from commonweal.knowledge.lake import queries
from commonweal.knowledge.lake.models import Collection
print(len(queries.table("schools")), *Collection.objects.order_by("id").values_list("status", flat=True))
"""


def environment(home: Path, folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "COMMONWEAL_DEMO")}
    return {**kept, "COMMONWEAL_HOME": str(home), "COMMONWEAL_JURISDICTION": str(folder)}


def run(*arguments: str, **more: Any) -> str:
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=False, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_killed_half_way(tmp_path: Path, interface: Interface) -> None:
    third, go_on = threading.Event(), threading.Event()
    changed = False

    def answer(query: dict[str, str]) -> Any:
        page = int(query["page"])
        if changed and page == 3 and not go_on.is_set():
            third.set()
            go_on.wait(60)
        return [school(page * 10 + i, 7 if changed else 100) for i in range(4)] if page <= 3 else []

    interface.answer = answer
    source = f"{{type: http, url: '{interface.address}/s', pages: {{by: number, parameter: page}}}}"
    folder = write(tmp_path / "jurisdiction", source)
    command = [sys.executable, "-m", "commonweal.cli"]
    env = environment(tmp_path / "home", folder)
    run(*command, "setup", env=env)
    run(*command, "collect", "--no-learn", env=env)

    changed = True
    killed = subprocess.Popen([*command, "collect", "--no-learn"], env=env, stderr=subprocess.DEVNULL)
    assert third.wait(60)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait(30) == -signal.SIGKILL
    go_on.set()
    shell = [sys.executable, "-c", "import django; django.setup()\n" + COUNT]
    env_shell = {**env, "DJANGO_SETTINGS_MODULE": "commonweal.config.settings"}
    assert run(*shell, env=env_shell) == "12 done running\n"
    before = len(interface.asked)

    run(*command, "collect", "--no-learn", env=env)
    assert interface.asked[before:] == ["/s?page=3", "/s?page=4"]
    assert run(*shell, env=env_shell) == "12 done failed done\n"
