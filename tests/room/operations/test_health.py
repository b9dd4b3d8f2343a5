"""What a monitor asks, and what it is told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from commonweal.core.declared import queries as declared
from commonweal.core.trust.ports import KeyProblem
from commonweal.operations import health

pytestmark = [pytest.mark.room, pytest.mark.django_db]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def test_alive_even_with_nothing_in_force(client: Client) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})
    assert "no-cache" in answer["Cache-Control"]


def test_not_ready_without_a_register_and_says_which_part(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def nothing() -> None:
        raise RuntimeError("secret detail of the database")

    monkeypatch.setitem(health.CHECKS, "register", nothing)
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json()["parts"] == {"database": True, "register": False, "lake": True}
    assert "secret detail" not in answer.content.decode()
    assert "secret detail" in caplog.text


def test_ready_with_everything_there(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declared, "current", lambda: object())
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)


def test_a_lake_that_cannot_be_written_to_is_not_ready(client: Client, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.LAKE_ROOT = tmp_path / "file" / "lake"
    assert client.get("/ready").json()["parts"]["lake"] is False


def test_figures_are_in_the_format_that_prometheus_reads(client: Client) -> None:
    first = client.get("/metrics")
    answer = client.get("/metrics")
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    line = re.compile(r"[a-z_:][a-z0-9_:]*(\{[a-z]+=\"[a-z-]+\"\})? \d+|# (HELP|TYPE) [a-z_]+ .+")
    told = answer.content.decode()
    assert all(line.fullmatch(each) for each in told.splitlines())
    assert 'commonweal_cases{status="open"} 0' in told
    assert _answered(told) == _answered(first.content.decode()) + 1


def _answered(told: str) -> int:
    found = re.search(r"^commonweal_requests_total (\d+)$", told, re.MULTILINE)
    assert found is not None
    return int(found[1])


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_nothing_is_taken_from_anybody(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_figures_are_told_while_the_keys_do_not_open(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed() -> None:
        raise KeyProblem("the token does not open")

    monkeypatch.setattr("commonweal.operations.metrics.certificates", closed)
    told = client.get("/metrics").content.decode()
    assert "commonweal_cases" in told
    assert "commonweal_certificate_days_left{" not in told
