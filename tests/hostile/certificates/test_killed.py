"""Offices killed while they issue certificates: numbers follow each other without a gap, and none is given twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from commonweal.core.journal.actions import sequence
from commonweal.core.journal.models import Event
from commonweal.core.journal.verify import verify
from commonweal.office.casework.models import Counter, Output
from commonweal.office.certificates import events, sealing
from commonweal.office.certificates.models import Certificate
from tests.room.certificates.conftest import Market
from tests.room.office.conftest import World
from tests.room.office.helpers import resident

ROUNDS, AT_ONCE = 4, 2
pytestmark = [pytest.mark.hostile, pytest.mark.room, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(settings: Any, tmp_path: Path) -> dict[str, str]:
    """The environment of processes that share this test's database and keys."""
    settings.KEYS_ROOT = tmp_path / "keys"
    environment = {**os.environ, "COMMONWEAL_HOME": str(tmp_path), "COMMONWEAL_SECRET": "test"}
    environment["COMMONWEAL_KEYS_PASSPHRASE"] = settings.KEYS_PASSPHRASE
    name = connection.settings_dict["NAME"]
    base = "sqlite://" if connection.vendor == "sqlite" else os.environ["DATABASE_URL"].rpartition("/")[0]
    return {**environment, "DATABASE_URL": f"{base}/{name}"}


@pytest.fixture
def market(office: dict[str, str]) -> Market:
    """Pondland with its people, committed, and a first certificate that makes the keys."""
    world = World()
    examiner = world.staff("market-office/examiner", "east-bank", "Examiner One")
    market = Market(world, resident(world), examiner, examiner, examiner, examiner)
    market.issued()
    return market


def killed(office: dict[str, str], seed: int) -> list[str]:
    """Let an office issue until it is killed; the numbers it said."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.certificates.office", str(seed)],
        env=office, cwd=Path(__file__).parents[3], capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr[-3000:]
    return done.stdout.split()


def test_numbers_have_no_gap_and_no_double(office: dict[str, str], market: Market) -> None:
    """Eight offices, two at a time on one database, killed at other statements of the act, or right after it."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        said = [number for numbers in pool.map(lambda seed: killed(office, seed), range(ROUNDS * AT_ONCE))
                for number in numbers]  # fmt: skip
    market.issued()  # the next one goes on where they were stopped
    numbers = list(Certificate.objects.order_by("number").values_list("number", flat=True))
    assert numbers == [f"MP{each:05}" for each in range(1, len(numbers) + 1)]
    assert len(said) == len(set(said)) > ROUNDS, "what was said to be issued was issued once"
    assert set(said) <= set(numbers)
    unsaid = len(numbers) - len(said) - 2  # the first and the last were issued here
    assert 0 < unsaid < ROUNDS * AT_ONCE, "some were killed before the commit and some after it"
    _whole(numbers)


def _whole(numbers: list[str]) -> None:
    """Row, case's output, counter, journal event and seal of each number tell of the same certificates."""
    assert sorted(Output.objects.filter(output="market-pass").values_list("number", flat=True)) == numbers
    assert Counter.objects.get(output="market-pass").last == len(numbers)
    told = Event.objects.filter(type=events.ISSUED)
    assert sorted(each.data["number"] for each in told) == numbers
    assert all(sealing.unbroken(row) for row in Certificate.objects.all())
    places = set(Certificate.objects.values_list("status_list", "status_index"))
    assert len(places) == len(numbers)
    sequence()
    assert verify().sound
