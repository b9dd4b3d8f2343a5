"""Registers of one purpose beside each other, person by person; those of another purpose never."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from django.test import Client

from commonweal.core.declared.actions import publish
from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actions import add_person, appoint
from commonweal.core.identity.actor import SYSTEM, Actor, staff_actor
from commonweal.core.identity.models import Person
from commonweal.core.journal.models import Event
from commonweal.knowledge.insight import people
from commonweal.knowledge.lake.actions import collect

pytestmark = [pytest.mark.room, pytest.mark.django_db]
ELEMENTS = """
- {kind: DataElement, id: reg.person, type: string, sensitivity: personal, name: {en: Person, zh-hans: 人员}}
- {kind: DataElement, id: reg.visit, type: string, sensitivity: internal, name: {en: Visit, zh-hans: 就诊}}
- {kind: DataElement, id: reg.hours, type: decimal, sensitivity: personal, name: {en: Hours of work, zh-hans: 工时}}
- {kind: DataElement, id: reg.days, type: decimal, sensitivity: sensitive, name: {en: Days ill, zh-hans: 病假天数}}
- {kind: Post, id: statistics/officer, organisation: statistics, name: {en: Data officer, zh-hans: 数据专员}}
- {kind: Post, id: one-stop-centre/clerk, organisation: one-stop-centre, name: {en: Clerk, zh-hans: 办事员}}
"""
REGISTER = """
- kind: Dataset
  id: %s
  name: {en: %s, zh-hans: 登记}
  publisher: statistics
  columns: [{name: person, element: reg.person}, {name: visit, element: reg.visit}, {name: figure, element: reg.%s}]
  keys: [person, visit]
  subject: person
  purpose: %s
  grain: person
  access: restricted
  source: {type: file, path: data/%s.csv}
"""


@pytest.fixture
def registers(jurisdiction: Path) -> Path:
    """Work and illness of three hundred people for one purpose, and illness once more for another. Of the second
    register everybody has two rows."""
    chance = random.Random(5)
    hours = [chance.gauss(38, 8) for _ in range(300)]
    ill = [30 - 0.5 * h + chance.gauss(0, 2) for h in hours]
    declared = ELEMENTS
    for name, figure, purpose, rows in (
        ("work", "hours", "care", [(h,) for h in hours]),
        ("illness", "days", "care", [(d - 1, d + 1) for d in ill]),
        ("elsewhere", "days", "taxes", [(d,) for d in ill]),
    ):
        declared += REGISTER % (name, name.title(), figure, purpose, name)
        lines = [f"P{i:03d},{v},{value:.3f}" for i, values in enumerate(rows) for v, value in enumerate(values)]
        (jurisdiction / "data" / f"{name}.csv").write_text("\n".join(["person,visit,figure", *lines]) + "\n")
    (jurisdiction / "registers.yaml").write_text(declared)
    publish(SYSTEM, jurisdiction)
    for name in ("work", "illness", "elsewhere"):
        collect(name)
    return jurisdiction


def official(name: str, post: str) -> Actor:
    person = add_person(SYSTEM, name, name.title(), password="correct horse battery")
    appoint(SYSTEM, person, post, "testland")
    return staff_actor(person)


def test_persons_meet_within_a_purpose_and_nowhere_else(registers: Path) -> None:
    officer = official("olga", "statistics/officer")
    view = people.goes_with(officer, "work")
    assert view.registers == ("illness",)
    ((name, pair),) = view.rows
    assert name.say("en") == "Illness"
    assert pair.value is not None
    assert -0.97 < pair.value < -0.8, "the mean of each person's two rows, beside their hours"
    assert pair.n == 300
    with pytest.raises(NotAllowed):
        people.goes_with(officer, "elsewhere")
    for nobody in (official("carl", "one-stop-centre/clerk"), None):
        with pytest.raises(NotAllowed):
            people.goes_with(nobody, "work")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_and_who_looked(registers: Path, language: str) -> None:
    official("olga", "statistics/officer")
    browser = Client()
    browser.force_login(Person.objects.get(username="olga"))
    browser.cookies["django_language"] = language
    page = browser.get("/desk/datasets/work/people").content.decode()
    assert page.count("<h1") == 1
    assert {"en": "Hours of work and Days ill", "zh-hans": "工时与病假天数"}[language] in page
    assert "P001" not in page
    assert "/desk/datasets/work/people" in browser.get("/desk/datasets/work").content.decode()
    assert "/desk/datasets/elsewhere/people" not in browser.get("/desk/datasets/elsewhere").content.decode()
    assert browser.get("/desk/datasets/elsewhere/people").status_code == 404
    looked = [e for e in Event.objects.all() if "look" in e.type and "illness" in str(e.data)]
    assert looked, "the journal says who looked at restricted registers"
