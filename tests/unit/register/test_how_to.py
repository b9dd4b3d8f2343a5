"""What the how-to pages show is what happens."""

from __future__ import annotations

import re
import shutil
import textwrap
from pathlib import Path

import pytest

from commonweal.register import commands, load
from tests.unit.register import small

ROOT = Path(small.__file__).parents[3]
DEMO = ROOT / "examples" / "riverland"


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEMO, tmp_path / "riverland"))


def page(name: str) -> str:
    return (ROOT / "docs" / "how-to" / f"{name}.md").read_text()


def test_the_service_that_is_shown_can_be_declared(demo: Path) -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", page("declare-a-service"), re.DOTALL)
    (demo / "services" / "tables.yaml").write_text(textwrap.dedent(text))
    made, found = load(demo)
    assert found == ()
    assert made is not None
    assert "pavement-tables" in made.services


def test_the_fault_that_is_shown_is_the_fault_that_is_found(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", page("declare-a-service"), re.DOTALL)
    (line,) = re.findall(r"examples/riverland/services/tables.yaml:\d.*", page("declare-a-service"))
    wrong = textwrap.dedent(text).replace("city-management/officer", "city-management/oficer")
    (demo / "services" / "tables.yaml").write_text(wrong)
    assert line.removeprefix("examples/riverland/") in commands.check(demo)[0].replace(f"{demo}/", "")


def test_the_plan_that_is_shown_is_the_plan_that_is_made(demo: Path) -> None:
    file = demo / "services" / "everyday.yaml"
    text = file.read_text()
    assert 'amount: "120.00"' in text
    file.write_text(text.replace('amount: "120.00"', "amount: 150"))
    made, code = commands.plan(DEMO, demo)
    shown = textwrap.dedent(page("plan-a-change").split("```console")[2].split("```")[0])
    assert code == 0
    assert made.splitlines()[1:] == [line.rstrip() for line in shown.splitlines()[3:]]
