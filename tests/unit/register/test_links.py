"""A declared link: what `commonweal check` says of one that may not or cannot be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from commonweal.register import load

ALL = """
- {kind: Jurisdiction, id: t, name: {en: T}, languages: [en], currency: CNY, timezone: Asia/Shanghai}
- {kind: Region, id: t, level: province, name: {en: T}}
- {kind: PublicOrganisation, id: bureau, level: province, region: t, name: {en: Bureau}}
- {kind: Post, id: bureau/reviewer, organisation: bureau, name: {en: Reviewer}, seats: 2}
- kind: LegalResource
  id: act
  name: {en: Act}
  articles: [{id: "1", permits: [link]}, {id: "2", permits: [share]}]
- {kind: DataElement, id: p.number, type: string, pattern: "[0-9]{3}", name: {en: Number}}
- {kind: DataElement, id: p.name, type: string, name: {en: Name}}
- {kind: DataElement, id: p.born, type: date, name: {en: Born}}
- {kind: Dataset, id: a, name: {en: A}, publisher: bureau, keys: [n], source: {type: file, path: a.csv},
   columns: [{name: n, element: p.number}, {name: name, element: p.name, held: linkage}, {name: born, element: p.born}]}
- {kind: Dataset, id: b, name: {en: B}, publisher: bureau, keys: [n], source: {type: file, path: b.csv},
   columns: [{name: n, element: p.number}, {name: name, element: p.name, held: linkage}, {name: born, element: p.born}]}
- {kind: Dataset, id: held, name: {en: H}, publisher: bureau, keys: [n], source: {type: register},
   columns: [{name: n, element: p.number}, {name: name, element: p.name}, {name: born, element: p.born}]}
"""
LINK = {
    "left": "a", "right": "b", "legal": "[act/1]", "reviewers": "bureau/reviewer", "one_to_one": "true",
    "compare": "[{by: name, left: [name]}, {by: birth-date, left: [born]}]",
}  # fmt: skip


def codes(folder: Path, more: str = "", **changed: str | None) -> list[str]:
    told = {**LINK, **changed}
    lines = "".join(f"  {key}: {value}\n" for key, value in told.items() if value is not None)
    (folder / "all.yaml").write_text(f"{ALL}{more}- kind: Link\n  id: l\n  name: {{en: L}}\n  purpose: test\n{lines}")
    return [fault.code for fault in load(folder)[1]]


def test_a_right_one_has_no_fault(tmp_path: Path) -> None:
    assert codes(tmp_path) == []
    register, _ = load(tmp_path)
    assert register is not None
    assert register.links["l"].compare[0].on_the_right == ("name",)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"right": "c"}, "unknown-name"),
        ({"right": "a"}, "declared-twice"),
        ({"right": None}, "bad-value"),
        ({"legal": "[act/2]"}, "not-permitted"),
        ({"legal": "[]"}, "bad-value"),
        ({"reviewers": "bureau/nobody"}, "unknown-name"),
        ({"compare": "[{by: name, left: [name]}, {by: phone, left: [born]}]"}, "not-compared"),
        ({"compare": "[{by: name, left: [nam]}, {by: birth-date, left: [born]}]"}, "unknown-column"),
        ({"compare": "[{by: name, left: [name]}, {by: birth-date, left: [born, name]}]"}, "not-compared"),
        ({"compare": "[{by: name, left: [name]}]"}, "bad-value"),
        ({"left": "held"}, "never-linked"),
        ({"precision": "1.5"}, "bad-value"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, changed: dict[str, str | None], code: str) -> None:
    assert code in codes(tmp_path, **changed)


def test_a_key_has_to_be_stored(tmp_path: Path) -> None:
    more = """
- {kind: Dataset, id: d, name: {en: D}, publisher: bureau, keys: [n], source: {type: file, path: d.csv},
   columns: [{name: n, element: p.number, held: linkage}, {name: born, element: p.born}]}
"""
    assert codes(tmp_path, more) == ["never-stored"]
