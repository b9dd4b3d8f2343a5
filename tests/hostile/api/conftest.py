"""The tiny government and its tokens, for the generator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from tests.room.windows_api import flow
from tests.room.windows_api import world as testland


@dataclass
class Stage:
    """Tokens by capacity, and real references that make the generator reach past the first check."""

    tokens: dict[str, str]
    refs: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def stage(db: Any) -> Iterator[Stage]:
    """The stage set. Django's own test client is used up here: it reconnects the signals parted below."""
    people = testland.build()
    tokens = {}
    for scope, person in (("person", people.owner), ("staff", people.clerk)):
        wish = {"username": person.username, "password": testland.PASSWORD, "scope": scope}
        tokens[scope] = Client().post("/api/v1/tokens", wish, content_type="application/json").json()["token"]
    owner = Client(headers={"Authorization": f"Bearer {tokens['person']}"})
    application, case = flow.submitted(owner)
    refs = {"application": application, "case": case, "draft": flow.draft(owner)["ref"]}
    signals = (request_started, request_finished)
    for signal in signals:  # a request through WSGI closes connections at its end, and with it the test's transaction
        signal.disconnect(close_old_connections)
    yield Stage(tokens, refs)
    for signal in signals:
        signal.connect(close_old_connections)
