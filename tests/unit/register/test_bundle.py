"""What a case keeps: one service with all it stands on; and which branch serves a place."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from commonweal.register import Register, ServiceBundle
from commonweal.register.regions import NoBranchError, ancestors, branch_region, descendants
from commonweal.register.register import cost_in_force
from tests.unit.register import small

OTHER = (
    small.SERVICE.replace("id: open-restaurant", "id: open-bakery")
    .replace("event: starting-a-business\n", "")
    .replace("amount: 200.00", "amount: 90")
)
UNUSED = "{kind: DataElement, id: pet.name, type: string, name: {en: Name of the pet, zh-hans: 宠物名}}"


@pytest.fixture
def made(tmp_path: Path) -> Register:
    return small.register(tmp_path / "made", other=OTHER, unused=UNUSED)


def test_a_bundle_holds_what_the_service_refers_to(made: Register) -> None:
    bundle = made.bundle("open-restaurant")
    assert bundle.service.id == "open-restaurant"
    assert set(bundle.elements) == {
        "applicant.birth_date", "business.trade_name", "business.sector", "premises.county",
        "premises.floor_area", "person.number",
    }  # fmt: skip
    assert set(bundle.codelists) == {"sector"}
    assert set(bundle.evidence) == {"lease", "proof-of-age"}
    assert set(bundle.datasets) == {"residents"}
    assert set(bundle.laws) == {"food-act", "registry-act"}
    assert set(bundle.organisations) == {"one-stop-centre", "market-regulation", "fire-service", "civil-registry"}
    assert set(bundle.posts) == set(made.posts)
    assert set(bundle.regions) == set(made.regions)
    with pytest.raises(KeyError):
        made.bundle("open-zoo")


def test_json_makes_an_equal_bundle(made: Register) -> None:
    bundle = made.bundle("open-restaurant")
    again = ServiceBundle.from_json(bundle.to_json())
    assert again == bundle
    assert again.hash == bundle.hash
    assert pickle.loads(pickle.dumps(bundle)) == bundle
    assert again.service.cost[0].amount == Decimal("200.00")
    with pytest.raises(ValueError, match="one PublicService"):
        ServiceBundle.from_json(made.to_json())


def test_only_what_a_service_stands_on_changes_its_version(made: Register, tmp_path: Path) -> None:
    before = made.bundle("open-restaurant").hash
    unrelated = small.register(tmp_path / "a", other=OTHER.replace("amount: 90", "amount: 91"))
    assert unrelated.bundle("open-restaurant").hash == before
    assert unrelated.bundle("open-bakery").hash != made.bundle("open-bakery").hash
    assert unrelated.hash != made.hash
    related = small.register(tmp_path / "b", ("zh-hans: 餐馆", "zh-hans: 饭馆"), other=OTHER)
    assert related.bundle("open-restaurant").hash != before


def test_nothing_in_a_register_can_be_changed(made: Register) -> None:
    with pytest.raises(AttributeError):
        made.services = {}  # type: ignore[misc]
    with pytest.raises(TypeError):
        made.services["x"] = made.services["open-bakery"]  # type: ignore[index]
    with pytest.raises(ValueError, match="frozen"):
        made.services["open-bakery"].authority = "x"


def test_the_tree_of_regions(made: Register) -> None:
    assert ancestors(made, "upper-vale") == ("lake-city", "north")
    assert ancestors(made, "north") == ()
    assert set(descendants(made, "north")) == {"lake-city", "upper-vale", "lower-vale"}
    assert descendants(made, "upper-vale") == ()
    with pytest.raises(KeyError):
        ancestors(made, "nowhere")


def test_the_branch_that_serves_a_place(made: Register) -> None:
    bundle = made.bundle("open-restaurant")
    assert branch_region(bundle, "market-regulation", "upper-vale") == "upper-vale"
    assert branch_region(bundle, "civil-registry", "upper-vale") == "north"
    assert branch_region(bundle, "fire-service", "upper-vale") == "lake-city"
    assert branch_region(bundle, "fire-service", None) == "lake-city"
    for organisation, region, said in (
        ("market-regulation", "north", "lies in no county"),
        ("market-regulation", "nowhere", "no region"),
        ("market-regulation", None, "say which region"),
        ("nobody", "upper-vale", "no organisation"),
    ):
        with pytest.raises(NoBranchError, match=said):
            branch_region(bundle, organisation, region)


def test_services_and_fees_in_force(tmp_path: Path) -> None:
    made = small.register(
        tmp_path,
        ("effective: {from: 2025-01-01}", "effective: {from: 2025-01-01, to: 2029-12-31}"),
        (
            "  - {id: base, amount: 200.00,",
            "  - {id: old, amount: 150, legal: food-act/80, effective: {to: 2025-12-31}}\n"
            "  - {id: base, amount: 200.00, effective: {from: 2026-01-01},",
        ),
        ("pay: [base]", "pay: [old, base]"),
    )
    service = made.services["open-restaurant"]
    assert made.services_in_force(date(2024, 12, 31)) == ()
    assert made.services_in_force(date(2025, 1, 1)) == (service,)
    assert made.services_in_force(date(2030, 1, 1)) == ()
    assert [cost.id for cost in cost_in_force(service, date(2025, 12, 31))] == ["old"]
    assert [cost.id for cost in cost_in_force(service, date(2026, 1, 1))] == ["base"]
