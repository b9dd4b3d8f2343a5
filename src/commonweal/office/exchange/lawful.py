"""What a department may be asked, and under which article (pure)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from commonweal.register import ServiceBundle, durations
from commonweal.register.calendars import WorkingCalendar
from commonweal.register.models import Dataset, EvidenceType
from commonweal.register.naming import names_in, rules_of


def day_of(bundle: ServiceBundle, moment: datetime) -> date:
    """The day it is where the service is given: law goes by its calendar."""
    return moment.astimezone(WorkingCalendar.of(bundle.jurisdiction).zone).date()


def legal_basis(bundle: ServiceBundle, dataset: Dataset, evidence: EvidenceType | None, day: date) -> str | None:
    """The first article in force on `day` that permits sharing this dataset; None when there is none.

    The evidence type's own article comes before the dataset's. An act without an article permits nothing.
    """
    references = [evidence.legal] if evidence is not None and evidence.legal else []
    for reference in (*references, *dataset.legal):
        act, _, number = reference.partition("/")
        law = bundle.laws.get(act)
        article = law.article(number) if law is not None and law.effective.covers(day) else None
        if article is not None and "share" in article.permits and article.effective.covers(day):
            return reference
    return None


def elements_needed(bundle: ServiceBundle, dataset: Dataset) -> tuple[str, ...]:
    """The elements of the dataset that the service reads, and no more.

    Those are what its rules and its form name. A record that only has to exist shows what names it: its keys,
    without the column that says whom it is about.
    """
    read = {name for _, rule in rules_of(bundle.service) for name in names_in(rule)}
    read |= {field.key for field in bundle.service.form}
    needed = [column.element for column in dataset.columns if column.element in read]
    naming = [column.element for column in dataset.columns if column.name in dataset.keys]
    naming = [element for element in naming if element != subject_element(dataset)]
    return tuple(needed or naming)


def subject_element(dataset: Dataset) -> str | None:
    """The element that says whom a row is about."""
    return next((column.element for column in dataset.columns if column.name == dataset.subject), None)


def unasked(bundle: ServiceBundle) -> frozenset[str]:
    """What the service's rules read although no question asks it: departments answer it, or nobody."""
    read = {name for _, rule in rules_of(bundle.service) for name in names_in(rule)}
    return frozenset(read - {field.key for field in bundle.service.form})


def fresh_enough(recorded_at: datetime, max_age: str | None, now: datetime) -> bool:
    """Whether a record made then is young enough; days, months and years are those of the calendar."""
    if max_age is None:
        return True
    span = durations.parse(max_age)
    day = durations.add_months(recorded_at.astimezone(UTC).date(), span.all_months)
    moment = datetime.combine(day, recorded_at.astimezone(UTC).timetz())
    return now <= moment + timedelta(days=span.days + 7 * span.weeks, minutes=span.clock_minutes)
