"""Figures about single persons: published with noise by who answers for them, out of a budget spent for ever."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from commonweal.core.declared.actions import publish
from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.core.identity.actions import add_person, appoint
from commonweal.core.identity.actor import SYSTEM, Actor, staff_actor
from commonweal.core.journal.models import Event
from commonweal.knowledge.insight import releasing
from commonweal.knowledge.insight.models import NoisyFigure
from commonweal.knowledge.lake.actions import collect

pytestmark = [pytest.mark.room, pytest.mark.django_db]
SURVEY = """
- {kind: DataElement, id: survey.person, type: string, sensitivity: internal, name: {en: Person, zh-hans: 人员}}
- {kind: DataElement, id: survey.hours, type: decimal, min: 0, max: 80, sensitivity: internal,
   name: {en: Hours of work, zh-hans: 工时}}
- {kind: DataElement, id: survey.pay, type: decimal, min: 0, max: 6000, sensitivity: internal,
   name: {en: Pay, zh-hans: 收入}}
- {kind: DataElement, id: survey.free, type: decimal, sensitivity: internal, name: {en: No limits, zh-hans: 无界}}
- {kind: DataElement, id: survey.ill, type: decimal, min: 0, max: 9, sensitivity: sensitive,
   name: {en: Illness, zh-hans: 疾病}}
- kind: Dataset
  id: survey
  name: {en: Survey of work, zh-hans: 劳动调查}
  publisher: statistics
  columns:
    - {name: person, element: survey.person}
    - {name: hours, element: survey.hours}
    - {name: pay, element: survey.pay}
    - {name: free, element: survey.free}
    - {name: ill, element: survey.ill}
  keys: [person]
  grain: person
  access: restricted
  noise: "1.2"
  source: {type: file, path: data/survey.csv}
"""
POSTS = """
- {kind: Post, id: statistics/officer, organisation: statistics, name: {en: Data officer, zh-hans: 数据专员}}
- {kind: Post, id: one-stop-centre/clerk, organisation: one-stop-centre, name: {en: Clerk, zh-hans: 办事员}}
"""


@pytest.fixture
def survey(jurisdiction: Path) -> Path:
    """Four thousand people who answered, their pay going with their hours."""
    chance = random.Random(4)
    rows = ["person,hours,pay,free,ill"]
    for i in range(4000):
        hours = min(79.0, max(1.0, chance.gauss(38, 10)))
        rows.append(f"P{i:04d},{hours:.1f},{min(5999, max(1, 60 * hours + chance.gauss(900, 500))):.0f},{i},{i % 10}")
    (jurisdiction / "data" / "survey.csv").write_text("\n".join(rows) + "\n")
    (jurisdiction / "survey.yaml").write_text(SURVEY)
    (jurisdiction / "posts.yaml").write_text(POSTS)
    publish(SYSTEM, jurisdiction)
    collect("survey")
    return jurisdiction


def official(name: str, post: str) -> Actor:
    person = add_person(SYSTEM, name, name.title(), password="correct horse battery")
    appoint(SYSTEM, person, post, "testland")
    return staff_actor(person)


@pytest.fixture
def officer(survey: Path) -> Actor:
    return official("olga", "statistics/officer")


def test_a_figure_is_told_once_and_its_price_is_gone(officer: Actor) -> None:
    made = releasing.publish(officer, "survey", "hours", "pay", Decimal("0.8"))
    assert made.value is not None
    assert 0.5 < made.value < 1.0
    assert made.low <= made.value <= made.high
    again = releasing.publish(officer, "survey", "pay", "hours", Decimal("0.8"))
    assert again.pk == made.pk, "asked twice, chance would average out"
    event = Event.objects.get(type="insight.noisy-figure-published.v1")
    assert (event.data["spent"], event.data["budget"]) == ("0.8", "1.2")
    told = releasing.releases(officer, "survey")
    assert told is not None
    assert told.left == Decimal("0.4")
    assert [name for name, _ in told.columns] == ["hours", "pay"]
    assert told.figures[0].n % 5 == 0


def test_the_budget_ends(officer: Actor) -> None:
    releasing.publish(officer, "survey", "hours", "pay", Decimal(1))
    NoisyFigure.objects.update(snapshot="an older one")
    with pytest.raises(Refused) as refusal:
        releasing.publish(officer, "survey", "hours", "pay", Decimal("0.5"))
    assert refusal.value.code == "budget-spent"
    assert NoisyFigure.objects.count() == 1


def test_only_who_answers_for_the_data_publishes_and_limits_must_be_declared(officer: Actor) -> None:
    clerk = official("carl", "one-stop-centre/clerk")
    with pytest.raises(NotAllowed):
        releasing.publish(clerk, "survey", "hours", "pay", Decimal("0.5"))
    told = releasing.releases(clerk, "survey")
    assert told is not None
    assert told.columns == ()
    for left, right, price, field in (
        ("hours", "free", "0.5", "right"), ("hours", "hours", "0.5", "right"), ("hours", "pay", "3", "epsilon"),
        ("person", "pay", "0.5", "left"), ("ill", "pay", "0.5", "left"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as invalid:
            releasing.publish(officer, "survey", left, right, Decimal(price))
        assert field in invalid.value.fields
    with pytest.raises(Refused, match="no budget"):
        releasing.publish(SYSTEM, "regional-means", "staff", "staff", Decimal("0.5"))


def test_the_first_rows_of_a_dataset_leave_out_what_is_sensitive(officer: Actor) -> None:
    from commonweal.knowledge.lake import queries as lake

    shown = lake.preview(officer, "survey")
    assert shown.columns == ("person", "hours", "pay", "free")
    assert len(shown.rows[0]) == 4


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page(officer: Actor, language: str) -> None:
    from commonweal.core.identity.models import Person

    browser = Client()
    browser.force_login(Person.objects.get(username="olga"))
    browser.cookies["django_language"] = language
    address = "/desk/datasets/survey/noise"
    wrong = browser.post(address, {"left": "hours", "right": "pay", "epsilon": "much"})
    assert wrong.status_code == 422
    assert "0.5" in wrong.content.decode()
    assert browser.post(address, {"left": "hours", "right": "pay", "epsilon": "0.5"}).status_code == 302
    page = browser.get(address).content.decode()
    assert {"en": "0.7 is left", "zh-hans": "还剩0.7"}[language] in page
    assert {"en": "Hours of work and Pay", "zh-hans": "工时"}[language] in page
    assert address in browser.get("/desk/datasets/survey").content.decode()
    assert browser.get("/desk/datasets/regional-means/noise").status_code == 404
