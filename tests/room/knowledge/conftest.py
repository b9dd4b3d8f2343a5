"""A small jurisdiction: sixteen districts, a staff table, the real open data of the demo, and an office's record."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from commonweal.core.declared.actions import publish
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.journal.actions import record

EXAMPLES = Path(__file__).parents[3] / "examples" / "riverland"
DISTRICTS = tuple(f"district-{i:02d}" for i in range(16))
STAFF = {district: 4.0 + 0.9 * i for i, district in enumerate(DISTRICTS)}

JURISDICTION = """
kind: Jurisdiction
id: testland
name: {en: Testland, zh-hans: 测试地}
languages: [en, zh-hans]
currency: CNY
timezone: Asia/Shanghai
staff_assurance: low
"""
ORGANISATIONS = """
- {kind: PublicOrganisation, id: one-stop-centre, level: province, name: {en: One-stop centre, zh-hans: 政务服务中心}}
- {kind: PublicOrganisation, id: statistics, level: province, name: {en: Statistics, zh-hans: 统计局}}
"""
STAFFING = """
- {kind: DataElement, id: means.region, type: region, sensitivity: public, name: {en: District, zh-hans: 县区}}
- {kind: DataElement, id: means.staff, type: decimal, unit: "per 10,000 people", min: 0, sensitivity: public,
   name: {en: Staff, zh-hans: 工作人员}}
- kind: Dataset
  id: regional-means
  name: {en: Means of the districts, zh-hans: 各县区资源}
  publisher: statistics
  columns: [{name: region, element: means.region}, {name: staff, element: means.staff}]
  keys: [region]
  region: region
  grain: region
  access: open
  licence: CC BY 4.0
  source: {type: file, path: data/means.csv}
"""


@pytest.fixture
def jurisdiction(tmp_path: Path, settings: object) -> Path:
    """The declarations as a folder, in use as the deployment's jurisdiction."""
    folder = tmp_path / "jurisdiction"
    for kind in ("elements", "datasets"):
        (folder / kind).mkdir(parents=True)
        for name in ("open-data.yaml", "record.yaml"):
            shutil.copy(EXAMPLES / kind / name, folder / kind / name)
    (folder / "jurisdiction.yaml").write_text(JURISDICTION)
    (folder / "organisations.yaml").write_text(ORGANISATIONS)
    (folder / "staffing.yaml").write_text(STAFFING)
    regions = ["- {kind: Region, id: testland, level: province, name: {en: Testland, zh-hans: 测试省}}"]
    regions += [
        f"- {{kind: Region, id: {d}, level: county, parent: testland, name: {{en: {d.title()}, zh-hans: 县{i}}}}}"
        for i, d in enumerate(DISTRICTS)
    ]
    (folder / "regions.yaml").write_text("\n".join(regions))
    (folder / "data").mkdir()
    write_means(folder)
    settings.JURISDICTION = folder  # type: ignore[attr-defined]
    return folder


def write_means(folder: Path, **changed: str) -> None:
    """The staff table, with some districts' figures changed."""
    lines = ["region,staff", *(f"{d},{changed.get(d.replace('-', '_'), STAFF[d])}" for d in DISTRICTS)]
    (folder / "data" / "means.csv").write_text("\n".join(lines) + "\n")


@pytest.fixture
def published(jurisdiction: Path, db: None) -> Path:
    """The jurisdiction, in force."""
    publish(SYSTEM, jurisdiction)
    return jurisdiction


@pytest.fixture
def office() -> Callable[..., int]:
    """Write the record of an office whose decisions are quicker where there is more staff."""

    def work(cases: int = 640, seed: int = 7) -> int:
        chance = random.Random(seed)
        start = datetime(2026, 1, 5, 2, tzinfo=UTC)
        with transaction.atomic():
            for number in range(cases):
                place = DISTRICTS[number % len(DISTRICTS)]
                ref = f"C-{seed}{number:05d}".replace("0", "A").replace("1", "B")
                opened = start + timedelta(days=chance.randrange(120))
                days = max(1, round(30 - 1.5 * STAFF[place] + chance.gauss(0, 2)))
                _case(ref, place, opened, days, chance)
        return cases

    return work


def _case(ref: str, place: str, opened: datetime, days: int, chance: random.Random) -> None:
    due, at = opened + timedelta(days=20), opened + timedelta(days=days)
    common = {"case": ref, "service": "open-restaurant", "organisation": "one-stop-centre"}
    told = {"opened": opened.isoformat(), "due": due.isoformat(), "region": place, "branch": "testland"}
    record(SYSTEM, "casework.case-opened.v1", f"case:{ref}", {**common, **told})
    outcome = "refused" if chance.random() < 0.1 else "granted"
    step = {
        **common, "step": "accept", "post": "one-stop-centre/clerk", "region": "testland", "place": place,
        "act": "approve", "outcome": "approved", "since": opened.isoformat(), "due": due.isoformat(),
        "at": at.isoformat(), "overdue": days > 20, "working_days": days,
    }  # fmt: skip
    if chance.random() < 0.2:
        record(SYSTEM, "casework.step-decided.v1", f"case:{ref}", {**step, "act": "return", "outcome": "returned"})
    record(SYSTEM, "casework.step-decided.v1", f"case:{ref}", step)
    closed = {**common, **told, "outcome": outcome, "at": at.isoformat(), "working_days": days}
    record(SYSTEM, "casework.case-closed.v1", f"case:{ref}", closed)
