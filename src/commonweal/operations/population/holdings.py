"""What departments hold about the made-up people (pure): one believable row for each register."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from commonweal.operations.population.answers import Draw


@dataclass(frozen=True, slots=True)
class Row:
    """Columns and values as the dataset declares them, and how many days ago they were recorded."""

    fields: dict[str, Any]
    days_ago: int


Recipe = Callable[[Draw, date], Row]


def _resident(draw: Draw, born: date) -> Row:
    return Row(
        {
            "identity_number": f"R{draw.chance.randrange(10**9):09d}",
            "full_name": draw.name,
            "birth_date": born.isoformat(),
            "sex": draw.chance.choice(("f", "m")),
            "region": draw.region,
            "address": draw.street(),
        },
        draw.chance.randint(30, 600),
    )


def _business(draw: Draw, born: date) -> Row:
    return Row(
        {
            "business_number": f"RB{draw.chance.randrange(10**7):07d}",
            "registered_name": f"{draw.name.split()[-1]} Trading",
            "form": draw.chance.choice(("sole-trader", "company", "cooperative")),
            "founded_on": draw.ahead(-900, -30),
            "struck_off": False,
        },
        draw.chance.randint(10, 30),
    )


def _lease(draw: Draw, born: date) -> Row:
    number = f"L-{draw.chance.randrange(10**6):06d}"
    return Row({"lease_number": number, "lease_ends": draw.ahead(200, 1500)}, draw.chance.randint(3, 60))


def _deed(draw: Draw, born: date) -> Row:
    return Row(
        {"parcel": f"P-{draw.chance.randrange(10**6):06d}", "lawful_use": "commercial"}, draw.chance.randint(60, 900)
    )


def _health(draw: Draw, born: date) -> Row:
    ago = draw.chance.randint(5, 330)
    checked = (draw.today - timedelta(days=ago)).isoformat()
    return Row(
        {"certificate": f"HC{draw.chance.randrange(10**7):07d}", "checked_on": checked},
        ago,
    )


def _birth(draw: Draw, born: date) -> Row:
    day = str(draw.answers.get("child.birth_date") or draw.ahead(-28, -2))
    return Row(
        {
            "birth_date": day,
            "notice_number": f"BN{draw.chance.randrange(10**6):06d}",
            "sex": draw.chance.choice(("f", "m")),
            "hospital": draw.chance.choice(("River General", "Stonegate Maternity", "Harbour Women's Hospital")),
            "weight": int(draw.number(3250, 1800, 5200)),
        },
        max(0, (draw.today - date.fromisoformat(day)).days - 1),
    )


def _minimum(draw: Draw, born: date) -> Row:
    return Row({"minimum_income": draw.yes(9)}, draw.chance.randint(5, 60))


def _contractor(draw: Draw, born: date) -> Row:
    number = f"RC{draw.chance.randrange(10**5):05d}"
    return Row({"listing_number": number, "listed_until": draw.ahead(90, 900)}, draw.chance.randint(20, 500))


def _policy(draw: Draw, born: date) -> Row:
    number = f"VP-{draw.chance.randrange(10**8):08d}"
    return Row({"policy_number": number, "insured_until": draw.ahead(200, 365)}, draw.chance.randint(1, 20))


def _vehicle(draw: Draw, born: date) -> Row:
    plate = str(draw.answers.get("vehicle.plate") or "RV" + draw.identifier("ABCDEFGH0123456789", 5))
    fuel = draw.chance.choices(("petrol", "diesel", "hybrid", "electric"), weights=(40, 15, 20, 25))[0]
    return Row({"plate": plate, "fuel": fuel}, draw.chance.randint(20, 900))


REGISTERS: Mapping[str, tuple[float, Recipe]] = {
    "resident-register": (100, _resident),
    "business-register": (96, _business),
    "lease-register": (72, _lease),
    "property-register": (30, _deed),
    "health-certificates": (88, _health),
    "birth-notices": (97, _birth),
    "minimum-income": (100, _minimum),
    "contractor-list": (93, _contractor),
    "vehicle-insurance": (90, _policy),
    "vehicle-register": (95, _vehicle),
}
"""For each register of the demo: of how many in a hundred it knows what is needed, and what it then says."""
