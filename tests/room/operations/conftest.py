"""A home with the demo's people, and shortcuts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from commonweal.core import clock

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "riverland"
TODAY = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)
"""A Monday."""


@pytest.fixture
def riverland(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo jurisdiction is the one to publish; tables are there already, so nothing migrates."""
    from commonweal.operations import demo

    settings.JURISDICTION = FOLDER
    monkeypatch.setattr(demo, "ready_storage", lambda: None)


@pytest.fixture
def prepared(riverland: None, transactional_db: None) -> None:
    """The demo is prepared, on a Monday."""
    from commonweal.operations import demo

    with clock.travel(TODAY):
        demo.prepare()
