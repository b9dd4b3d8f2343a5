"""Two small registers of the same made-up people, with no number in common, and somebody who reviews."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from commonweal.core.declared.actions import publish
from commonweal.core.identity.actor import SYSTEM, Actor, Seat
from commonweal.knowledge.lake.actions import collect

DECLARED = """
- {kind: Jurisdiction, id: t, name: {en: T, zh-hans: 某}, languages: [en, zh-hans], currency: CNY,
   timezone: Asia/Shanghai, staff_assurance: low}
- {kind: Region, id: t, level: province, name: {en: T, zh-hans: 某省}}
- {kind: PublicOrganisation, id: bureau, level: province, region: t, name: {en: Bureau, zh-hans: 局}}
- {kind: Post, id: bureau/reviewer, organisation: bureau, name: {en: Reviewer, zh-hans: 审核人}, seats: 2}
- kind: LegalResource
  id: act
  name: {en: Act, zh-hans: 法}
  articles: [{id: "1", permits: [link]}]
- {kind: DataElement, id: p.number, type: string, pattern: "[VS][0-9]+", sensitivity: personal,
   name: {en: Number, zh-hans: 编号}}
- {kind: DataElement, id: p.name, type: string, sensitivity: personal, name: {en: Name, zh-hans: 姓名}}
- {kind: DataElement, id: p.born, type: date, sensitivity: personal, name: {en: Born, zh-hans: 生日}}
- {kind: DataElement, id: p.home, type: string, sensitivity: personal, name: {en: Home, zh-hans: 住址}}
- {kind: DataElement, id: p.value, type: integer, name: {en: Value, zh-hans: 值}}
"""
DATASET = """
- kind: Dataset
  id: %s
  name: {en: %s, zh-hans: 册%s}
  publisher: bureau
  columns:
    - {name: number, element: p.number, required: true}
    - {name: name, element: p.name, held: linkage}
    - {name: born, element: p.born}
    - {name: home, element: p.home, held: linkage}
    - {name: value, element: p.value}
  keys: [number]
  subject: number
  grain: person
  access: restricted
  source: {type: file, path: %s.csv}
"""
LINK = """
- kind: Link
  id: same
  name: {en: Same, zh-hans: 同一人}
  left: one
  right: other
  purpose: testing
  compare:
    - {by: name, left: [name]}
    - {by: birth-date, left: [born]}
    - {by: address, left: [home]}
  one_to_one: true
  precision: 0.95
  reviewers: bureau/reviewer
  legal: [act/1]
  %s
"""
ALONE = LINK.replace("id: same", "id: twins").replace("  right: other\n", "").replace("  one_to_one: true\n", "")
ALONE = ALONE.replace("{en: Same, zh-hans: 同一人}", "{en: Twice, zh-hans: 重复}")
REVIEWER = Actor("staff", "P-REVIEW1", "Reviewer", frozenset({Seat("bureau/reviewer", "t")}))
SECOND = Actor("staff", "P-REVIEW2", "Second", frozenset({Seat("bureau/reviewer", "t")}))
STRANGER = Actor("staff", "P-STRANGE", "Stranger", frozenset({Seat("bureau/clerk", "t")}))
GIVEN = ["Ada", "Bran", "Cora", "Dario", "Elsbeth", "Finn", "Greta", "Hugo", "Ines", "Joris", "Karla", "Linus"]
FAMILY = ["Arundel", "Brack", "Corvin", "Dellamar", "Fenwick", "Garrow", "Hollis", "Ilvane", "Jarrold", "Kestrel"]
ROADS = ("Willow Lane", "Ferry Street", "Mill Road")
Rows = list[list[Any]]


def people(count: int) -> tuple[Rows, Rows]:
    """The same people in two files, some with a slip; the row of person i is V<i> in one and S<i> in the other."""
    chance = random.Random(11)
    one, other = [], []
    for i in range(count):
        given, family = chance.choice(GIVEN), chance.choice(FAMILY)
        born = date(2000, 1, 1) + timedelta(chance.randint(0, 4000))
        home = f"{chance.randint(1, 200)} {chance.choice(ROADS)}"
        one.append([f"V{i}", f"{family}, {given}", born, home, i])
        slip = i % 6
        wrong = born.replace(year=born.year + 1, day=1) if slip == 0 else born
        moved = f"{chance.randint(1, 200)} {chance.choice(ROADS)}" if slip in (0, 1) else home
        other.append([f"S{i}", f"{given} {family}", wrong, moved, 2 * i])
    return one, other


@pytest.fixture
def declare(tmp_path: Path, settings: Any, db: None) -> Callable[..., Path]:
    """Put both datasets and a link in force, with these rows, and collect them."""

    def put(one: Rows, other: Rows, more: str = "") -> Path:
        folder = tmp_path / "jurisdiction"
        folder.mkdir(exist_ok=True)
        for name, rows in (("one", one), ("other", other)):
            with (folder / f"{name}.csv").open("w", newline="") as file:
                csv.writer(file).writerows([["number", "name", "born", "home", "value"], *rows])
        sides = "".join(DATASET % ((name,) * 4) for name in ("one", "other"))
        (folder / "all.yaml").write_text(DECLARED + sides + LINK % more + ALONE % "")
        settings.JURISDICTION = folder
        publish(SYSTEM, folder)
        for name in ("one", "other"):
            collect(name)
        return folder

    return put
