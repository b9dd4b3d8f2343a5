"""Two deployments as real processes, one witnessing the other, which names an older database put in place."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
WRITE = """
import django; django.setup()
from django.db import transaction
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.journal import witnessing
from commonweal.core.journal.actions import record, sequence
with transaction.atomic():
    for number in range({count}):
        record(SYSTEM, "test.thing-happened.v1", "thing:T-1", {{"number": number}})
sequence()
print(witnessing.ask_witnesses())
"""
pytestmark = [pytest.mark.hostile]


@dataclass
class Deployment:
    """A home of its own and the settings it runs with."""

    home: Path
    origin: str
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        mine = {"COMMONWEAL_HOME": str(self.home), "COMMONWEAL_ORIGIN": self.origin}
        return {**kept, **mine, "DJANGO_SETTINGS_MODULE": "commonweal.config.settings", **self.more}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=120
        )

    def commonweal(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "commonweal.cli", *arguments)

    def write(self, count: int) -> int:
        """Record events, give them places, ask the witnesses; how many signed."""
        done = self.run("-c", WRITE.format(count=count))
        assert done.returncode == 0, done.stderr[-2000:]
        return int(done.stdout.split()[-1])


@pytest.fixture
def log(tmp_path: Path) -> Deployment:
    made = Deployment(tmp_path / "south", "south.example")
    done = made.commonweal("setup", str(ROOT / "tests" / "fixtures" / "office"))
    assert done.returncode == 0, done.stderr[-2000:]
    return made


@pytest.fixture
def witness(log: Deployment, tmp_path: Path) -> Iterator[str]:
    """The address of another deployment, with keys of its own, that knows the key of `log`."""
    shutil.copytree(log.home, tmp_path / "north")
    shutil.rmtree(tmp_path / "north" / "keys")
    key = log.commonweal("journal", "key").stdout.split()[-1]
    north = Deployment(tmp_path / "north", "north.example", {"COMMONWEAL_WITNESS_LOGS": key})
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "commonweal.cli", "serve", "--port", str(port), "--no-worker"],
        env=north.environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://localhost:{port}"
    try:
        limit = time.monotonic() + 60
        while _read(address + "/log/keys") is None:
            assert time.monotonic() < limit, "the witness did not come up within a minute"
            with contextlib.suppress(subprocess.TimeoutExpired):
                pytest.fail(f"the witness stopped by itself: {server.wait(timeout=0.2)}")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _read(address: str) -> str | None:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return str(answer.read().decode())
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None


def _copy(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)


def test_the_witness_names_what_the_database_has_forgotten(log: Deployment, witness: str, tmp_path: Path) -> None:
    key = str(_read(witness + "/log/keys")).split()[-1]
    assert key.startswith("north.example/witness+")
    log.more["COMMONWEAL_WITNESSES"] = f"{key}@{witness}/log/witness/add-checkpoint"
    assert log.write(3) == 1
    (database,) = log.home.glob("*.sqlite3")
    _copy(database, tmp_path / "yesterday")
    assert log.write(5) == 1
    sound = log.commonweal("journal", "verify")
    assert sound.returncode == 0, sound.stdout
    kept = tmp_path / "kept.txt"
    last = sorted((log.home / "checkpoints").glob("*.jsonl"))[-1].read_text().splitlines()[-1]
    kept.write_text(json.loads(last)["note"])

    _copy(tmp_path / "yesterday", database)
    shutil.rmtree(log.home / "checkpoints")
    back = log.commonweal("journal", "verify")
    assert back.returncode == 1
    assert "rolled-back: north.example/witness has seen" in back.stdout

    assert log.write(9) == 0, "the witness signs nothing that does not continue what it saw"
    grown = log.commonweal("journal", "verify", "--against", str(kept))
    assert grown.returncode == 1
    assert "that north.example/witness has signed" in grown.stdout
    assert "rewritten: the first" in grown.stdout
    kept.write_text(kept.read_text().replace("south.example/journal\n", "south.example/journal\n1", 1))
    forged = log.commonweal("journal", "verify", "--against", str(kept))
    assert forged.returncode == 1
    assert "forged-checkpoint:" in forged.stdout
