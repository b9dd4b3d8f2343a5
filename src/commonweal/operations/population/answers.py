"""What the made-up people answer (pure): every question of a form in order, believable and within its bounds."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from commonweal.operations.population.names import FAMILY, GIVEN, MAKES, ROOMS, STREETS, TASTES
from commonweal.register import ServiceBundle
from commonweal.register.models import FormField
from commonweal.register.rules import Rules


@dataclass
class Draw:
    """What an answer may depend on: the place, the day, whoever answers, and what was answered before."""

    chance: random.Random
    region: str
    today: date
    name: str
    answers: dict[str, Any] = field(default_factory=dict)

    def ahead(self, least: int, most: int) -> str:
        """A day between so many days from today, in ISO form; negative ones are past."""
        return (self.today + timedelta(days=self.chance.randint(least, most))).isoformat()

    def yes(self, share: float) -> bool:
        """True in so many of a hundred cases."""
        return self.chance.random() < share / 100

    def number(self, typical: float, least: float, most: float, decimals: int = 0) -> str:
        """A positive number around a typical one, as text."""
        value = min(max(self.chance.lognormvariate(0, 0.7) * typical, least), most)
        return f"{value:.{decimals}f}"

    def street(self) -> str:
        """An address."""
        return f"{self.chance.randint(1, 180)} {self.chance.choice(STREETS)}"

    def identifier(self, alphabet: str, length: int) -> str:
        """Some letters and figures."""
        return "".join(self.chance.choice(alphabet) for _ in range(length))


RECIPES: Mapping[str, Callable[[Draw], Any]] = {
    "applicant.full_name": lambda d: d.name,
    "contact.phone": lambda d: f"0900 {d.chance.randint(0, 999):03d} {d.chance.randint(0, 999):03d}",
    "contact.email": lambda d: f"{d.name.split()[0].lower()}@riverland.example",
    "address.line": lambda d: d.street(),
    "address.moved_on": lambda d: d.ahead(-20, 60),
    "address.people_moving": lambda d: d.chance.choices((0, 1, 2, 3, 4), weights=(40, 22, 18, 14, 6))[0],
    "child.birth_date": lambda d: d.ahead(-28, -2),
    "child.birth_place_kind": lambda d: d.yes(3),
    "child.family_name": lambda d: d.chance.choice(FAMILY),
    "child.given_name": lambda d: d.chance.choice(GIVEN),
    "child.other_parent": lambda d: f"{d.chance.choice(GIVEN)} {d.chance.choice(FAMILY)}",
    "child.order": lambda d: d.chance.choices((1, 2, 3), weights=(58, 33, 9))[0],
    "child.home_address": lambda d: d.street(),
    "child.card_photo_wanted": lambda d: d.yes(15),
    "child.insurance_year": lambda d: min(max(d.today.year, 2024), 2028),
    "child.clinic_days": lambda d: d.chance.choice(("weekday mornings", "any afternoon", "工作日上午", "周三下午")),
    "pupil.name": lambda d: f"{d.chance.choice(GIVEN)} {d.chance.choice(FAMILY)}",
    "pupil.birth_date": lambda d: d.ahead(-365 * 6 - 180, -365 * 6),
    "business.trade_name": lambda d: f"{d.chance.choice(TASTES)} {d.chance.choice(ROOMS)}",
    "business.planned_staff": lambda d: int(d.number(7, 1, 120)),
    "business.opens_on": lambda d: d.ahead(15, 80),
    "premises.address": lambda d: d.street(),
    "premises.floor_area": lambda d: d.number(130, 12, 2400, 1),
    "premises.storey": lambda d: d.chance.choices(("ground", "upper", "basement"), weights=(80, 15, 5))[0],
    "premises.seats": lambda d: int(d.number(45, 0, 600)),
    "food.activity": lambda d: d.chance.choices(("hot", "cold", "bakery", "drinks"), weights=(52, 12, 16, 20))[0],
    "food.manager": lambda d: d.name,
    "food.uses_gas": lambda d: d.yes(55),
    "food.gas_kind": lambda d: "piped" if d.answers.get("premises.storey") == "basement" or d.yes(70) else "bottled",
    "sign.wanted": lambda d: d.yes(62),
    "sign.area": lambda d: d.number(2.4, 0.4, 24, 1),
    "terrace.wanted": lambda d: d.yes(24),
    "terrace.area": lambda d: d.number(14, 4, 90, 1),
    "works.road": lambda d: d.chance.choice(STREETS),
    "works.road_class": lambda d: d.chance.choices(("main", "district", "local"), weights=(20, 30, 50))[0],
    "works.emergency": lambda d: d.yes(9),
    "works.starts_on": lambda d: d.ahead(0, 2) if d.answers.get("works.emergency") else d.ahead(11, 60),
    "works.ends_on": lambda d: _after(d, "works.starts_on", 1, 40),
    "works.length": lambda d: d.number(40, 2, 1500, 1),
    "works.depth": lambda d: "0" if d.yes(15) else d.number(1.0, 0.2, 6, 1),
    "works.closure": lambda d: d.chance.choices(("none", "lane", "full"), weights=(35, 50, 15))[0],
    "works.near_pipes": lambda d: d.yes(58),
    "works.touches_trees": lambda d: d.yes(22),
    "works.trees": lambda d: int(d.number(3, 1, 40)),
    "works.at_night": lambda d: d.yes(12),
    "works.site_manager": lambda d: f"{d.chance.choice(GIVEN)} {d.chance.choice(FAMILY)}",
    "vehicle.vin": lambda d: "RVLDEM" + d.identifier("0123456789ABCDEFGH", 11),
    "vehicle.plate": lambda d: "RV" + d.identifier("ABCDEFGH0123456789", 5),
    "vehicle.make": lambda d: d.chance.choice(MAKES),
    "vehicle.fuel": lambda d: d.chance.choices(("petrol", "diesel", "hybrid", "electric"), weights=(38, 12, 20, 30))[0],
    "vehicle.use": lambda d: d.chance.choices(("private", "goods", "passengers"), weights=(82, 13, 5))[0],
    "vehicle.built_on": lambda d: d.ahead(-60, -2) if d.yes(62) else d.ahead(-365 * 12, -400),
    "parking.street": lambda d: d.chance.choice(STREETS),
}  # fmt: skip
"""Answers for the demo's data elements; every other question is answered by its type."""


