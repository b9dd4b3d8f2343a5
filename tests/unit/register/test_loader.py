"""Reading a folder: every fault is reported, with its place and the nearest right name."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from commonweal.register import Register, load
from tests.unit.register import small


def test_a_whole_jurisdiction_is_read_without_a_fault(tmp_path: Path) -> None:
    made, found = load(small.write(tmp_path))
    assert found == ()
    assert made is not None
    assert made.jurisdiction.languages == ("en", "zh-hans")
    assert list(made.services) == ["open-restaurant"]
    assert made.laws["food-act"].article("35") is not None
    assert [code.code for code in made.codelists["sector"].codes] == ["01", "02"]
    assert made.services["open-restaurant"].cost[0].amount == Decimal("200.00")
    assert made.services["open-restaurant"].effective.from_ == date(2025, 1, 1)


def test_every_fault_is_reported_and_not_only_the_first(tmp_path: Path) -> None:
    found = small.faults(
        tmp_path,
        ("authority: market-regulation", "authorty: market-regulation"),
        ("level: province, name: {en: North", "level: provinse, name: {en: North"),
        ("type: date, name", "type: dat, name"),
    )
    assert {(fault.code, fault.suggestion) for fault in found} >= {
        ("unknown-key", "authority"),
        ("missing-key", None),
        ("bad-value", "province"),
        ("bad-value", "date"),
    }


@pytest.mark.parametrize(
    ("text", "code", "line", "suggestion"),
    [
        ("kind: Regoin\nid: a\n", "unknown-kind", 1, "Region"),
        ("id: a\nkid: Region\n", "missing-kind", 2, "kind"),
        ("- just words\n", "not-a-declaration", 1, None),
        ("kind: Region\nid: [a\n", "yaml", 3, None),
        ("kind: Region\n\tid: a\n", "yaml", 2, None),
        ("a: 1\na: 2\n", "duplicate-key", 2, None),
        ("kind: Region\nid: Upper Vale\nlevel: county\nname: {en: a}\n", "bad-value", 2, "upper-vale"),
        ("a: !!python/object:os.system x\n", "tag", 1, None),
        ("a: *nothing\n", "alias", 1, None),
        ("kind: Region\nid: x\nlevel: county\nname: words\n", "bad-value", 4, None),
        ("? [a, b]\n: c\n", "key", 1, None),
    ],
)
def test_a_fault_names_its_line_and_the_nearest_right_name(
    tmp_path: Path, text: str, code: str, line: int, suggestion: str | None
) -> None:
    found = [fault for fault in small.faults(tmp_path, bad=text) if fault.file.endswith("bad.yaml")]
    assert (code, suggestion) in [(fault.code, fault.suggestion) for fault in found]
    fault = next(fault for fault in found if fault.code == code)
    assert fault.line == min(line, text.count("\n"))
    assert fault.column >= 1


def test_a_tab_is_named_as_the_cause(tmp_path: Path) -> None:
    (fault,) = small.faults(tmp_path, bad="kind: Region\nname:\n\ten: a\n")
    assert "spaces, not tabs" in fault.message


def test_yaml_1_2_words_are_words(tmp_path: Path) -> None:
    norway = "{kind: Region, id: no, level: county, parent: lake-city, name: {en: no, zh-hans: on}}"
    made = small.register(tmp_path, more=norway)
    assert made.regions["no"].name.root == {"en": "no", "zh-hans": "on"}
    found = small.faults(tmp_path, more=norway.replace("name:", "name: {en: a, zh-hans: b}, population: yes, x:"))
    assert any(fault.code == "bad-value" and "population" in fault.message for fault in found)


def test_yes_is_not_true(tmp_path: Path) -> None:
    found = small.faults(tmp_path, ("fictional: true", "fictional: yes"))
    assert ["true or false is needed here, not “yes”" in fault.message for fault in found] == [True]


def test_a_number_is_not_a_date(tmp_path: Path) -> None:
    found = small.faults(tmp_path, ("effective: {from: 2025-01-01}", "effective: {from: 0}"))
    assert ["2025-01-31" in fault.message for fault in found] == [True]


def test_a_second_declaration_of_one_id_names_the_first(tmp_path: Path) -> None:
    (fault,) = small.faults(tmp_path, more="{kind: Region, id: north, level: province, name: {en: a, zh-hans: 甲}}")
    assert fault.code == "duplicate-id"
    assert "all.yaml:9" in fault.message


def test_several_documents_and_lists_in_one_file(tmp_path: Path) -> None:
    one = "{kind: Region, id: %s, level: county, parent: lake-city, name: {en: A, zh-hans: 甲}}"
    made = small.register(tmp_path, more=f"{one % 'a'}\n---\n- {one % 'b'}\n- {one % 'c'}\n---\n")
    assert {"a", "b", "c"} <= set(made.regions)


def test_an_anchor_is_repeated_where_it_is_named(tmp_path: Path) -> None:
    made = small.register(
        tmp_path,
        more="- &a {kind: Region, id: aa, level: county, parent: lake-city, name: &n {en: A, zh-hans: 甲}}\n"
        "- {kind: Region, id: bb, level: county, parent: lake-city, name: *n}\n",
    )
    assert made.regions["bb"].name == made.regions["aa"].name


def test_aliases_that_multiply_are_stopped(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
    (fault,) = small.faults(tmp_path, bomb=bomb)
    assert (fault.code, "Aliases" in fault.message) == ("alias", True)


def test_nesting_is_bounded(tmp_path: Path) -> None:
    (fault,) = small.faults(tmp_path, deep="[" * 300_000)
    assert fault.code == "depth"


def test_what_is_not_utf8_is_named_with_its_place(tmp_path: Path) -> None:
    small.write(tmp_path)
    (tmp_path / "bad.yaml").write_bytes(b"kind: Region\nname: {en: caf\xe9}\n")
    (fault,) = load(tmp_path)[1]
    assert (fault.code, fault.line, fault.column) == ("encoding", 2, 15)


def test_a_huge_file_is_refused_without_reading_all_of_it(tmp_path: Path) -> None:
    small.write(tmp_path)
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(3_000_000_000)
    (fault,) = load(tmp_path)[1]
    assert fault.code == "too-large"


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "in")
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: x\n")
    (folder / "link.yaml").symlink_to(secret)
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.yaml")
    found = load(folder)[1]
    assert sorted(fault.code for fault in found) == ["not-a-file", "symlink", "symlink"]
    assert not any("password" in fault.message for fault in found)


def test_a_missing_folder_and_a_missing_jurisdiction(tmp_path: Path) -> None:
    made, found = load(tmp_path / "nowhere")
    assert made is None
    assert [fault.code for fault in found] == ["no-folder"]
    made, found = load(tmp_path)
    assert made is None
    assert [fault.code for fault in found] == ["no-jurisdiction"]


def test_the_register_is_none_when_a_part_could_not_be_read(tmp_path: Path) -> None:
    made, found = load(small.write(tmp_path, bad="kind: Region\n"))
    assert made is None
    assert found


def test_json_makes_an_equal_register_with_the_same_hash(tmp_path: Path) -> None:
    made = small.register(tmp_path)
    again = Register.from_json(made.to_json())
    assert again == made
    assert again.hash == made.hash
    assert again.to_json() == made.to_json()
    with pytest.raises(ValueError, match="format"):
        Register.from_json("{}")


def test_the_hash_does_not_depend_on_files_or_order(tmp_path: Path) -> None:
    made = small.register(tmp_path / "a")
    moved = tmp_path / "b"
    moved.mkdir()
    (moved / "one.yaml").write_text("\n---\n".join(reversed(small.FILES.values())))
    assert load(moved)[0] == made
