"""National identifiers: kept encrypted, found by their exact text, shown in part.

The index is keyed (HMAC under a key of this deployment) and tells nothing to who has the database alone; two rows are
alike only where two people were given one number. It cannot find a part of a number, which is the price.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from commonweal.core.identity.models import Person, PersonNumber
from commonweal.core.trust import keys

PURPOSE = "national-identifier"
SHOWN = 3
"""Characters at the end that a page may show, so that a person recognises the number as theirs."""


@dataclass(frozen=True, slots=True)
class Given:
    """The national identifier `value` of kind `element` that `person` (a reference) has."""

    person: str
    element: str
    value: str


def keep(given: Iterable[Given]) -> int:
    """Keep identifiers; a person has one of a kind, and a new one takes the place of the old. How many were kept.

    Part of the caller's act: what a register records about a person is journalled there. References of nobody are
    left out.
    """
    newest = {(each.person, each.element): each.value for each in given if each.value}
    people = set(Person.objects.filter(ref__in={person for person, _ in newest}).values_list("ref", flat=True))
    rows = [
        PersonNumber(person_id=person, element=element, index=_index(element, value), box=_box(person, element, value))
        for (person, element), value in newest.items()
        if person in people
    ]
    with transaction.atomic():
        PersonNumber.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["person", "element"], update_fields=["index", "box"]
        )
    return len(rows)


def people_with(element: str, value: str) -> tuple[str, ...]:
    """References of those who were given exactly this number; more than one where a register made a mistake."""
    found = PersonNumber.objects.filter(element=element, index=_index(element, value))
    return tuple(str(ref) for ref in found.order_by("person_id").values_list("person_id", flat=True)[:20])


def shown(person: str) -> dict[str, str]:
    """What a page may show of a person's numbers: element to its last characters behind dots. Raises suites.Broken."""
    rows = PersonNumber.objects.filter(person_id=person)
    return {row.element: _masked(_opened(row)) for row in rows}


def _opened(row: PersonNumber) -> str:
    return keys.decrypt(PURPOSE, bytes(row.box), _context(row.person_id, row.element)).decode()


def _masked(value: str) -> str:
    kept = value[-SHOWN:] if len(value) > 2 * SHOWN else ""
    return "•" * (len(value) - len(kept)) + kept


def _normal(value: str) -> str:
    return "".join(value.split()).upper()


def _index(element: str, value: str) -> bytes:
    return keys.blind_index(f"{PURPOSE}-index", f"{element}\0{_normal(value)}")


def _box(person: str, element: str, value: str) -> bytes:
    return keys.encrypt(PURPOSE, _normal(value).encode(), _context(person, element))


def _context(person: str, element: str) -> str:
    return f"{person}/{element}"