def answer(bundle: ServiceBundle, draw: Draw) -> dict[str, Any]:
    """Answer every question of the service that is asked, keeping what `draw` has answered already.

    Files are left out. Returns the answers of this service only; `draw.answers` holds all.
    """
    rules, mine = Rules.of(bundle), {}
    for question in bundle.service.form:
        if question.when is not None and rules.holds(question.when, draw.answers, draw.today) is not True:
            continue
        if question.key not in draw.answers:
            value = _value(bundle, question, draw)
            if value is None:
                continue
            draw.answers[question.key] = value
        mine[question.key] = draw.answers[question.key]
    return mine


def _value(bundle: ServiceBundle, question: FormField, draw: Draw) -> Any:
    if question.key in RECIPES:
        return RECIPES[question.key](draw)
    element = bundle.elements.get(question.element or "")
    kind = question.type or (element.type if element else "string")
    if kind == "file" or (not question.required and not draw.yes(60)):
        return None
    if kind == "region":
        return draw.region
    if kind == "code":
        codes = bundle.codelists[question.codelist or (element.codelist if element else "") or ""].codes
        return draw.chance.choice([code.code for code in codes])
    if kind in ("integer", "year", "decimal", "money"):
        return _number(kind, _bounds(question, element), draw)
    if kind == "boolean":
        return draw.yes(50)
    if kind == "date":
        return draw.ahead(1, 30)
    return (element.example if element else None) or "As agreed"


def _bounds(question: FormField, element: Any) -> tuple[Decimal, Decimal]:
    found = []
    for name, otherwise in (("min", 1), ("max", 100)):
        bound = getattr(question, name)
        bound = bound if bound is not None else getattr(element, name, None)
        found.append(bound if isinstance(bound, Decimal) else Decimal(otherwise))
    return found[0], max(found[0], found[1])


def _number(kind: str, bounds: tuple[Decimal, Decimal], draw: Draw) -> Any:
    least, most = bounds
    if kind == "year":
        return min(max(draw.today.year, int(least)), int(most))
    value = draw.chance.randint(int(least), max(int(least), min(int(most), int(least) + 50)))
    return value if kind == "integer" else str(value)


def _after(draw: Draw, key: str, least: int, most: int) -> str:
    start = date.fromisoformat(draw.answers[key])
    return (start + timedelta(days=draw.chance.randint(least, most))).isoformat()
