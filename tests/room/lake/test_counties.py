"""Ten files that ten offices published in their own ways, collected to one standard and correlated."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from commonweal.core.declared.actions import publish
from commonweal.core.errors import Refused
from commonweal.core.identity.actor import SYSTEM
from commonweal.knowledge.lake import queries
from commonweal.knowledge.lake.actions import collect
from commonweal.register import load

pytestmark = [pytest.mark.room, pytest.mark.django_db]
ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("COMMONWEAL_SHARED", ROOT.parent / "shared"))
TEN = (
    "classifications", "climate", "density", "education", "income", "jobs", "population", "poverty", "unemployment",
    "veterans",
)  # fmt: skip
needs_data = pytest.mark.skipif(
    not (SHARED / "data" / "us-counties").is_dir(), reason="the ten county files are not in COMMONWEAL_SHARED"
)


@pytest.fixture
def counties(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example jurisdiction in force, its files where the shared data lie."""
    settings.JURISDICTION = ROOT / "examples" / "counties"
    monkeypatch.setenv("COMMONWEAL_SHARED", str(SHARED))
    publish(SYSTEM, settings.JURISDICTION)


def test_the_declarations_are_clean() -> None:
    register, faults = load(ROOT / "examples" / "counties")
    assert register is not None
    assert not faults
    assert {f"county-{name}" for name in TEN} == set(register.datasets)
    county = {next(c.element for c in d.columns if c.name == "county") for d in register.datasets.values()}
    assert county == {"county.code"}, "one element says the county in all ten"


@needs_data
def test_ten_files_become_one_standard(counties: None) -> None:
    runs = {name: collect(f"county-{name}") for name in TEN}
    assert {name: run.quarantined for name, run in runs.items() if run.quarantined} == {
        "classifications": 4, "education": 9, "income": 4, "jobs": 4, "unemployment": 3, "veterans": 4,
    }, "counties that were abolished before 2010 are set aside, nothing else is"  # fmt: skip
    assert runs["density"].left_out == 54
    assert runs["income"].left_out == 53
    places = {name: set(queries.table(f"county-{name}").column("county").to_pylist()) for name in TEN}
    assert all(len(found) > 3100 for found in places.values())
    assert len(set.union(*places.values())) < 3300, "01001, 1001 and FIPStxt 01001 are one county"
    density = {r["county"]: r["population"] for r in queries.table("county-density").to_pylist()}
    assert density["01001"] == 54571
    assert density["10003"] == 538479
    work = queries.table("county-unemployment").to_pylist()
    assert next(r for r in work if (r["county"], r["year"]) == ("01001", 2007))["labour_force"] == 24383


@needs_data
def test_what_ten_offices_know_goes_together(counties: None) -> None:
    for name in ("education", "poverty"):
        collect(f"county-{name}")
    schooling = queries.table("county-education")
    latest = schooling.filter(np.equal(schooling.column("year").to_numpy(), 2014)).select(
        ["county", "no_diploma_share"]
    )
    both = latest.join(queries.table("county-poverty").select(["county", "poverty_rate"]), "county", join_type="inner")
    both = both.drop_null()
    r = np.corrcoef(both.column("no_diploma_share").to_numpy(), both.column("poverty_rate").to_numpy())[0, 1]
    assert len(both) > 3100
    assert 0.5 < r < 0.8


def test_without_the_folder_it_says_what_to_do(counties: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMMONWEAL_SHARED")
    with pytest.raises(Refused, match="COMMONWEAL_SHARED is not set; set it to the folder"):
        collect("county-income")
