"""The demo jurisdiction, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from commonweal.register import Fault, Register, load

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "riverland"


@pytest.fixture(scope="session")
def reading() -> tuple[Register, tuple[Fault, ...]]:
    """The register and whatever `check` says of it."""
    register, faults = load(FOLDER)
    assert register is not None, [str(fault) for fault in faults]
    return register, tuple(faults)


@pytest.fixture
def riverland(reading: tuple[Register, tuple[Fault, ...]]) -> Register:
    """The register."""
    return reading[0]
