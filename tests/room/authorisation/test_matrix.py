"""Every role on every address of the windows, held to the table in docs/reference/authorisation.md.

The table is the promise, and it is complete: an address without a line fails, and so does a line without an address.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.room.authorisation.conftest import ROLES, Ask
from tests.room.authorisation.walking import addresses, filled

pytestmark = [pytest.mark.room, pytest.mark.django_db]
TABLE = Path(__file__).parents[3] / "docs" / "reference" / "authorisation.md"
METHODS = ("get", "post")
_LINE = re.compile(r"^\| `(?P<method>GET|POST) (?P<route>/[^`]*)` \|(?P<answers>.*)\|$")


@cache
def promised() -> dict[tuple[str, str], tuple[int, ...]]:
    """(method, route) to what each role is answered, in the order of ROLES."""
    lines = (_LINE.match(line) for line in TABLE.read_text(encoding="utf-8").splitlines())
    return {
        (found["method"].lower(), found["route"]): tuple(int(each) for each in found["answers"].split("|"))
        for found in lines
        if found
    }


def test_every_address_has_its_lines_and_every_line_its_address() -> None:
    declared = {(method, route) for route in addresses() for method in METHODS}
    assert set(promised()) - declared == set(), "these addresses are gone: take their lines out of the table"
    assert declared - set(promised()) == set(), "these addresses are new: say in the table who may open them"


@pytest.mark.parametrize("part", range(8))
def test_everybody_is_answered_as_promised(part: int, ask: Ask, fillings: dict[str, dict[str, str]]) -> None:
    wrong = []
    for (method, route), statuses in sorted(promised().items())[part::8]:
        address = filled(route, fillings)
        answered = tuple(ask(role, method, address) for role in ROLES)
        if answered != statuses:
            wrong.append(f"{_line(method, route, answered)}  promised {statuses}")
    assert not wrong, "\n".join(wrong)


def test_a_broken_page_is_promised_to_nobody() -> None:
    assert [line for line, statuses in promised().items() if any(status >= 500 for status in statuses)] == []


def _line(method: str, route: str, answers: tuple[int, ...]) -> str:
    return f"| `{method.upper()} {route}` | {' | '.join(str(each) for each in answers)} |"
