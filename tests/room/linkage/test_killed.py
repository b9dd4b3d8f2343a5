"""A run ended by kill -9: the links are as they were, nobody sees what it wrote, and the next run is whole."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.room.linkage.conftest import ALONE, DATASET, DECLARED, LINK, people

pytestmark = pytest.mark.room
SETTINGS = {"DJANGO_SETTINGS_MODULE": "commonweal.config.settings"}
STOP = """
import sys, threading, django; django.setup()
from commonweal.knowledge.linkage import actions
def report(what, done, total):
    if done == {stage}:
        print("here", flush=True)
        threading.Event().wait(120)
actions.run("same", progress=report)
"""
TELL = """
import django; django.setup()
from commonweal.knowledge.linkage import queries
from commonweal.knowledge.linkage.models import Pair, Run
table = queries.links("same")
print(sorted(zip(table["left_row"].to_pylist(), table["right_row"].to_pylist(), table["run"].to_pylist())))
print(sorted(Pair.objects.filter(box__isnull=False).values_list("ref", flat=True)))
print(*Run.objects.filter(link="same").order_by("id").values_list("status", flat=True))
"""


def run(*arguments: str, env: dict[str, str]) -> str:
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=False, env=env)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A home of its own in which both registers were collected and linked once."""
    folder = tmp_path / "jurisdiction"
    folder.mkdir()
    for name, rows in zip(("one", "other"), people(60), strict=True):
        with (folder / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([["number", "name", "born", "home", "value"], *rows])
    sides = "".join(DATASET % ((name,) * 4) for name in ("one", "other"))
    (folder / "all.yaml").write_text(DECLARED + sides + LINK % "" + ALONE % "")
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "COMMONWEAL_DEMO")}
    made = {**kept, **SETTINGS, "COMMONWEAL_HOME": str(tmp_path / "home"), "COMMONWEAL_JURISDICTION": str(folder)}
    command = (sys.executable, "-m", "commonweal.cli")
    for words in (("setup",), ("collect", "--no-learn"), ("link", "run", "same")):
        run(*command, *words, env=made)
    return made


def test_links_stay_as_they_were(env: dict[str, str]) -> None:
    tell = (sys.executable, "-c", TELL)
    before = run(*tell, env=env).splitlines()
    assert before[2] == "done"
    for stage in (1, 3):  # after reading both sides; after the table was written and before its row says so
        killed = subprocess.Popen([sys.executable, "-c", STOP.format(stage=stage)], env=env, stdout=subprocess.PIPE)
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"here\n"
        killed.kill()
        assert killed.wait(30) == -9
        killed.stdout.close()
        after = run(*tell, env=env).splitlines()
        assert after[:2] == before[:2]
        assert after[2].endswith("running")
    run(sys.executable, "-m", "commonweal.cli", "link", "run", "same", env=env)
    whole = run(*tell, env=env).splitlines()
    assert whole[2] == "done failed failed done"
    pairs = [[row[:2] for row in eval(lines[0])] for lines in (before, whole)]
    assert pairs[0] == pairs[1]
