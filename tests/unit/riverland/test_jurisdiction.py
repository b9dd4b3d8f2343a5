"""What the demo promises: a whole, made-up government without a fault."""

from __future__ import annotations

import csv
import importlib.util
import sys
from types import ModuleType

from commonweal.register import Fault, Register
from commonweal.register.once_only import once_only
from commonweal.register.regions import descendants

from .conftest import FOLDER

OURS = ("country.", "us_state.", "us_nation.", "performance.", "regional.")
"""Elements of datasets, which nobody is asked."""


def test_check_finds_nothing(reading: tuple[Register, tuple[Fault, ...]]) -> None:
    assert [str(fault) for fault in reading[1]] == []


def test_it_is_plainly_fictional(riverland: Register) -> None:
    assert riverland.jurisdiction.fictional
    assert riverland.jurisdiction.currency == "RVL"
    assert all(law.source is None for law in riverland.laws.values())


def test_regions_are_of_three_groups_of_unequal_means(riverland: Register) -> None:
    counties = [region for region in riverland.regions.values() if region.level == "county"]
    groups = {region.group for region in counties}
    assert groups == {"delta", "plains", "highlands"}
    assert len(counties) >= 14
    assert len(descendants(riverland, "riverland")) == len(riverland.regions) - 1
    top = riverland.regions["riverland"].population
    cities = [region.population or 0 for region in riverland.regions.values() if region.level == "city"]
    assert top == sum(cities) == sum(region.population or 0 for region in counties)


def test_departments_stand_at_three_levels(riverland: Register) -> None:
    ours = [each for each in riverland.organisations.values() if "outside-publisher" not in each.functions]
    assert len(ours) >= 10
    assert {each.level for each in ours} == {"province", "city", "county"}
    working = {post.organisation for post in riverland.posts.values()}
    assert {each.id for each in ours} == working


def test_every_department_that_works_cases_has_somebody_above(riverland: Register) -> None:
    working = {step.by.split("/")[0] for each in riverland.services.values() for step in each.steps if step.by}
    above = {post.organisation for post in riverland.posts.values() if post.supervises}
    assert working <= above


def test_the_data_standard_is_asked_in_plain_words(riverland: Register) -> None:
    shared = [each for each in riverland.elements.values() if not each.id.startswith(OURS)]
    assert len(shared) >= 60
    asked = {field.element for each in riverland.services.values() for field in each.form if field.element}
    for name in asked:
        element = riverland.elements[name]
        assert element.question is not None, name
        assert element.hint is not None, name
        assert element.question.say("zh-hans") != element.question.say("en"), name
        if element.type not in ("boolean", "file"):
            assert element.example is not None, name


def test_people_find_services_in_their_own_words(riverland: Register) -> None:
    for service in riverland.services.values():
        assert len(service.keywords) >= 2, service.id
        assert service.summary is not None, service.id


def test_once_only_lists_papers_that_may_be_missing_and_one_question(riverland: Register) -> None:
    found = once_only(riverland)
    assert {held.asked for held in found if held.what == "question"} == {"vehicle.fuel"}
    assert all(held.law is not None for held in found)
    assert "residence" not in {held.asked for held in found}


def test_newborn_bundle_is_of_five_departments(riverland: Register) -> None:
    event = riverland.events["having-a-child"]
    always = [riverland.services[each.service] for each in event.services if each.when is None]
    assert event.bundle
    assert len({service.authority for service in always}) == 5


def _make() -> ModuleType:
    spec = importlib.util.spec_from_file_location("riverland_make", FOLDER / "data" / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_regional_figures_are_those_their_script_makes(riverland: Register) -> None:
    make = _make()
    with (FOLDER / "data" / "regional-means.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows == [{name: str(value) for name, value in row.items()} for row in make.rows()]
    counties = {region.id for region in riverland.regions.values() if region.level == "county"}
    assert {row["region"] for row in rows} == counties
    told = {region: thousands * 1000 for region, thousands in make.RESIDENTS.items()}
    assert told == {name: riverland.regions[name].population for name in counties}
