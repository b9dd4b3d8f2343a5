"""What this room returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from commonweal.register.models import Text


@dataclass(frozen=True, slots=True)
class OrderRow:
    """Something to pay or paid. `amount` in minor units of `currency`; a line is its name and its amount."""

    ref: str
    case: str
    step: str
    service: str
    lines: tuple[tuple[Text, int], ...]
    amount: int
    currency: str
    status: Literal["due", "paid", "cancelled"]
    due: datetime | None
    paid: datetime | None
    provider: str | None
