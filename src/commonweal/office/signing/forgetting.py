"""Forgetting what was signed, when whoever had it signed no longer has to keep it.

Documents, signatures and who was invited go as a whole: a row without its document would only say that it is damaged.
That somebody signed, when and which hash, stands in the journal.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from commonweal.core.journal.queries import with_personal
from commonweal.office.signing import opening, shelf
from commonweal.office.signing.models import Place, Round


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many documents were forgotten, and the events that still have personal data beside them."""

    documents: int
    events: tuple[UUID, ...]


def forget(of: str) -> Forgotten:
    """Remove every round over the subject `of` (`application:A-…`); files go when the transaction commits.

    For the room whose subject it is, in its transaction, after it has made sure that nothing has to be kept. A file
    that another round has as well stays.
    """
    rounds = list(Round.objects.select_for_update().filter(subject=of))
    events = [event for round in rounds for event in with_personal(opening.subject(round))]
    gone = {name for round in rounds for name in (round.document, round.sealed) if name}
    places = Place.objects.filter(round__in=rounds)
    gone |= {found for each in places for found in _uploaded(each)}
    places.delete()
    Round.objects.filter(pk__in=[round.pk for round in rounds]).delete()
    kept = set(Round.objects.filter(document__in=gone).values_list("document", flat=True))
    kept |= set(Round.objects.filter(sealed__in=gone).values_list("sealed", flat=True))
    uploads = Place.objects.filter(evidence__upload__sha256__in=gone)
    kept |= set(uploads.values_list("evidence__upload__sha256", flat=True))
    transaction.on_commit(lambda: shelf.remove(gone - kept))
    return Forgotten(len(rounds), tuple(events))


def _uploaded(place: Place) -> list[str]:
    """The hash of what was signed elsewhere and handed in."""
    handed_in = (place.evidence or {}).get("upload") or {}
    return [handed_in["sha256"]] if "sha256" in handed_in else []
