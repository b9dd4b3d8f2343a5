"""Findings: what a leader and an analyst rely on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from commonweal.core.errors import NotAllowed, Refused
from commonweal.core.identity.actor import Actor, Seat
from commonweal.core.journal.models import Event
from commonweal.knowledge.insight import queries
from commonweal.knowledge.insight.actions import discover, draw_charts
from commonweal.knowledge.insight.models import Finding, Scan
from commonweal.knowledge.lake.actions import collect
from tests.room.knowledge.conftest import DISTRICTS, STAFF, write_means

pytestmark = [pytest.mark.room, pytest.mark.django_db]

LEADER = Actor("staff", "P-LEAD", "A leader", frozenset({Seat("province-office/leader", "testland")}))
OPEN = ("country-population", "country-income", "country-fertility")


@pytest.fixture
def learnt(published: Path, office: Callable[..., int]) -> Scan:
    """The lake collected and searched."""
    office()
    for dataset in ("region-performance", "service-performance", "regional-means", *OPEN):
        collect(dataset)
    return discover()


def test_the_office_is_found_slower_where_it_has_fewer_staff(learnt: Scan) -> None:
    told = queries.findings(LEADER, origin="office").rows
    assert {row.left.column for row in told} == {"staff"}
    best = next(row for row in told if row.right.column == "median_days")
    assert best.high < -0.6
    assert best.low <= best.effect <= best.high
    assert best.p_adjusted < 0.001
    assert best.entities == len(DISTRICTS)
    assert "tends to be lower" in best.sentence.say("en")
    assert "往往较低" in best.sentence.say("zh-hans")
    view = queries.finding(LEADER, best.ref)
    assert "association, not cause" in view.caution.say("en")
    assert "是关联，不是因果" in view.caution.say("zh-hans")
    assert len(view.rows) == len(DISTRICTS)
    assert view.explanations
    for language in ("en", "zh-hans"):
        drawn = ElementTree.fromstring(view.chart[language])
        words = "".join(drawn.itertext())
        assert ("工作人员" in words) == (language == "zh-hans")


def test_real_data_yields_findings_and_one_measure_published_twice_is_named(learnt: Scan) -> None:
    news = queries.findings(None, limit=100).rows
    assert any(r.left.publisher != r.right.publisher for r in news)
    same = queries.findings(None, kind="same-measure", limit=100).rows
    twice = [r for r in same if {r.left.dataset, r.right.dataset} == {"country-population", "country-fertility"}]
    assert twice
    assert "is published twice, by" in twice[0].sentence.say("en")
    assert not {r.ref for r in same} & {r.ref for r in news}


def test_strangers_see_findings_of_open_data_only(learnt: Scan) -> None:
    closed = queries.findings(LEADER, origin="office").rows[0]
    assert queries.findings(None, origin="office").rows == ()
    with pytest.raises(NotAllowed):
        queries.finding(None, closed.ref)
    with pytest.raises(NotAllowed):
        queries.chart(None, closed.ref, "en")
    with pytest.raises(NotAllowed):
        queries.overview(None)
    shown = queries.findings(None).rows[0]
    assert queries.finding(None, shown.ref).row.ref == shown.ref


def test_a_second_look_at_the_same_rows_changes_nothing_and_names_stay(learnt: Scan, published: Path) -> None:
    names = dict(Finding.objects.values_list("key", "ref"))
    assert discover().pk == learnt.pk
    write_means(published, district_05="9.0")
    collect("regional-means")
    again = discover()
    assert again.pk != learnt.pk
    kept = dict(Finding.objects.values_list("key", "ref"))
    assert all(kept[key] == ref for key, ref in names.items())
    assert Event.objects.filter(type="insight.scanned.v1").count() == 2


def test_a_change_of_a_few_places_is_held_back_and_a_change_of_many_is_told(learnt: Scan, published: Path) -> None:
    """Attack: the figure of yesterday and that of today differ by the one district that sent a correction."""

    ref = next(r.ref for r in queries.findings(LEADER, origin="office").rows if r.right.column == "median_days")

    def told() -> tuple[str, float]:
        found = Finding.objects.get(ref=ref)
        return found.scan.ref, found.effect

    first = told()
    write_means(published, district_05="1.0")
    collect("regional-means")
    discover()
    assert told() == first
    write_means(published, **{d.replace("-", "_"): str(STAFF[d] + i % 3) for i, d in enumerate(DISTRICTS)})
    collect("regional-means")
    discover()
    assert told() != first


def test_a_finding_that_no_longer_holds_is_withdrawn(learnt: Scan, published: Path) -> None:
    best = queries.findings(LEADER, origin="office").rows[0]
    figures = [7, 3, 9, 1, 8, 2, 6, 5, 4, 10, 3, 8, 1, 9, 2, 6]
    write_means(published, **{d.replace("-", "_"): str(f) for d, f in zip(DISTRICTS, figures, strict=True)})
    collect("regional-means")
    discover()
    assert best.ref not in {r.ref for r in queries.findings(LEADER, origin="office", limit=100).rows}


def test_every_finding_gets_its_chart_and_keeps_it_while_it_stays_the_same(learnt: Scan) -> None:
    while draw_charts(limit=50):
        pass
    for row in queries.findings(LEADER, limit=100).rows:
        assert queries.chart(LEADER, row.ref, "zh-hans").startswith("<svg")
    assert not Finding.objects.filter(drawn=False).exists()
    collect("regional-means")
    Scan.objects.update(fingerprint="")
    discover()
    assert not Finding.objects.filter(drawn=False).exists()


def test_pages_follow_one_another(learnt: Scan) -> None:
    whole = [r.ref for r in queries.findings(LEADER, limit=100).rows]
    parts, cursor = [], None
    while True:
        page = queries.findings(LEADER, cursor, limit=2)
        parts += [r.ref for r in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert parts == whole
    assert len(whole) > 2


def test_the_cockpit_shows_five_figures_and_hides_small_ones(learnt: Scan) -> None:
    view = queries.overview(LEADER)
    assert [t.key for t in view.tiles] == ["cases", "median_days", "overdue", "refused", "returned"]
    days = view.tiles[1]
    assert any(p.value is not None for p in days.trend)
    values = [bar.value for bar in view.regions if bar.value is not None]
    assert values == sorted(values, reverse=True)
    assert view.regions[0].region == DISTRICTS[0]
    assert all(bar.value is None for bar in view.regions if bar.n < 10)
    one = queries.overview(LEADER, region=DISTRICTS[3])
    assert [bar.region for bar in one.regions] == [DISTRICTS[3]]


def test_an_empty_lake_says_what_to_do(published: Path) -> None:
    with pytest.raises(Refused, match="commonweal collect"):
        discover()
    assert queries.findings(LEADER).rows == ()
    assert queries.overview(LEADER).tiles == ()


def test_too_few_regions_never_show(published: Path, office: Callable[..., int]) -> None:
    """Eleven districts leave nine degrees of freedom: however strong, the pair is withheld."""
    office()
    lines = (published / "data" / "means.csv").read_text().splitlines()
    (published / "data" / "means.csv").write_text("\n".join(lines[:12]) + "\n")
    collect("region-performance")
    collect("regional-means")
    done = discover()
    assert done.pairs > 0
    assert done.withheld == done.pairs
    assert not Finding.objects.exists()
