"""Whatever a folder holds: reading it ends, says what is wrong and where, and loses nothing silently."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.register import Fault, Register, load
from commonweal.register.check.patterns import problem
from commonweal.register.check.services import number_problem
from commonweal.register.explanations import EXPLANATIONS
from commonweal.register.report import render_json, render_sarif, render_text
from commonweal.register.rules import RuleError, Rules, compile_rule
from tests.unit.register import small

pytestmark = pytest.mark.hostile
FILES = {name: text.encode() for name, text in small.FILES.items()}
TOKENS = [
    "kind: ", "Region", "PublicService", "id: ", "a", "- ", "[", "]", "{", "}", ": ", ",", "&a ", "*a", "!!str ", "!x ",
    "|", ">", "\n", "  ", "\t", "#", "'", '"', "---\n", "...\n", "? ",
    "%YAML 1.2\n", "\ufeff", "\x00", "\x85", "\u2028",
    "是", "name: {en: a, zh-hans: 甲}", "<<: ", "null", "~", "yes", "1e999", "0x1F", "2025-13-45", "\\", "=", "@", "`",
]  # fmt: skip


@contextmanager
def folder(files: dict[str, bytes]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as temporary:
        for name, data in files.items():
            path = Path(temporary, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        yield Path(temporary)


def read(files: dict[str, bytes]) -> tuple[Register | None, tuple[Fault, ...]]:
    """Load the files, and hold every fault to what a fault promises."""
    with folder(files) as root:
        made, found = load(root)
        lines = {str(root / name): len(re.split(rb"\r\n|\n|\r", data)) for name, data in files.items()}
        for fault in found:
            assert fault.code in EXPLANATIONS
            assert fault.message
            assert fault.column >= 1
            assert 1 <= fault.line <= lines.get(fault.file, 1)
        for render in (render_text, render_json, render_sarif):
            assert render(found)
        if made is None:
            assert any(fault.severity == "error" for fault in found)
        else:
            assert Register.from_json(made.to_json()) == made
        return made, found


@given(st.binary(max_size=400) | st.lists(st.sampled_from(TOKENS), max_size=60).map(lambda t: "".join(t).encode()))
@settings(deadline=None)
def test_random_files_never_stop_the_reading_of_the_others(data: bytes) -> None:
    read({**FILES, "more/bad.yaml": data})


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, bytes]:
    """The jurisdiction with some bytes of one file dropped, doubled, swapped or replaced."""
    name = draw(st.sampled_from(sorted(FILES)))
    data = FILES[name]
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        length = draw(st.integers(0, 12))
        instead = draw(
            st.sampled_from([b"", data[at : at + length] * 2, data[:length]])
            | st.sampled_from(TOKENS).map(str.encode)
            | st.binary(max_size=4)
        )
        data = data[:at] + instead + data[at + length :]
    return {**FILES, name: data}


@given(damaged())
@settings(max_examples=300, deadline=None)
def test_a_damaged_jurisdiction_has_a_fault_or_is_another_whole_one(files: dict[str, bytes]) -> None:
    made, found = read(files)
    assert made is not None or found


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict):
        for key, each in value.items():
            yield from leaves(each, (*path, key))
    elif isinstance(value, list):
        for i, each in enumerate(value):
            yield from leaves(each, (*path, i))


PLAIN = {name: yaml.load(text, yaml.CBaseLoader) for name, text in small.FILES.items()}
PLACES = [(name, path) for name, value in PLAIN.items() for path in leaves(value) if path]
ODD = st.sampled_from(
    [None, True, "", " ", [], {}, [[]], "-1", "1e9", "9" * 40, "x" * 500, "\x07", "../../etc/passwd", "{", "是", "P3D",
     "2025-01-01", "a.b", "a/b", {"en": "x"}, {"kind": "Region"}, ["a", "a"], "true", "NaN", "Infinity", "-0"]
)  # fmt: skip


@given(st.sampled_from(PLACES), ODD, st.sampled_from(["replace", "drop", "rename", "double"]))
@settings(max_examples=400, deadline=None)
def test_any_value_may_be_anything(place: tuple[str, tuple[Any, ...]], odd: Any, how: str) -> None:
    """A key that is not known is always a fault; any other change is one, or is a whole register again."""
    name, path = place
    whole = yaml.load(small.FILES[name], yaml.CBaseLoader)
    into = whole
    for piece in path[:-1]:
        into = into[piece]
    last = path[-1]
    if how == "drop":
        del into[last]
    elif how == "rename" and isinstance(into, dict):
        into[f"{last}x"] = into.pop(last)
    elif how == "double" and isinstance(into, list):
        into.append(into[last])
    else:
        into[last] = odd
    made, found = read({**FILES, name: yaml.dump(whole, allow_unicode=True, sort_keys=False).encode()})
    renamed = how == "rename" and isinstance(into, dict)
    assert found if renamed else made is not None or found


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["a.flag", "&&", "(", ")", "!", "'", "1", ".", " ", "[", "matches", "中", "in"])).map(
        "".join
    )
)
@settings(deadline=None)
def test_any_text_may_stand_for_a_rule(expression: str) -> None:
    types = {"a.flag": "boolean"}
    with suppress(RuleError):
        compile_rule(expression, types)
    assert Rules(types).holds(expression, {"a.flag": True}, date(2026, 1, 1)) in (True, False, None)


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_text_may_stand_for_a_number_or_a_pattern(text: str) -> None:
    if number_problem(text) is None:
        made = text.format(year=2026, region="upper-vale", seq=7)
        assert made != text.format(year=2026, region="upper-vale", seq=8)
    assert problem(text) is None or problem(text)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 1_000_000,
        b"- " * 500_000,
        b"{a: " * 200_000,
        b"? " * 300_000,
        b"\n".join(b" " * n + b"a:" for n in range(1500)),
        b"a: " + b"x" * 3_000_000,
        b"- a\n" * 900_000,
        b'"' * 400_000,
        b"&a " * 200_000,
        b"a: |\n" + b"  x\n" * 500_000,
        b"kind: Region\n" * 100_000,
        b"\xff\xfea\x00",
        b"\x00" * 1000,
        b"kind: PublicService\nid: x\nsteps:\n" + b"  - {id: a, after: [a]}\n" * 50_000,
        b"kind: CodeList\nid: x\nname: {en: a, zh-hans: b}\ncodes:\n"
        + b"".join(b"  - {code: c%d, broader: c%d, name: {en: a, zh-hans: b}}\n" % (n, n + 1) for n in range(30_000)),
        b"".join(
            b"- {kind: Region, id: r%d, level: county, parent: r%d, name: {en: a, zh-hans: b}}\n" % (n, n + 1)
            for n in range(20_000)
        ),
    ],
    ids=range(16),
)
def test_large_and_deep_files_end_soon(data: bytes) -> None:
    start = time.process_time()
    made, found = read({**FILES, "more/bad.yaml": data})
    assert made is None or found
    assert time.process_time() - start < 25
