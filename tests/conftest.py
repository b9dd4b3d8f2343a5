"""What every test relies on: a home of its own, an empty register cache, a journal that can be emptied."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.utils import translation

from tests.databases import SKIP

# A build tries the same examples each time, so that it fails for what was changed and nothing else. To look for new
# ones: HYPOTHESIS_PROFILE=hunt pytest tests/hostile
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis.settings.register_profile("hunt", max_examples=1_000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

TRANSACTIONAL = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}


def pytest_configure() -> None:
    """Hash passwords quickly; keep the SQLite test database in a file, so that two connections meet as in use."""
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    database = django_settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database.setdefault("TEST", {})["NAME"] = str(Path(django_settings.HOME) / "tests.sqlite3")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with how to mend it, what cannot run on this database."""
    reason = os.environ.get(SKIP)
    on_postgresql = "DATABASE_URL" in os.environ
    for item in items:
        if reason and (item.get_closest_marker("room") or item.get_closest_marker("django_db")):
            item.add_marker(pytest.mark.skip(reason=reason))
        if item.get_closest_marker("postgres") and not on_postgresql:
            item.add_marker(pytest.mark.skip(reason=reason or "needs PostgreSQL: run with --database=postgresql"))


def _marked(request: pytest.FixtureRequest) -> tuple[bool, bool]:
    """Whether a test uses the database, and whether it commits."""
    marker = request.node.get_closest_marker("django_db")
    commits = bool(TRANSACTIONAL & set(request.fixturenames)) or bool(marker and marker.kwargs.get("transaction"))
    return bool(marker) or commits or "db" in request.fixturenames, commits


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A page asked for in Chinese leaves its language behind in the thread; the next test begins in English."""
    translation.activate("en")
    yield
    translation.activate("en")


@pytest.fixture(autouse=True)
def _own_home(request: pytest.FixtureRequest) -> Iterator[None]:
    """Files that a test writes beside the database go where no other test looks."""
    uses, _ = _marked(request)
    if not uses:
        yield
        return
    from commonweal.core.declared import queries

    settings = request.getfixturevalue("settings")
    place = request.getfixturevalue("tmp_path")
    settings.HOME = place
    settings.MEDIA_ROOT = place / "uploads"
    settings.LAKE_ROOT = place / "lake"
    settings.TRUST_ROOT = place / "trust"
    queries.forget()
    yield
    queries.forget()


@pytest.fixture(autouse=True)
def _emptied_journal(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the database be emptied after a test that commits: the journal's triggers would rightly refuse.

    They are in place while the test runs; emptying puts them back for the next one.
    """
    if not _marked(request)[1]:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    from django.db import connection

    from commonweal.core.journal import triggers

    triggers.remove(connection)


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    """A block at whose end what waits for the commit runs, inside a test that rolls back."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
