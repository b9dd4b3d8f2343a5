"""Processes killed at random moments, and several sequencers at once: nothing is lost, doubled or out of place."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from commonweal.core.journal.actions import sequence
from commonweal.core.journal.models import Event
from commonweal.core.journal.verify import verify

ROUNDS = 8
pytestmark = [pytest.mark.hostile, pytest.mark.room, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(settings: object, tmp_path: Path) -> dict[str, str]:
    """The environment of processes that share this test's database, keys and checkpoints."""
    settings.KEYS_ROOT = tmp_path / "keys"  # type: ignore[attr-defined]
    environment = {**os.environ, "COMMONWEAL_HOME": str(tmp_path), "COMMONWEAL_SECRET": "test"}
    environment["COMMONWEAL_KEYS_PASSPHRASE"] = settings.KEYS_PASSPHRASE  # type: ignore[attr-defined]
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        environment["DATABASE_URL"] = f"sqlite:///{name}"
    else:
        base = os.environ["DATABASE_URL"].rpartition("/")[0]
        environment["DATABASE_URL"] = f"{base}/{name}"
    run(environment, "ready").wait(60)
    return environment


def run(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    """Start the office at something."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.hostile.core.office", *arguments],
        env=environment, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def finish(process: subprocess.Popen[str]) -> list[str]:
    """What a process said."""
    out, problems = process.communicate(timeout=120)
    assert process.returncode == 0, problems[-3000:]
    return out.split()


def test_killed_at_any_moment(office: dict[str, str]) -> None:
    """A writer and a sequencer are killed together eight times; what was said to be committed is all there, once."""
    chance = random.Random(7)
    said: list[str] = []
    for _ in range(ROUNDS):
        writer, sequencer = run(office, "write", "100000"), run(office, "sequence", "100000")
        assert writer.stdout is not None
        said.append(writer.stdout.readline().strip())
        time.sleep(chance.uniform(0.0, 0.25))
        sequencer.kill()
        writer.kill()
        said += writer.communicate()[0].split("\n")[:-1]
        sequencer.communicate()
    sequence()
    placed = list(Event.objects.order_by("seq").values_list("seq", flat=True))
    assert placed == list(range(len(placed)))
    assert {str(event) for event in Event.objects.values_list("id", flat=True)} >= set(said)
    assert len(said) >= ROUNDS
    report = verify()
    assert report.sound, report.text()
    assert report.size == len(placed)


def test_sequencers_at_once(office: dict[str, str]) -> None:
    """Two writers and two sequencers, none of whom know of each other."""
    writers = [run(office, "write", "60") for _ in range(2)]
    sequencers = [run(office, "sequence", "20") for _ in range(2)]
    said = [event for writer in writers for event in finish(writer)]
    for sequencer in sequencers:
        finish(sequencer)
    sequence()
    assert len(said) == len(set(said)) == 120
    placed = list(Event.objects.order_by("seq").values_list("seq", "id"))
    assert [seq for seq, _ in placed] == list(range(120))
    assert {str(event) for _, event in placed} == set(said)
    report = verify()
    assert report.sound, report.text()
