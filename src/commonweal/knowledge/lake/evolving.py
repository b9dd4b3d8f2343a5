"""What may become of a table's columns when the declaration changes. Pure.

A column may come, go, or be told more widely: a year as an integer, an integer as a decimal, anything as text. What is
narrower or another thing altogether is refused, since a figure published from it could no longer be compared.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pyarrow as pa

from commonweal.core.errors import Refused

_WIDER = {("int32", "int64"), ("int32", "double"), ("int64", "double"), ("date32[day]", "timestamp[us]")}


@dataclass(frozen=True)
class Change:
    """Columns to add, to drop, to widen in place, and to make anew under the same name with a wider type."""

    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    widened: tuple[str, ...] = ()
    remade: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.dropped or self.widened or self.remade)


def kind(type: pa.DataType) -> str:
    """A type's name, whatever width its offsets have."""
    return str(type).removeprefix("large_")


def change(name: str, present: pa.Schema, wanted: pa.Schema, keys: Collection[str]) -> Change:
    """How to get from the stored columns to the declared ones. Raises Refused for what is not compatible."""
    old: Mapping[str, str] = {field.name: kind(field.type) for field in present}
    new: Mapping[str, str] = {field.name: kind(field.type) for field in wanted}
    gone = [key for key in keys if key in old and key not in new]
    if gone:
        raise Refused(
            "key-gone",
            f"Dataset {name}: column {gone[0]} was part of the key and is declared no longer; the rows would not "
            "be told apart as before. Declare a new dataset, or keep the column",
        )
    for column in old.keys() & new.keys():
        if old[column] != new[column] and not _wider(old[column], new[column]):
            raise Refused(
                "incompatible",
                f"Dataset {name}: column {column} holds {old[column]} and is now declared as {new[column]}, which "
                "cannot hold all of it. Give the new column another name, so that what was published stays comparable",
            )
    differs = [column for column in new if column in old and old[column] != new[column]]
    in_place = [column for column in differs if (old[column], new[column]) == ("int32", "int64")]
    return Change(
        added=tuple(column for column in new if column not in old),
        dropped=tuple(column for column in old if column not in new),
        widened=tuple(in_place),
        remade=tuple(column for column in differs if column not in in_place),
    )


def _wider(old: str, new: str) -> bool:
    return new == "string" or (old, new) in _WIDER or (old.startswith("int") and new.startswith("decimal"))
