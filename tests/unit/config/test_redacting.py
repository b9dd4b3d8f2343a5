"""Nothing that opens a door is written to a log, and nobody writes a line of it by typing one."""

from __future__ import annotations

import io
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.config.redacting import OneLine

SECRET = "hunter2-Vq9x"


def logged(message: str, *arguments: object, error: Exception | None = None) -> str:
    """What a handler with our formatter writes."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(OneLine())
    logger = logging.Logger("commonweal.test")
    logger.addHandler(handler)
    logger.error(message, *arguments, exc_info=error)
    return out.getvalue()


@pytest.mark.parametrize(
    "message",
    [
        f"sign-in with password={SECRET} failed",
        f"{{'username': 'wen', 'password': '{SECRET}'}}",
        f'{{"client_secret": "{SECRET}", "id": 1}}',
        f"Authorization: Bearer {SECRET}",
        f"Authorization: Basic {SECRET}",
        f"sent Bearer {SECRET} to /api",
        f"Cookie: sessionid={SECRET}; language=en",
        f"csrfmiddlewaretoken={SECRET}&answer=yes",
        f"cannot reach postgresql://office:{SECRET}@db/commonweal",
        f"COMMONWEAL_KEYS_PASSPHRASE={SECRET}",
        f"GET /callback?code={SECRET}&state={SECRET}x",
        f"X-Api-Key: {SECRET}",
        f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----",
    ],
)
def test_a_secret_is_hidden_in_a_message_and_in_a_traceback(message: str) -> None:
    assert SECRET not in logged("%s", message)
    assert SECRET not in logged("broke", error=ValueError(message))


def test_what_helps_stays() -> None:
    line = logged("case %s of %s was refused: %s", "C-7KQ2M9XB", "open-restaurant", "no-such-step")
    assert "commonweal.test: case C-7KQ2M9XB of open-restaurant was refused: no-such-step" in line
    assert "ERROR" in line


@given(st.text(max_size=200))
def test_whatever_is_typed_stays_on_its_line(typed: str) -> None:
    written = logged("no page %s", typed)
    assert written.endswith("\n")
    assert len(written[:-1].splitlines()) == 1
