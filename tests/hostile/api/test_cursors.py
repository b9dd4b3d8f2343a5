"""Cursors are opaque: one that was made up, or made for another list, is refused and never a fault."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.test import Client

from tests.room.windows_api import world as testland

pytestmark = [pytest.mark.hostile, pytest.mark.django_db]

POSITIONS: list[Any] = [
    [], [None], [True], [[]], [{}], ["x"], [1], [-1], [2**70], [1.5], ["\x00"], ["9" * 5000], [1, 2], ["x", "y"],
    [None, None], ["2026-01-01T00:00:00+00:00", 1], ["9999-99-99", "x"], ["", 2**70], [1, 2, 3], "text", 5, None,
    {"a": 1},
]  # fmt: skip
RAW = ["nonsense", "=", "%00", "W10", "\u4e2d\u6587", "_" * 390]
LISTS = [
    "/api/v1/services", "/api/v1/life-events", "/api/v1/datasets", "/api/v1/findings", "/api/v1/tokens",
    "/api/v1/applications", "/api/v1/my-data/usage", "/api/v1/my-data/held",
]  # fmt: skip
STAFF = ["/api/v1/staff/inbox", "/api/v1/staff/inbox?view=done", "/api/v1/staff/cases?q=olga"]
DESK = ["/desk/", "/desk/?view=overdue", "/desk/?view=done", "/desk/search?q=olga", "/desk/findings", "/desk/datasets",
        "/desk/register", "/desk/journal"]  # fmt: skip


def cursors() -> list[str]:
    made = [base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in POSITIONS]
    return [*RAW, *made]


@pytest.mark.parametrize("capacity", ["person", "staff", "desk"])
def test_a_made_up_cursor_is_never_a_fault(capacity: str, db: Any) -> None:
    people = testland.build()
    person = people.owner if capacity == "person" else people.clerk
    browser = Client()
    browser.force_login(people.auditor if capacity == "desk" else person)
    faults = []
    for path in {"person": LISTS, "staff": STAFF, "desk": DESK}[capacity]:
        for cursor in cursors():
            joint = "&" if "?" in path else "?"
            answer = browser.get(f"{path}{joint}cursor={cursor}")
            if answer.status_code not in {200, 400, 422}:
                faults.append(f"{path} {cursor[:40]}: {answer.status_code}")
    assert faults == []
