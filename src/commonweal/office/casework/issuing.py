"""Issuing an output under a number without gaps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import override

from commonweal.office.casework.models import Case, Counter, Output
from commonweal.office.casework.numbering import number
from commonweal.office.casework.saying import kind, label, shown
from commonweal.office.casework.showing import organisation_name
from commonweal.office.casework.versions import today
from commonweal.office.certificates.content import New, Stated
from commonweal.register import ServiceBundle
from commonweal.register.base import Text
from commonweal.register.calendars import WorkingCalendar
from commonweal.register.regions import NoBranchError, branch_region

PLAIN = "{region}-{year}-{seq:06}"
"""The number of an output that declares none."""
UNSTATED = frozenset({"email", "phone", "text", "file"})
"""Kinds of answers that no output states."""
CERTIFIED = frozenset({"pdf", "sd-jwt-vc"})
"""Formats that make an output a certificate: sealed, signed and kept, and not a page alone."""


def issue(case: Case, bundle: ServiceBundle, output_id: str, answers: Mapping[str, Any], now: datetime) -> Output:
    """Give the output its number and write it down. Inside the transaction of the act that issues it.

    The counter row stays locked until that transaction ends, so a number is given or given back, never lost.
    Raises ValueError for a declared pattern that is none.
    """
    declared = next(each for each in bundle.service.outputs if each.id == output_id)
    pattern = declared.number or PLAIN
    region = _region(bundle, declared.seal or bundle.service.authority, case.region)
    year = today(bundle.jurisdiction.timezone, now).year
    counted_year, counted_region = year if "{year}" in pattern else 0, region if "{region}" in pattern else ""
    sequence = _next(output_id, counted_year, counted_region)
    valid = declared.valid
    until = WorkingCalendar.of(bundle.jurisdiction).add(now, valid, "calendar-days") if valid else None
    return Output.objects.create(
        case=case,
        output=output_id,
        number=number(pattern, year=year, region=region, sequence=sequence),
        year=counted_year,
        region=counted_region,
        sequence=sequence,
        issued_at=now,
        valid_until=until,
        data={key: answers[key] for key in stated(bundle) if key in answers},
    )


def certificate(case: Case, bundle: ServiceBundle, output: Output) -> New | None:
    """What the room of certificates is told of an output that is had as one; None for one that is only printed."""
    declared = next(each for each in bundle.service.outputs if each.id == output.output)
    if not CERTIFIED & set(declared.formats):
        return None
    issuer = declared.seal or bundle.service.authority
    person = case.application.person
    return New(
        case=case.ref, service=case.service, output=output.output, number=output.number,
        region=_region(bundle, issuer, case.region), name=declared.name or bundle.service.name, issuer=issuer,
        issuer_name=organisation_name(bundle, issuer), holder=person.ref, holder_name=person.name,
        facts=[_stated(bundle, key, value) for key, value in output.data.items()],
        issued_at=output.issued_at, valid_until=output.valid_until,
    )  # fmt: skip


def _stated(bundle: ServiceBundle, key: str, value: Any) -> Stated:
    """A fact with its value in the words of each of the jurisdiction's languages."""
    words = {}
    for language in bundle.jurisdiction.languages:
        with override(language):
            words[language] = shown(bundle, key, value, {})
    return Stated(key, label(bundle, key), value, Text(words))


def stated(bundle: ServiceBundle) -> tuple[str, ...]:
    """The answers an output states: those that are data elements of the standard.

    Questions of one form only, ways of reaching a person, free text and files are nobody's business but the case's.
    """
    elements = [field.element for field in bundle.service.form if field.element]
    return tuple(key for key in elements if kind(bundle, key) not in UNSTATED)


def _next(output: str, year: int, region: str) -> int:
    rows = Counter.objects.select_for_update()
    counter = rows.filter(output=output, year=year, region=region).first()
    if counter is None:
        Counter.objects.get_or_create(output=output, year=year, region=region)
        counter = rows.get(output=output, year=year, region=region)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def _region(bundle: ServiceBundle, organisation: str, region: str) -> str:
    """The branch that issues; the case's own region where the organisation has no branch for it."""
    try:
        return branch_region(bundle, organisation, region or None)
    except NoBranchError:
        return region
