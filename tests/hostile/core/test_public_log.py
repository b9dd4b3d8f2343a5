"""The public log asked for anything at all: it answers with what it is, never with a fault of its own."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonweal.core.identity.actor import SYSTEM
from commonweal.core.journal.actions import record, sequence

pytestmark = [pytest.mark.hostile, pytest.mark.room, pytest.mark.django_db(transaction=True)]
TRIED = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
WORDS = st.text(max_size=40)
NUMBERS = st.one_of(
    st.integers(-5, 40).map(str), st.integers(min_value=2**62).map(str), WORDS, st.just("9" * 5000)
)  # fmt: skip
TILES = st.one_of(
    WORDS,
    st.from_regex(r"(x[0-9]{3}/){0,3}[0-9]{3}(\.p/[0-9]{1,3})?", fullmatch=True),
    st.integers(1, 2000).map(lambda many: "x001/" * many + "000"),
)


@pytest.fixture
def site() -> Client:
    with transaction.atomic():
        for number in range(12):
            record(SYSTEM, "test.thing-happened.v1", f"thing:T-{number}", {"number": number})
    sequence()
    return Client()


@TRIED
@given(level=NUMBERS, path=TILES)
def test_a_tile_is_there_or_not(site: Client, level: str, path: str) -> None:
    answer = site.get("/log/tile/" + _quoted(level) + "/" + _quoted(path))
    assert answer.status_code in (200, 301, 404)
    if answer.status_code == 200 and answer.headers["Content-Type"] == "application/octet-stream":
        assert 0 < len(answer.content) <= 12 * 32


@TRIED
@given(one=NUMBERS, size=st.one_of(st.none(), NUMBERS))
def test_a_proof_is_given_or_what_is_wrong_is_named(site: Client, one: str, size: str | None) -> None:
    for kind, name in (("inclusion", "index"), ("consistency", "old")):
        asked = {name: one} if size is None else {name: one, "size": size}
        answer = site.get(f"/log/proof/{kind}", asked)
        assert answer.status_code in (200, 422)
        told = answer.json()
        assert "path" in told if answer.status_code == 200 else set(told["fields"]) <= set(asked)


@TRIED
@given(
    body=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode), st.just(b"old 0\n\n" + b"x" * 70000))
)
def test_a_witness_refuses_what_it_cannot_read(site: Client, body: bytes) -> None:
    answer = site.post("/log/witness/add-checkpoint", body, content_type="text/plain")
    assert answer.status_code in (400, 404)


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="/.")
