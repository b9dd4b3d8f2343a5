"""Faults for people, editors and code review; and what a department holds already."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commonweal.register import commands
from commonweal.register.once_only import once_only
from commonweal.register.report import render_sarif
from tests.unit.register import small

WRONG = (("authority: market-regulation", "authority: market-regulatoin"), ("total: P7D", "total: P5D"))


def test_text_has_one_fault_a_line_and_a_count(tmp_path: Path) -> None:
    text, code = commands.check(small.write(tmp_path, *WRONG))
    lines = text.splitlines()
    assert code == 1
    assert lines[0] == (
        f"{tmp_path}/services/open-restaurant.yaml:4:12 error unknown-name: No organisation is declared as"
        " “market-regulatoin” (did you mean “market-regulation”?)"
    )
    assert lines[-1] == "1 error and 1 warning"
    assert commands.check(small.write(tmp_path / "whole")) == ("No faults\n", 0)


def test_warnings_alone_do_not_fail(tmp_path: Path) -> None:
    text, code = commands.check(small.write(tmp_path, WRONG[1]))
    assert (text.splitlines()[-1], code) == ("1 warning", 0)


def test_json_counts_and_places(tmp_path: Path) -> None:
    found = json.loads(commands.check(small.write(tmp_path, *WRONG), format="json")[0])
    assert (found["errors"], found["warnings"]) == (1, 1)
    assert {"line": 4, "column": 12, "suggestion": "market-regulation"}.items() <= found["faults"][0].items()


def test_sarif_is_what_code_scanning_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small.write(tmp_path / "a b", *WRONG)
    monkeypatch.chdir(tmp_path)
    log = json.loads(commands.check(tmp_path / "a b", format="sarif")[0])
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert log["version"] == "2.1.0"
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning")
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "a%20b/services/open-restaurant.yaml"
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] >= 1
    assert json.loads(render_sarif([]))["runs"][0]["results"] == []


def test_what_a_department_holds_is_named_with_its_law(tmp_path: Path) -> None:
    made = small.register(
        tmp_path,
        ("  - {element: business.trade_name}\n", "  - {element: applicant.birth_date}\n  - {element: person.number}\n"),
        ("dataset: residents, upload: false", "dataset: residents"),
    )
    found = once_only(made)
    assert [(h.what, h.asked, h.dataset, h.publisher, h.law) for h in found] == [
        ("question", "applicant.birth_date", "residents", "civil-registry", "registry-act/7"),
        ("paper", "proof-of-age", "residents", "civil-registry", "registry-act/7"),
    ]
    assert found[0].plain()["place"] == ["form", 0]


def test_the_once_only_command_points_at_the_question(tmp_path: Path) -> None:
    folder = small.write(tmp_path, ("  - {element: business.trade_name}\n", "  - {element: applicant.birth_date}\n"))
    text, code = commands.check(folder, once_only=True)
    assert code == 0
    assert "services/open-restaurant.yaml:15:5 warning already-held: The question “applicant.birth_date”" in text
    assert "Civil registry keeps it in “residents”; it can be fetched under registry-act/7" in text
    assert commands.check(small.write(tmp_path / "b"), once_only=True)[0] == "No faults\n"
