"""The tutorial says what happens: every command in it is run, as a reader would, and ends as it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from commonweal.office.certificates.views import Outcome, Verdict
from commonweal.windows.counter import verdicts

pytestmark = [pytest.mark.room]
ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "tutorial" / "verify-a-certificate.md").read_text()
COMMANDS = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))


def run(place: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """As in a terminal of somebody who filled a demo in `place`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("COMMONWEAL", "DJANGO", "DATABASE"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**kept, "PATH": path, "COMMONWEAL_HOME": str(place / "var")}
    return subprocess.run(
        command, cwd=place, env=environment, capture_output=True, text=True, timeout=300, check=False
    )  # fmt: skip


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """A folder with a demo's home, in which a few people have certificates."""
    made = run(tmp_path, sys.executable, "-m", "commonweal.cli", "simulate", "--cases", "20", "--days", "90")
    assert made.returncode == 0, made.stderr[-3000:]
    return tmp_path


def test_every_command_of_the_tutorial(demo: Path) -> None:
    done = run(demo, "bash", "-euxo", "pipefail", "-c", COMMANDS)
    assert done.returncode == 0, done.stderr[-3000:]
    assert len(re.findall(r"^Genuine and in force\n.* is in force today", done.stdout, re.MULTILINE)) == 2
    third = done.stdout.split("is in force today.\n")[2]
    assert third.startswith(("We could not read a certificate here", "Altered: do not rely on it")), third
    ended = run(demo, "commonweal", "verify", "permit.pdf"), run(demo, "commonweal", "verify", "changed.pdf")
    assert [each.returncode for each in ended] == [0, 1]
    if shutil.which("pdfsig"):
        assert "Signature Validation: Signature is Valid." in done.stdout


def test_every_answer_it_tells_of_is_one_that_is_given() -> None:
    told = re.findall(r"(?<!\*)\*([A-Za-z][^*]+)\*(?!\*)", PAGE)
    given = " | ".join(verdicts.title(Verdict(outcome, "qr")) for outcome in get_args(Outcome)).casefold()
    assert len(told) > 6
    assert not [each for each in told if each.casefold() not in given]
