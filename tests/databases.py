"""Says, before Django's settings load, where a test run keeps its data and which database it speaks to.

`pytest --database=postgresql` starts a cluster of its own in a temporary folder, reached by a socket only, and removes
it at the end. Without the option the tests use SQLite. Loaded by `-p tests.databases` in pyproject.toml.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from pathlib import Path
from urllib.parse import quote

import pytest

SKIP = "COMMONWEAL_TEST_SKIP"
"""Environment variable with the reason why database tests cannot run; workers of pytest-xdist inherit it."""
_made: list[Path] = []
_cluster: list[Path] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --database."""
    parser.addoption(
        "--database",
        choices=["sqlite", "postgresql"],
        default="sqlite",
        help="the database that the room tests use (postgresql starts a throw-away cluster)",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Prepare the environment. pytest-xdist's workers inherit it and do nothing here."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        home = Path(tempfile.mkdtemp(prefix="commonweal-tests-"))
        _made.append(home)
        os.environ["COMMONWEAL_HOME"] = str(home)
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop(SKIP, None)
        if early_config.known_args_namespace.database == "postgresql":
            start_cluster()
    return (yield)


@atexit.register
def _clean() -> None:
    """Stop the cluster and remove what this process made."""
    for folder in _cluster:
        _run("pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "-w", "stop", folder=folder)
    for folder in [*_cluster, *_made]:
        shutil.rmtree(folder, ignore_errors=True)
    _cluster.clear()
    _made.clear()


def programs() -> Path | None:
    """Where PostgreSQL's server programs are, the newest version first."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    beside = shutil.which("initdb")
    found = [*folders, *([Path(beside).parent] if beside else [])]
    return next((folder for folder in found if (folder / "initdb").exists()), None)


def start_cluster(*, durable: bool = False) -> None:
    """Start a server and say in DATABASE_URL where it is; in COMMONWEAL_TEST_SKIP why not, without its programs.

    `durable` keeps the server's promises about power cuts, for benchmarks; tests do without.
    """
    if programs() is None:
        os.environ[SKIP] = "needs PostgreSQL's server programs: apt-get install postgresql"
        return
    folder = Path(tempfile.mkdtemp(prefix="cwpg-"))
    _cluster.append(folder)
    user = _user()
    if user:
        shutil.chown(folder, user)
    data = str(folder / "data")
    _run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", folder=folder)
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c max_connections=60 -c timezone=UTC"
    if not durable:
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    log = str(folder / "log")
    _run("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start", folder=folder)
    os.environ["DATABASE_URL"] = f"postgresql://postgres@{quote(str(folder), safe='')}/postgres"


def _user() -> str | None:
    """The account that runs the server: it refuses to be run by root."""
    return "postgres" if os.geteuid() == 0 else None


def _run(program: str, *arguments: str, folder: Path) -> None:
    where = programs()
    assert where is not None
    user = _user()
    as_user = {"user": user, "group": user, "extra_groups": []} if user else {}
    done = subprocess.run(
        [str(where / program), *arguments],
        cwd=folder, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, timeout=60,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False, **as_user,
    )  # fmt: skip
    if done.returncode and "stop" not in arguments:
        raise pytest.UsageError(f"{program} failed: {done.stderr.strip()[-2000:]}")
