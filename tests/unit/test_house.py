"""The house as drawn: every room documented, every arrow allowed, every command explained."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "commonweal"
ROOMS = [*sorted(path.parent.relative_to(SOURCE) for path in SOURCE.glob("**/apps.py")), Path("register")]


@pytest.mark.parametrize("room", ROOMS, ids=str)
def test_every_room_is_explained(room: Path) -> None:
    page = ROOT / "docs" / "explanation" / f"{room.name}.md"
    assert page.exists(), f"write docs/explanation/{room.name}.md: what the room does better and how one sees it"
    assert len(page.read_text().split()) > 80, f"{page.name} says next to nothing"


@pytest.mark.parametrize("room", ROOMS, ids=str)
def test_every_room_is_drawn(room: Path) -> None:
    assert re.search(rf"\b{room.name}\b", (ROOT / "ARCHITECTURE.md").read_text())


def test_imports_follow_the_drawing() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-3000:]


def test_contracts_have_no_exceptions() -> None:
    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text()


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines()]


def test_no_file_names_a_package_registry() -> None:
    pattern = re.compile(r"(--(extra-)?index-url|files\.pythonhosted|registry\.npmjs|//pypi\.org/simple)")
    for path in _tracked():
        if path.suffix in {".txt", ".in", ".toml", ".cfg", ".yml", ".yaml", ".json", ""} and path.is_file():
            assert not pattern.search(path.read_text(errors="ignore")), path


def test_locks_pin_every_package_with_hashes() -> None:
    for name in ("base.txt", "dev.txt"):
        lines = (ROOT / "requirements" / name).read_text().splitlines()
        pins = [line for line in lines if re.match(r"^[a-z0-9]", line)]
        assert pins
        assert all("==" in pin for pin in pins)
        assert sum("--hash=sha256:" in line for line in lines) >= len(pins)


def test_no_source_file_grows_into_a_monolith() -> None:
    for path in SOURCE.glob("**/*.py"):
        if "migrations" not in path.parts:
            assert len(path.read_text().splitlines()) <= 500, path
