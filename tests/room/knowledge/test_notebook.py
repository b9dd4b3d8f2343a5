"""The notebook API over a deployment: the code of its how-to runs, as somebody and with their rights."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from commonweal.core.declared.actions import publish
from commonweal.core.errors import Invalid, NotAllowed
from commonweal.core.identity.actions import add_person, appoint
from commonweal.core.identity.actor import SYSTEM
from commonweal.knowledge import insight
from commonweal.knowledge.lake.actions import collect

pytestmark = [pytest.mark.room, pytest.mark.django_db]
ROOT = Path(__file__).parents[3]
RIVERLAND = ROOT / "examples" / "riverland"


@pytest.fixture
def lake(db: Any, settings: Any, tmp_path: Path) -> None:
    settings.JURISDICTION, settings.LAKE_ROOT = RIVERLAND, tmp_path / "lake"
    publish(SYSTEM, RIVERLAND)
    for dataset in ("regional-means", "country-income", "country-population"):
        collect(dataset)
    person = add_person(SYSTEM, "stella", "Stella", password="correct horse battery")
    appoint(SYSTEM, person, "statistics-bureau/statistician", "riverland")
    add_person(SYSTEM, "olga", "Olga", password="correct horse battery")


def test_the_how_to_runs_on_a_deployment(lake: None) -> None:
    told = (ROOT / "docs" / "how-to" / "use-in-a-notebook.md").read_text().partition("## A deployment")[2]
    exec("from commonweal.knowledge import insight\n" + "\n".join(re.findall(r"```python\n(.*?)```", told, re.S)), {})


def test_rows_follow_the_rights_of_who_looks(lake: None) -> None:
    assert len(insight.dataset("regional-means")) == 54
    for somebody in (None, "olga"):
        with pytest.raises(NotAllowed):
            insight.dataset("region-performance", actor=somebody)
    with pytest.raises(NotAllowed, match="collected yet"):
        insight.dataset("region-performance", actor="stella")
    with pytest.raises(NotAllowed, match="Nobody here is called"):
        insight.dataset("regional-means", actor="nobody")


def test_a_day_before_the_first_collection_shows_nothing(lake: None) -> None:
    with pytest.raises(NotAllowed, match="collected then"):
        insight.dataset("regional-means", as_of="1999-01-01")
    with pytest.raises(Invalid):
        insight.dataset("regional-means", as_of="yesterday")


def test_pictures_follow_the_rules_of_the_pages(lake: None) -> None:
    told = insight.scatter(None, "country-population.fertility", "country-income.life_expectancy")
    assert "<svg" in told.svg
    assert any(note.startswith("Snapshot of country-income") for note in told.notes)
    with pytest.raises(NotAllowed):
        insight.scatter(None, "country-population.fertility", "region-performance.median_days")


@pytest.mark.django_db(transaction=True)
def test_it_answers_inside_an_event_loop_as_notebooks_have_one(lake: None) -> None:
    async def cell() -> int:
        return len(insight.dataset("regional-means"))

    assert asyncio.run(cell()) == 54
