"""Every refusal a room can raise has a sentence for the person who meets it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from commonweal.core.errors import Invalid, NotAllowed, Refused, Stale
from commonweal.windows.look.refusals import words
from commonweal.windows.look.sentences import SENTENCES

SOURCE = Path(__file__).resolve().parents[3] / "src" / "commonweal"
RAISED = re.compile(r"\b(?:Refused|Stale)\(\s*\"([a-z-]+)\"")
NOT_FOR_PEOPLE = {"faults"}
"""Met by an operator at a terminal, who reads the room's own message."""


def test_every_code_raised_has_its_sentence() -> None:
    raised = {
        code
        for floor in ("core", "office", "windows")
        for path in (SOURCE / floor).rglob("*.py")
        for code in RAISED.findall(path.read_text())
    }
    assert len(raised) > 15
    assert not raised - SENTENCES.keys() - NOT_FOR_PEOPLE


@pytest.mark.parametrize(
    ("refused", "title"),
    [
        (Refused("locked-out", "Too many attempts", minutes=7), "尝试次数过多"),
        (Stale("stale", "Somebody acted"), "打开之后，内容有了变化"),
        (NotAllowed("no-such-service", "There is none"), "找不到页面"),
        (Invalid({"a": "b"}), "有几项回答需要修改"),
    ],
)
def test_a_refusal_is_said_in_the_readers_language(refused: Refused, title: str) -> None:
    with override("zh-hans"):
        assert words(refused)[0] == title


def test_parameters_stand_in_the_sentence() -> None:
    with override("en"):
        assert "wait 7 minutes" in words(Refused("locked-out", "…", minutes=7))[1]


def test_an_unknown_code_or_a_lost_parameter_still_says_something() -> None:
    with override("en"):
        assert words(Refused("never-heard-of", "The room's own words"))[0] == "This cannot be done now"
        assert words(Refused("locked-out", "The room's own words"))[1] == "The room's own words"
