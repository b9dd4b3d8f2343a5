"""A row as it is compared: each declared fact in one way of writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commonweal.knowledge.linkage import normalise, sounds
from commonweal.register.models import Compared


@dataclass(frozen=True, slots=True)
class Facts:
    """One fact of one row. `text` is None where nothing is told."""

    by: str
    text: str | None
    words: tuple[str, ...] = ()
    given: str | None = None
    family: str | None = None
    han: bool = False
    sound: str | None = None
    """Of a name, the letters of its Latin writing in order; see `sounds`."""


def fact(by: str, values: Sequence[Any]) -> Facts:
    """The fact that the values of the declared columns make."""
    told = [None if value is None or str(value).strip() == "" else value for value in values]
    if by == "name":
        words = normalise.name([None if value is None else str(value) for value in told])
        han = any(normalise.is_han(word) for word in words or ())
        apart = len(told) == 2
        given = normalise.one_name(None if told[0] is None else str(told[0])) if apart else None
        family = normalise.one_name(None if told[1] is None else str(told[1])) if apart else None
        sound = sounds.letters(normalise.han_as_written(told, apart=apart) if han else None, words or ())
        return Facts(by, " ".join(words) if words else None, words or (), given, family, han, sound)
    if by == "address":
        words = normalise.address(told)
        return Facts(by, " ".join(words) if words else None, words or ())
    convert = {"birth-date": normalise.birth_date, "phone": normalise.phone, "code": normalise.code}[by]
    return Facts(by, convert(told[0]))


def rows_of(
    rows: Sequence[Mapping[str, Any]], compare: Sequence[Compared], *, right: bool = False
) -> list[tuple[Facts, ...]]:
    """Every row's facts, in the order in which the link names them."""
    sides = [compared.on_the_right if right else compared.left for compared in compare]
    return [
        tuple(
            fact(compared.by, [row.get(name) for name in names]) for compared, names in zip(compare, sides, strict=True)
        )
        for row in rows
    ]
