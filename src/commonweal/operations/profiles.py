"""What the registers say of the demo's applicants, so that applying shows what once-only means (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

Held = tuple[str, int, dict[str, Any]]
"""Dataset, days since it was recorded, columns and values."""

PROFILES: Mapping[str, Mapping[str, tuple[int, dict[str, Any]]]] = {
    "lin": {
        "minimum-income": (40, {"minimum_income": False}),
        "lease-register": (90, {"lease_number": "L-000101", "lease_ends": "+900"}),
        "birth-notices": (
            9,
            {"birth_date": "-12", "notice_number": "BN000101", "sex": "f", "hospital": "Stonegate Maternity",
             "weight": 3310},
        ),
        "vehicle-insurance": (60, {"policy_number": "VP-00000101", "insured_until": "+300"}),
    },
    "wen": {
        "business-register": (
            400,
            {"business_number": "RB0000102", "registered_name": "Demo Trading", "form": "sole-trader",
             "founded_on": "-400", "struck_off": False},
        ),
        "lease-register": (120, {"lease_number": "L-000102", "lease_ends": "+1200"}),
        "health-certificates": (150, {"certificate": "HC0000102", "checked_on": "-150"}),
        "contractor-list": (200, {"listing_number": "RC00102", "listed_until": "+500"}),
        "vehicle-register": (300, {"plate": "RVDEM02", "fuel": "petrol"}),
        "minimum-income": (40, {"minimum_income": False}),
    },
    "he": {
        "minimum-income": (40, {"minimum_income": True}),
        "property-register": (700, {"parcel": "P-000103", "lawful_use": "residential"}),
        "birth-notices": (
            15,
            {"birth_date": "-18", "notice_number": "BN000103", "sex": "m", "hospital": "Stonegate Maternity",
             "weight": 3520},
        ),
        "vehicle-insurance": (30, {"policy_number": "VP-00000103", "insured_until": "+335"}),
        "vehicle-register": (20, {"plate": "RVDEM03", "fuel": "electric"}),
    },
}  # fmt: skip
"""A value such as +900 or -12 is a day so many days from today."""


def held_about(username: str, name: str, birth_date: date | None, today: date) -> Iterator[Held]:
    """Every record about a demo applicant; none about anybody else."""
    if username not in PROFILES:
        return
    number = 101 + list(PROFILES).index(username)
    resident = {
        "identity_number": f"R000000{number}",
        "full_name": name,
        "birth_date": (birth_date or date(1990, 4, 12)).isoformat(),
        "sex": "f" if username == "lin" else "m",
        "region": "upper-vale",
        "address": "7 Willow Lane",
    }
    yield "resident-register", 500, resident
    for dataset, (days_ago, fields) in PROFILES[username].items():
        yield dataset, days_ago, {column: _day(value, today) for column, value in fields.items()}


def _day(value: Any, today: date) -> Any:
    if isinstance(value, str) and value[:1] in "+-" and value[1:].isdigit():
        return (today + timedelta(days=int(value))).isoformat()
    return value
