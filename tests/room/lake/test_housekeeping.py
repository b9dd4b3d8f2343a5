"""The worker keeps tables light and never takes away a figure that a finding stands on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from commonweal.core import clock
from commonweal.core.errors import NotAllowed
from commonweal.knowledge.insight.models import Scan
from commonweal.knowledge.lake import housekeeping, queries
from commonweal.knowledge.lake.actions import collect
from commonweal.knowledge.lake.models import Collection
from commonweal.operations import keeping

pytestmark = [pytest.mark.room, pytest.mark.django_db]


@pytest.fixture
def snapshots(declare: Callable[..., Path]) -> list[int]:
    """Four collections of a file that changed each time."""
    folder = declare("{type: file, path: schools.csv}")
    made = []
    for pupils in range(4):
        (folder / "schools.csv").write_text(f"code,pupils,changed\nS1,{pupils},2026-01-01\n")
        made.append(collect("schools").snapshot)
    return [each for each in made if each is not None]


def later(days: int) -> Callable[[], datetime]:
    moment = clock.now() + timedelta(days=days)
    return lambda: moment


def test_old_snapshots_go_but_not_the_cited_and_the_newest(
    snapshots: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert housekeeping.keep("schools") is None, "young snapshots stay"
    monkeypatch.setattr(housekeeping.clock, "now", later(200))
    done = housekeeping.keep("schools", cited={snapshots[1]})
    assert done is not None
    assert done.snapshots_expired >= 2
    assert queries.table("schools", snapshots[1]).column("pupils").to_pylist() == [1]
    assert queries.table("schools").column("pupils").to_pylist() == [3]
    with pytest.raises(NotAllowed):
        queries.table("schools", snapshots[0])
    assert housekeeping.keep("schools", cited={snapshots[1]}) is None, "nothing is left to do"


def test_the_worker_keeps_what_findings_were_measured_on(snapshots: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    scan = Scan.objects.create(
        ref="S-1", started=now, finished=now, inputs={"schools": str(snapshots[0])}, fingerprint="", pairs=0,
        withheld=0, tests=0, news=0,
    )  # fmt: skip
    assert keeping.cited_snapshots() == {}, "a scan on which no finding stands is not cited"
    monkeypatch.setattr(keeping, "cited_snapshots", lambda: {"schools": {int(scan.inputs["schools"])}})
    monkeypatch.setattr(housekeeping.clock, "now", later(200))
    assert keeping.keep_tables() == 1
    assert queries.table("schools", snapshots[0]).column("pupils").to_pylist() == [0]
    with pytest.raises(NotAllowed):
        queries.table("schools", snapshots[1])


def test_many_small_files_become_one_and_readers_see_the_same_rows(
    snapshots: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from commonweal.knowledge.lake import upkeep

    monkeypatch.setattr(upkeep, "MANY", 1)
    monkeypatch.setattr(housekeeping, "compact", lambda store, name: upkeep.compact(store, name, many=1))
    before = queries.table("schools").to_pylist()
    assert housekeeping.keep("schools") is not None
    assert queries.table("schools").to_pylist() == before
    newest = Collection.objects.order_by("-id").first()
    assert newest is not None
    assert newest.snapshot not in snapshots


def test_nothing_collected_nothing_kept(declare: Callable[..., Path]) -> None:
    declare("{type: file, path: schools.csv}")
    assert keeping.keep_tables() == 0
    assert keeping.tell_publishers() == 0
