"""What a change does is said before it is made."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from commonweal.register import Register, commands
from commonweal.register.plan import PlanReport, plan, render_text
from tests.unit.register import small


@pytest.fixture
def old(tmp_path: Path) -> Register:
    return small.register(tmp_path / "old")


def change(old: Register, tmp_path: Path, *changes: tuple[str, str], **more: str) -> PlanReport:
    return plan(old, small.register(tmp_path / "new", *changes, **more))


def test_nothing_changes(old: Register, tmp_path: Path) -> None:
    report = change(old, tmp_path)
    assert report.empty
    assert render_text(report) == "Nothing changes.\n"


def test_a_fee_before_and_after(old: Register, tmp_path: Path) -> None:
    report = change(old, tmp_path, ("amount: 200.00", "amount: 250.5"))
    (fee,) = report.fees
    assert (fee.before, fee.after) == (Decimal("200.00"), Decimal("250.50"))
    assert [(each.what, each.parts) for each in report.services] == [("changed", ("fees",))]
    assert "the fee “base” goes from 200.00 to 250.50 XTS." in render_text(report, "XTS")


def test_the_parts_of_a_service_that_change_are_named(old: Register, tmp_path: Path) -> None:
    report = change(
        old,
        tmp_path,
        ("deadline: P3D}", "deadline: P4D}"),
        ("  - {element: business.sector}\n", "  - {element: business.sector, required: false}\n"),
        ("deadline: {total: P7D}", "deadline: {total: P9D}"),
    )
    (service,) = report.services
    assert service.parts == ("questions", "steps", "deadline")
    assert "step “licence”, deadline: P3D → P4D" in service.details
    assert "question “business.sector”, required: none → false" in service.details


def test_a_service_is_affected_by_what_it_shares(old: Register, tmp_path: Path) -> None:
    report = change(old, tmp_path, ("type: string, name: {en: Trade", "type: string, max_length: 9, name: {en: Trade"))
    (service,) = report.services
    assert (service.what, service.details) == ("affected", ("DataElement “business.trade_name” changes",))


def test_an_organisation_that_merges_hands_its_powers_over(old: Register, tmp_path: Path) -> None:
    report = change(
        old,
        tmp_path,
        ("  - {id: fire, by: fire-service/inspector", "  - {id: fire, by: market-regulation/examiner"),
        (
            "- {kind: PublicOrganisation, id: fire-service, level: city, region: lake-city,"
            " name: {en: Fire service, zh-hans: 消防局}}\n",
            "",
        ),
        (
            "- {kind: Post, id: fire-service/inspector, organisation: fire-service,"
            " name: {en: Inspector, zh-hans: 消防检查员}}\n",
            "",
        ),
        (
            "- {kind: Post, id: fire-service/chief, organisation: fire-service, supervises: true,"
            " name: {en: Chief, zh-hans: 消防队长}}\n",
            "",
        ),
    )
    (organisation,) = report.organisations
    assert (organisation.what, organisation.into) == ("merged", "market-regulation")
    assert [(p.post, p.what, p.step, p.regions) for p in report.powers] == [
        ("fire-service/inspector", "lost", "fire", ("lake-city",)),
        ("market-regulation/examiner", "gained", "fire", ("lower-vale", "upper-vale")),
    ]
    text = render_text(report)
    assert "fire-service (Fire service) merges into market-regulation" in text
    assert "fire-service/inspector may no longer approve, refuse, request information or return" in text


def test_an_organisation_that_moves_and_an_act_that_is_taken_away(old: Register, tmp_path: Path) -> None:
    report = change(
        old,
        tmp_path,
        ("level: city, region: lake-city", "level: city"),
        ("after: [accept], deadline: P3D", "after: [accept], allow: [approve], deadline: P3D"),
    )
    assert [each.what for each in report.organisations] == ["moved"]
    assert [(p.what, p.acts) for p in report.powers] == [("lost", ("refuse", "request-information", "return"))]


def test_a_new_region_gives_every_branch_its_powers(old: Register, tmp_path: Path) -> None:
    more = "{kind: Region, id: far-vale, level: county, parent: lake-city, name: {en: Far Vale, zh-hans: 远谷县}}"
    report = change(old, tmp_path, more=more)
    assert {(p.post, p.what, p.regions) for p in report.powers} == {
        ("one-stop-centre/clerk", "gained", ("far-vale",)),
        ("market-regulation/examiner", "gained", ("far-vale",)),
    }


def test_evidence_that_loses_its_dataset_or_its_law(old: Register, tmp_path: Path) -> None:
    report = change(old, tmp_path, ("dataset: residents, upload: false, legal: registry-act/7", "upload: true"))
    assert [(e.evidence, e.lost, e.was, e.services) for e in report.evidence] == [
        ("proof-of-age", "dataset", "residents", ("open-restaurant",)),
        ("proof-of-age", "law", "registry-act/7", ("open-restaurant",)),
    ]


def test_open_cases_keep_their_version_and_stranded_ones_are_named(old: Register, tmp_path: Path) -> None:
    new = small.register(
        tmp_path / "new", ("organisation: one-stop-centre, seats: 2", "organisation: one-stop-centre, seats: 0"),
        ("  - {id: accept, by: one-stop-centre/clerk", "  - {id: accept, by: market-regulation/examiner"),
    )  # fmt: skip
    version = old.bundle("open-restaurant").hash
    report = plan(old, new, {"open-restaurant": {version: 12, "older": 0}})
    (case,) = report.cases
    assert (case.count, case.stays, case.stranded) == (12, False, ("one-stop-centre/clerk",))
    assert "12 open cases of open-restaurant" in render_text(report)
    assert plan(old, old, {"open-restaurant": {version: 1}}).cases[0].stays


def test_services_that_come_and_go(old: Register, tmp_path: Path) -> None:
    other = small.SERVICE.replace("id: open-restaurant", "id: open-bakery").replace("event: starting-a-business\n", "")
    report = change(old, tmp_path, more=other)
    assert [(each.service, each.what) for each in report.services] == [("open-bakery", "added")]
    back = plan(small.register(tmp_path / "new2", more=other), old)
    assert [(each.service, each.what) for each in back.services] == [("open-bakery", "removed")]


def test_the_command_speaks_text_and_json_and_refuses_a_broken_folder(tmp_path: Path) -> None:
    before = small.write(tmp_path / "a")
    after = small.write(tmp_path / "b", ("amount: 200.00", "amount: 0"))
    text, code = commands.plan(before, after)
    assert (code, "from 200.00 to 0.00 XTS" in text) == (0, True)
    found = json.loads(commands.plan(before, after, format="json")[0])
    assert found["fees"] == [{"service": "open-restaurant", "cost": "base", "before": "200.00", "after": "0.00"}]
    broken = small.write(tmp_path / "c", ("kind: LifeEvent", "kind: LifeEvnt"))
    text, code = commands.plan(before, broken)
    assert (code, "did you mean “LifeEvent”" in text) == (1, True)
