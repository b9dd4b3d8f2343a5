"""Collecting: what a publisher, an operator and a reader rely on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from commonweal.core.declared import queries as declared
from commonweal.core.declared.actions import publish
from commonweal.core.errors import NotAllowed, Refused
from commonweal.core.identity.actor import SYSTEM, Actor, Seat
from commonweal.core.journal.models import Event
from commonweal.knowledge.lake import queries, store
from commonweal.knowledge.lake.actions import collect
from commonweal.knowledge.lake.contract import Contract
from commonweal.knowledge.lake.models import CaseFact, Collection
from commonweal.knowledge.lake.sources import beside
from commonweal.register.models import Source
from tests.room.knowledge.conftest import DISTRICTS, write_means

pytestmark = [pytest.mark.room, pytest.mark.django_db]

CLERK = Actor("staff", "P-CLERK", "A clerk", frozenset({Seat("other/clerk", "testland")}))
PUBLISHER = Actor("staff", "P-STAT", "A statistician", frozenset({Seat("one-stop-centre/clerk", "testland")}))
CITIZEN = Actor("person", "P-ONE", "Somebody")


def test_a_real_open_dataset_is_collected_and_what_is_no_country_is_set_aside(published: Path) -> None:
    run = collect("country-population")
    assert run.status == "done"
    assert run.read == run.rows + run.quarantined
    assert run.rows == 12000
    table = queries.table("country-population")
    assert table.num_rows == 12000
    aside = queries.quarantine(None, "country-population", limit=200).rows
    assert {row.value for row in aside} == {
        "Channel Islands",
        "Netherlands Antilles",
        "Northern Cyprus",
        "Serbia excluding Kosovo",
    }
    assert "代码" in aside[0].reason.say("zh-hans")


def test_county_figures_are_put_together_to_states(published: Path) -> None:
    collect("state-unemployment-2009")
    rows = {r["state"]: r for r in queries.table("state-unemployment-2009").to_pylist()}
    assert len(rows) == 51
    assert rows["01"]["labour_force"] == 2084940
    assert rows["01"]["unemployment_rate"] == pytest.approx(100 * rows["01"]["unemployed"] / 2084940, abs=0.05)


def test_the_same_rows_make_no_new_snapshot_and_changed_rows_do(published: Path) -> None:
    first, again = collect("regional-means"), collect("regional-means")
    assert again.status == "unchanged"
    assert again.snapshot == first.snapshot
    write_means(published, district_03="99.5")
    changed = collect("regional-means")
    assert changed.status == "done"
    assert changed.snapshot != first.snapshot
    old = {r["region"]: r["staff"] for r in queries.table("regional-means", first.snapshot).to_pylist()}
    new = {r["region"]: r["staff"] for r in queries.table("regional-means").to_pylist()}
    assert (old["district-03"], new["district-03"]) == (pytest.approx(6.7), 99.5)


def test_a_run_that_fails_leaves_the_table_as_it_was_and_says_why(published: Path) -> None:
    collect("regional-means")
    (published / "data" / "means.csv").write_text("place,figure\nx,1\n")
    with pytest.raises(Refused, match=r"no column region, staff.*it has place, figure"):
        collect("regional-means")
    assert queries.table("regional-means").num_rows == len(DISTRICTS)
    failed = Collection.objects.order_by("-id")[0]
    assert (failed.status, "no column" in failed.note) == ("failed", True)
    assert Event.objects.filter(type="lake.collection-failed.v1").count() == 1


def test_a_writer_killed_before_it_finished_is_not_read(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = collect("regional-means")
    write_means(published, district_00="1.5")

    def die(*args: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("commonweal.knowledge.lake.actions.record", die)
        with pytest.raises(KeyboardInterrupt):
            collect("regional-means")
    assert queries.table("regional-means").column("staff").to_pylist()[0] == 4.0
    after = collect("regional-means")
    assert after.status == "done"
    assert after.snapshot != first.snapshot
    assert queries.table("regional-means").column("staff").to_pylist()[0] == 1.5
    assert not Collection.objects.filter(status="running").exists()


def test_a_source_outside_the_jurisdiction_is_refused(published: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("region,staff\ndistrict-01,1\n")
    (published / "data" / "link.csv").symlink_to(tmp_path / "secret.csv")
    contract = Contract.of(declared.current(), "regional-means")
    for path in ("../secret.csv", str(tmp_path / "secret.csv"), "data/link.csv", "data/../..", ""):
        with pytest.raises(Refused, match="outside the jurisdiction"):
            beside(published, Source(type="file", path=path), contract)


def test_columns_follow_the_declaration(published: Path) -> None:
    first = collect("regional-means")
    text = (published / "staffing.yaml").read_text()
    text = text.replace("id: means.staff, type: decimal", "id: means.staff, type: string").replace(" min: 0,", "")
    (published / "staffing.yaml").write_text(text)
    publish(SYSTEM, published)
    collect("regional-means")
    assert queries.table("regional-means").to_pylist()[0]["staff"] == "4.0"
    assert queries.table("regional-means", first.snapshot).num_rows == len(DISTRICTS)


def test_the_record_becomes_tables_and_each_event_counts_once(published: Path, office: Callable[..., int]) -> None:
    cases = office(160)
    collect("region-performance")
    collect("service-performance")
    steps = collect("case-steps")
    assert CaseFact.objects.count() == cases
    assert steps.quarantined == 0
    table = queries.table("region-performance").to_pylist()
    assert sum(r["cases_opened"] for r in table) == cases
    assert sum(r["cases_closed"] for r in table) == cases
    returned = sum(r["share_returned"] * r["cases_closed"] / 100 for r in table if r["cases_closed"])
    assert round(returned) == CaseFact.objects.filter(returned=True).count() > 0
    assert collect("region-performance").status == "unchanged"
    office(32, seed=8)
    collect("region-performance")
    assert sum(r["cases_opened"] for r in queries.table("region-performance").to_pylist()) == cases + 32


def test_rows_follow_the_declared_access(published: Path, office: Callable[..., int]) -> None:
    office(32)
    collect("case-steps")
    collect("country-fertility")
    assert queries.preview(CITIZEN, "country-fertility").rows
    for stranger in (None, CITIZEN):
        for read in (queries.preview, queries.dataset, queries.quarantine, queries.collections):
            with pytest.raises(NotAllowed):
                read(stranger, "case-steps")
        with pytest.raises(NotAllowed):
            queries.export(stranger, "case-steps", "csv")
        assert "case-steps" not in {row.id for row in queries.catalogue(stranger).rows}
    assert queries.preview(CLERK, "case-steps").rows
    with pytest.raises(NotAllowed):
        queries.quarantine(CLERK, "case-steps")
    assert queries.quarantine(PUBLISHER, "case-steps").rows == ()


def test_the_catalogue_pages_and_searches(published: Path) -> None:
    collect("regional-means")
    seen, cursor = [], None
    while True:
        page = queries.catalogue(CLERK, cursor=cursor, limit=4)
        seen += [row.id for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert seen == sorted(declared.current().datasets)
    assert [row.id for row in queries.catalogue(None, text="县区").rows] == ["regional-means"]
    view = queries.dataset(None, "regional-means")
    assert view.row.quality == pytest.approx(1.0)
    assert view.licence == "CC BY 4.0"
    assert [c.status for c in view.collections] == ["done"]


def test_a_spreadsheet_cannot_be_made_to_run_a_published_cell(published: Path) -> None:
    text = (published / "staffing.yaml").read_text()
    (published / "staffing.yaml").write_text(
        text.replace("id: means.staff, type: decimal", "id: means.staff, type: string").replace(" min: 0,", "")
    )
    publish(SYSTEM, published)
    write_means(published, district_00="=HYPERLINK(1)")
    collect("regional-means")
    sent = b"".join(queries.export(None, "regional-means", "csv").chunks).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in sent
    assert len(sent.splitlines()) == len(DISTRICTS) + 1


def test_the_store_reads_only_planned_files(published: Path, settings: object) -> None:
    write_means(published)
    collect("regional-means")
    write_means(published, district_00="7")
    collect("regional-means")
    lake = store.Store(settings.LAKE_ROOT)  # type: ignore[attr-defined]
    assert len(list(lake.root.glob("warehouse/lake/regional-means/data/*.parquet"))) == 2
    rows = lake.rows("regional-means")
    assert rows is not None
    assert rows.num_rows == len(DISTRICTS)
