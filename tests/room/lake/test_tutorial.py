"""The tutorial says what happens: every command in it is run, as a reader would, and ends as it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.room]
ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "tutorial" / "from-a-spreadsheet-to-a-finding.md"


def test_every_command_of_the_tutorial(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    commands = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL))
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("COMMONWEAL", "DJANGO", "DATABASE"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands], cwd=tmp_path, env={**kept, "PATH": path}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    for said in ("No faults", "buses: done, 33 rows, 3 put aside", "No region has this name or code",
                 "This is less than 0", "This is not a number", "buses: done, 36 rows", "findings worth reading",
                 "buses: done, 54 rows"):  # fmt: skip
        assert said in done.stdout, f"{said!r} is not in what the reader sees:\n{done.stdout[-3000:]}"
    assert re.search(r"\b[1-9]\d* confirmed on data that came later", done.stdout), done.stdout[-1500:]
    assert len((tmp_path / "to-mend.csv").read_text().splitlines()) == 4
