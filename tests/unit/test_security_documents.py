"""The security documents are complete: every requirement has its line, every line its file, every room its threats."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (?P<number>\d+\.\d+\.\d+) \| (?P<level>[12]) \| (?P<how>[^|]+) \|(?P<shown>[^|]*)\|$")


def rows() -> list[re.Match[str]]:
    text = (ROOT / "docs/reference/asvs.md").read_text(encoding="utf-8")
    return [found for line in text.splitlines() if (found := ROW.match(line))]


def test_every_requirement_of_level_two_has_one_line() -> None:
    wanted = [
        tuple(line.split())
        for line in (ROOT / "tests/fixtures/asvs-5.0.0.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert sorted((row["number"], row["level"]) for row in rows()) == sorted(wanted)


def test_what_a_line_points_to_is_there_and_a_line_without_says_why() -> None:
    for row in rows():
        pointed = re.findall(r"\]\(\.\./\.\./([^)]+)\)", row["shown"])
        assert all((ROOT / path).is_file() for path in pointed), row["number"]
        if not pointed:
            assert len(row["how"].strip()) > 12, row["number"]


def test_the_threat_model_speaks_of_every_room_and_every_letter() -> None:
    text = (ROOT / "docs/explanation/threat-model.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"(?ms)^## (\S+)\n(.*?)(?=^## |\Z)", text))
    source = ROOT / "src/commonweal"
    rooms = {"config", "operations", "register"}
    for floor in ("core", "office", "knowledge", "windows"):
        rooms |= {f"{floor}/{room.name}" for room in (source / floor).iterdir() if (room / "__init__.py").exists()}
    assert rooms - set(told) == set()
    for room, words in told.items():
        letters = set(re.findall(r"\b([STRIDE])(?=[,:])", words))
        assert letters == set("STRIDE"), room
