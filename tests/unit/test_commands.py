"""The command line as an operator meets it: help with examples, errors that say what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from commonweal.cli import app
from tools import command_reference

NAMES = sorted(command_reference.commands(app))


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "commonweal.cli", *arguments],
        capture_output=True, text=True, timeout=120, env={**os.environ, **environment},
    )  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_command_shows_an_example(name: str) -> None:
    assert f"commonweal {name}" in command_reference.help_of(app, name).split("Example:", 1)[1]


def test_the_reference_page_is_the_help() -> None:
    assert command_reference.PAGE.read_text() == command_reference.render(), "run: python -m tools.command_reference"


@pytest.mark.parametrize(
    "expected",
    [
        "check",
        "plan",
        "demo",
        "serve",
        "worker",
        "collect",
        "journal verify",
        "simulate",
        "correlate",
        "discover",
    ],
)
def test_the_promised_commands_are_there(expected: str) -> None:
    assert expected in NAMES


def test_an_empty_home_says_what_to_run(tmp_path: Path) -> None:
    result = run("journal", "verify", COMMONWEAL_HOME=str(tmp_path), DATABASE_URL=f"sqlite:///{tmp_path}/x.sqlite3")
    assert result.returncode == 1
    assert "commonweal setup" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_missing_folder_is_one_clear_line(tmp_path: Path) -> None:
    result = run("check", str(tmp_path / "nowhere"))
    assert result.returncode == 1
    assert "nowhere" in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


def test_pure_commands_do_not_load_the_database_layer() -> None:
    code = "import commonweal.cli, sys; import commonweal.register; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
