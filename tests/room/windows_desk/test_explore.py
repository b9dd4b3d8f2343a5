"""Explore: what goes with a column, a matrix, one pair; who may look, what is withheld, what can be taken away."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from django.test import Client

from commonweal.core.declared.actions import publish
from commonweal.core.errors import Invalid, NotAllowed
from commonweal.core.identity.actions import add_person, appoint
from commonweal.core.identity.actor import SYSTEM, staff_actor
from commonweal.core.identity.models import Person
from commonweal.core.journal.models import Event
from commonweal.knowledge.insight import looking
from commonweal.knowledge.insight.explore import queries as explore
from commonweal.knowledge.lake.actions import collect

pytestmark = [pytest.mark.room, pytest.mark.django_db]
RIVERLAND = Path(__file__).parents[3] / "examples" / "riverland"
OPEN = ("regional-means", "country-income", "country-population")


@pytest.fixture
def lake(db: Any, settings: Any, tmp_path: Path) -> None:
    """Riverland in force and three of its open datasets collected."""
    settings.JURISDICTION, settings.LAKE_ROOT = RIVERLAND, tmp_path / "lake"
    publish(SYSTEM, RIVERLAND)
    for dataset in OPEN:
        collect(dataset)


@pytest.fixture
def browser(lake: None) -> Client:
    """A statistician at the desk."""
    person = add_person(SYSTEM, "stella", "Stella", password="correct horse battery")
    appoint(SYSTEM, person, "statistics-bureau/statistician", "riverland")
    signed = Client()
    signed.force_login(person)
    return signed


PAGES = [
    "/desk/explore/map?column=regional-means.residents",
    "/desk/explore/map?column=country-income.population&period=2000",
    "/desk/explore", "/desk/explore?q=fertility", "/desk/explore/matrix",
    "/desk/explore/goes-with?column=country-population.fertility",
    "/desk/explore/matrix?c=country-income.life_expectancy&c=country-population.fertility&c=country-income.population&given=both",
    "/desk/explore/pair?left=country-population.fertility&right=country-income.life_expectancy",
    "/desk/explore/pair?left=regional-means.residents&right=regional-means.staff_per_10000&view=within",
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_say_it_is_no_cause_keep_the_policy_and_are_light(browser: Client, language: str) -> None:
    browser.cookies["django_language"] = language
    for path in PAGES:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        page = answer.content.decode()
        assert len(page.encode()) < 100_000, path
        assert "style=" not in page
        assert page.count("<h1") == 1


def test_strangers_see_no_page_and_only_open_columns(lake: None, client: Client) -> None:
    assert client.get("/desk/explore").status_code == 302
    assert {row.dataset for row in explore.columns(None, limit=200).rows} == set(OPEN)
    with pytest.raises(NotAllowed):
        explore.search(None, "region-performance.median_days")


def test_a_search_ranks_by_what_one_can_count_on_and_names_copies(lake: None) -> None:
    view = explore.search(None, "country-population.fertility")
    sure = [0.0 if hit.low <= 0 <= hit.high else min(abs(hit.low), abs(hit.high)) for hit in view.rows]
    assert sure == sorted(sure, reverse=True)
    income = next(hit for hit in view.rows if hit.column.key == "country-income.life_expectancy")
    assert income.value < -0.8
    assert income.entities > 100
    twin = explore.search(None, "country-income.life_expectancy").rows
    assert next(hit for hit in twin if hit.column.key == "country-population.life_expectancy").kind == "same-measure"


def test_a_matrix_is_symmetric_and_withholds_what_is_not_shared(lake: None) -> None:
    keys = ["country-income.life_expectancy", "country-population.fertility", "regional-means.residents"]
    plain, within = explore.matrix(None, keys), explore.matrix(None, keys, given="both")
    assert plain.cells[0][1] == plain.cells[1][0]
    assert plain.cells[0][0] is None
    assert plain.cells[0][2].why == "no-common-keys"
    assert abs(within.cells[0][1].value) < abs(plain.cells[0][1].value), "less is left within countries"


def test_bad_choices_are_refused(lake: None) -> None:
    keys = ["country-income.life_expectancy", "country-population.fertility"]
    for wrong in ({"statistic": "magic"}, {"given": "luck"}):
        with pytest.raises(Invalid):
            explore.matrix(None, keys, **wrong)
    with pytest.raises(Invalid):
        explore.matrix(None, keys[:1])
    with pytest.raises(NotAllowed):
        explore.pair(None, keys[0], "country-income.nothing")


def test_results_can_be_taken_away(browser: Client) -> None:
    path = "/desk/explore/goes-with?column=country-population.fertility"
    table = parquet.read_table(io.BytesIO(_body(browser, path + "&format=parquet")))
    streamed = pa.ipc.open_stream(_body(browser, path + "&format=arrow")).read_all()
    assert table.equals(streamed)
    assert table.column_names[:3] == ["column", "statistic", "value"]
    assert _body(browser, PAGES[-2] + "&format=csv").startswith(b"\xef\xbb\xbf")
    assert browser.get(path + "&format=exe").status_code == 422


def _body(browser: Client, path: str) -> bytes:
    answer: Any = browser.get(path)
    return b"".join(answer.streaming_content)


def test_a_program_gets_the_same_from_the_api(lake: None, client: Client) -> None:
    asked = "country-population.fertility"
    found = client.get("/api/v1/analysis/goes-with", {"column": asked, "limit": 2}).json()
    assert [row["column"]["key"] for row in found["rows"]] == [
        hit.column.key for hit in explore.search(None, asked).rows[:2]
    ]
    other = "country-income.life_expectancy"
    made = client.get("/api/v1/analysis/matrix", {"column": [asked, other]}).json()
    assert made["cells"][0][0] is None
    assert made["cells"][0][1]["value"] < -0.8
    pair = client.get("/api/v1/analysis/pair", {"left": asked, "right": other}).json()
    assert {"level", "within", "between"} <= {reading["view"] for reading in pair["readings"]}
    assert client.get("/api/v1/analysis/goes-with", {"column": "case-steps.working_days"}).status_code == 404


def test_a_map_has_every_county_its_legend_and_the_same_figures_as_a_table(browser: Client) -> None:
    page = browser.get("/desk/explore/map?column=regional-means.budget_per_head").content.decode()
    assert page.count('<path class="region c') == 18
    assert "Reed Banks: 10,371" in page
    assert page.count('<li><svg viewBox="0 0 20 14"') == 5
    table = parquet.read_table(
        io.BytesIO(_body(browser, "/desk/explore/map?column=regional-means.budget_per_head&format=parquet"))
    )
    assert table.num_rows == 18
    assert "Map of" in page


def test_countries_have_no_outlines_but_a_ranked_list(browser: Client) -> None:
    page = browser.get("/desk/explore/map?column=country-population.fertility").content.decode()
    assert '<svg class="map"' not in page
    assert page.count('class="drawing small"') == 30
    assert browser.get("/desk/explore/map?column=case-steps.working_days").status_code == 404
    assert browser.get("/desk/explore/map").status_code == 404


def test_a_pair_shows_both_maps_and_a_dataset_leads_to_them(browser: Client) -> None:
    pair = browser.get("/desk/explore/pair?left=regional-means.residents&right=regional-means.staff_per_10000")
    assert pair.content.decode().count('<svg class="map"') == 2
    assert (
        "explore/map?column=regional-means.residents" in browser.get("/desk/datasets/regional-means").content.decode()
    )


def test_who_looked_at_what_is_not_open_is_in_the_journal_once_a_day(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person.objects.get(username="stella")
    who = staff_actor(person)
    looking.looked(None, ["case-steps"])
    looking.looked(who, ["regional-means", "country-income", "no-such-dataset"])
    assert not Event.objects.filter(type=looking.LOOKED).exists(), "open data may be looked at unseen"
    for _ in range(3):
        looking.looked(who, ["case-steps", "region-performance"])
        looking._told.cache_clear()  # another process knows nothing of what this one wrote
    told = Event.objects.filter(type=looking.LOOKED).order_by("id")
    assert [(e.actor, e.subject) for e in told] == [
        (who.label, "dataset:case-steps"), (who.label, "dataset:region-performance"),
    ]  # fmt: skip
    monkeypatch.setattr("commonweal.core.clock.now", lambda: datetime.now(UTC) + timedelta(days=1))
    looking.looked(who, ["case-steps"])
    assert told.all().count() == 3
