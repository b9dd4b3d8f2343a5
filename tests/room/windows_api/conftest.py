"""The tiny government, and clients that speak to its API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from commonweal.core.identity.models import Person
from tests.room.windows_api import world as testland


@pytest.fixture
def world(db: Any) -> testland.World:
    return testland.build()


@pytest.fixture
def api(world: testland.World) -> Callable[..., Client]:
    """A client with a token: `api(world.clerk, "staff")`."""

    def signed(person: Person, scope: str = "person") -> Client:
        wish = {"username": person.username, "password": testland.PASSWORD, "scope": scope}
        answer = Client().post("/api/v1/tokens", wish, content_type="application/json")
        assert answer.status_code == 201, answer.content
        return Client(headers={"Authorization": f"Bearer {answer.json()['token']}"})

    return signed
