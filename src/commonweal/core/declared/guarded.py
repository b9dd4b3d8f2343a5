"""JSON columns in which national identifiers lie encrypted; everything else in them stays as it was.

Which keys those are follows from the register: elements that say `identifies`, and the columns of registers bound to
them. A value is bound to its key, so that one number copied under another key does not open. What was written before
an element said so stays readable and is encrypted when it is next written.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import Any

from django.db import models

from commonweal.core.declared import queries
from commonweal.core.errors import Refused
from commonweal.core.trust import keys, suites
from commonweal.register import Register

PURPOSE = "national-identifier"
SEALED = "$sealed"
"""The one key of the object that stands where a value is encrypted."""


def identifying() -> frozenset[str]:
    """Keys whose values are national identifiers, in the register in force; none while nothing is published."""
    try:
        register = queries.current()
    except Refused:
        return frozenset()
    return _identifying(register.hash, register)


def seal(value: Any, names: frozenset[str]) -> Any:
    """`value` (any JSON) with what stands under `names` encrypted."""
    if isinstance(value, list | tuple):
        return [seal(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: _box(key, each) if key in names else seal(each, names) for key, each in value.items()}


def opened(value: Any, key: str = "") -> Any:
    """`value` as it was given to `seal`. Raises Refused `damaged` for one that was changed or moved."""
    if isinstance(value, list):
        return [opened(each, key) for each in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {SEALED}:
        try:
            return json.loads(keys.decrypt(PURPOSE, b64decode(value[SEALED]), key))
        except (suites.Broken, ValueError, TypeError) as broken:
            raise Refused("damaged", f"The encrypted value of {key} was changed or belongs elsewhere") from broken
    return {name: opened(each, name) for name, each in value.items()}


class GuardedJSONField(models.JSONField):
    """A JSON column whose national identifiers nobody reads in the database, in a copy of it or in a log of it."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """What is stored."""
        if not hasattr(value, "resolve_expression"):
            value = seal(value, identifying())
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """What was stored, readable. Raises Refused `damaged`."""
        return opened(super().from_db_value(value, expression, connection))


def _box(key: str, value: Any) -> Any:
    if value is None or (isinstance(value, dict) and value.keys() == {SEALED}):
        return value
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return {SEALED: b64encode(keys.encrypt(PURPOSE, text.encode(), key)).decode()}


_known: dict[str, frozenset[str]] = {}


def _identifying(hash: str, register: Register) -> frozenset[str]:
    """By the register's hash; only the newest is remembered."""
    if hash not in _known:
        elements = {element.id for element in register.elements.values() if element.identifies is not None}
        columns = {
            column.name
            for dataset in register.datasets.values()
            if dataset.source is not None and dataset.source.type == "register"
            for column in dataset.columns
            if column.element in elements
        }
        _known.clear()
        _known[hash] = frozenset(elements | columns)
    return _known[hash]
