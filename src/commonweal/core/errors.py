"""Refusals a person can act on. Each carries a stable code and its parameters; windows turn them into words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """An act that cannot be done. `code` is stable (`stale`, `closed`); `params` fill the sentence shown."""

    status = 409

    def __init__(self, code: str, message: str, **params: Any) -> None:
        super().__init__(message)
        self.code, self.message, self.params = code, message, params


class NotAllowed(Refused):
    """The actor may not do or see this. Windows answer 404 so that existence is not disclosed."""

    status = 404


class Stale(Refused):
    """Somebody else acted first; the page shows what they did."""


class Invalid(Refused):
    """Input that does not fit. `fields` maps a question's key to what is wrong and what to do."""

    status = 422

    def __init__(self, fields: Mapping[str, str], message: str = "Some answers need attention") -> None:
        super().__init__("invalid", message)
        self.fields = dict(fields)
