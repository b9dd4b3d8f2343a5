"""People in the lake: nobody's number or name is ever written, and purposes cannot be joined."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commonweal.core.errors import Refused
from commonweal.core.journal.models import Event
from commonweal.knowledge.lake import queries
from commonweal.knowledge.lake.actions import collect
from commonweal.knowledge.lake.models import Collection

pytestmark = [pytest.mark.room, pytest.mark.django_db]
Declare = Callable[..., Path]
PEOPLE = """
- {kind: DataElement, id: person.number, type: string, pattern: "R[0-9]{9}", sensitivity: personal,
   name: {en: Identity number, zh-hans: 身份号码}}
- {kind: DataElement, id: person.name, type: string, sensitivity: personal, name: {en: Name, zh-hans: 姓名}}
- {kind: DataElement, id: person.birth_year, type: year, sensitivity: personal, name: {en: Born in, zh-hans: 出生年份}}
"""
DATASET = """
- kind: Dataset
  id: %s
  name: {en: %s, zh-hans: 甲%s}
  publisher: statistics
  columns: [{name: number, element: person.number}, {name: born, element: person.birth_year}%s]
  keys: [number]
  subject: number
  grain: person
  access: restricted
  source: {type: file, path: %s.csv}
%s
"""
NUMBERS = [f"R{n:09}" for n in (123456789, 223456789, 323456789)]


def people(name: str, more: str = "", columns: str = "") -> str:
    return DATASET % (name, name, name, columns, name, f"  purpose: {more}" if more else "")


def write(folder: Path, name: str) -> None:
    rows = [f"{number},{1980 + i}" for i, number in enumerate(NUMBERS)]
    rows += [f"{NUMBERS[0]},1999", "R12345,1970", "R423456789,MMXX", "R523456789,1,2"]
    (folder / f"{name}.csv").write_text("number,born\n" + "\n".join(rows) + "\n")


def numbers(dataset: str) -> list[str]:
    return queries.table(dataset).sort_by("born").column("number").to_pylist()


def test_no_identifier_reaches_any_file(declare: Declare, settings: Any) -> None:
    folder = declare("{type: file, path: none.csv}", PEOPLE + people("welfare"))
    write(folder, "welfare")
    run = collect("welfare")
    assert (run.rows, run.quarantined) == (3, 4)
    assert all(len(name) == 34 and name.startswith("1-") for name in numbers("welfare"))
    digits = [number[1:].encode() for number in (*NUMBERS, "R12345", "R423456789", "R523456789")]
    files = [path for path in settings.LAKE_ROOT.rglob("*") if path.is_file()]
    assert any(path.suffix == ".parquet" for path in files)
    for path in files:
        content = path.read_bytes()
        assert not [each for each in digits if each in content], path
    import pyarrow.parquet as parquet

    for path in (each for each in files if each.suffix == ".parquet"):
        shown = str(parquet.ParquetFile(path).read().to_pylist())
        assert not [each for each in digits if each.decode() in shown], path
    told = str([event.data for event in Event.objects.all()]) + "".join(r.note for r in Collection.objects.all())
    assert not [each for each in digits if each.decode() in told]


def test_one_purpose_can_be_joined_and_two_cannot(declare: Declare) -> None:
    more = PEOPLE + people("first", "care") + people("second", "care") + people("third", "tax") + people("fourth")
    folder = declare("{type: file, path: none.csv}", more)
    for name in ("first", "second", "third", "fourth"):
        write(folder, name)
        collect(name)
    assert numbers("first") == numbers("second")
    assert not set(numbers("first")) & set(numbers("third"))
    assert not set(numbers("first")) & set(numbers("fourth"))
    assert collect("first").status == "unchanged"


def test_a_row_taken_for_the_header_is_not_told(declare: Declare) -> None:
    folder = declare("{type: file, path: none.csv}", PEOPLE + people("headless"))
    (folder / "headless.csv").write_text("R123456789,1980\nR223456789,1981\n")
    with pytest.raises(Refused) as refusal:
        collect("headless")
    assert "123456789" not in refusal.value.message


def test_names_are_refused(declare: Declare) -> None:
    folder = declare(
        "{type: file, path: none.csv}", PEOPLE + people("named", columns=", {name: name, element: person.name}")
    )
    (folder / "named.csv").write_text("number,born,name\nR123456789,1980,Lin Demo\n")
    with pytest.raises(Refused, match=r"column name \(person.name\) holds personal text"):
        collect("named")
