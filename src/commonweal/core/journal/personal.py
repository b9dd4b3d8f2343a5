"""Personal data beside an event: encrypted under a key of its own, provable while kept, forgettable at any time.

The tree covers only a commitment, SHA-256(salt || canonical JSON). While salt and data are kept the commitment
proves them; once both are erased it says nothing about them, and the tree still stands. The cipher is that of the
deployment's suite; the commitment is SHA-256 in both, as the tree is, so that any reader of the log can check it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from commonweal.core.journal import rows
from commonweal.core.journal.canonical import encode, plain
from commonweal.core.journal.models import Event, PersonalData, PersonalKey
from commonweal.core.trust import suites


class Sealed:
    """Personal data made ready to be kept: its commitment, and the rows to add beside the event's own."""

    def __init__(self, personal: Mapping[str, Any]) -> None:
        content = encode(plain(personal, "personal"))
        self._suite = suites.current()
        self._salt, self._key = os.urandom(32), os.urandom(self._suite.key_bytes)
        self._content = content
        self.digest = hashlib.sha256(self._salt + content).hexdigest()

    def rows(self, event: Event) -> tuple[PersonalData, PersonalKey]:
        """The ciphertext and its key, bound to `event`."""
        box = self._suite.encrypt(self._key, self._content, event.id.bytes)
        nonce, ciphertext = box[: suites.NONCE_BYTES], box[suites.NONCE_BYTES :]
        return (
            PersonalData(event=event, nonce=nonce, ciphertext=ciphertext),
            PersonalKey(event=event, key=self._key, salt=self._salt),
        )


def keep(made: Sequence[tuple[Event, Sealed]]) -> None:
    """Add the personal data of some events, whose rows are there, in two round trips."""
    pairs = [sealed.rows(event) for event, sealed in made]
    rows.add([data for data, _ in pairs])
    rows.add([key for _, key in pairs])


def reveal_all(events: Sequence[Event]) -> dict[UUID, dict[str, Any]]:
    """The personal data of those events that have any, by event id. Raises ValueError when one was tampered with."""
    wanted = {event.id: event for event in events if event.personal_digest}
    if not wanted:
        return {}
    opened = {row.event_id: row for row in PersonalKey.objects.filter(event__in=list(wanted))}
    return {
        row.event_id: reveal(wanted[row.event_id], row, opened[row.event_id])
        for row in PersonalData.objects.filter(event__in=list(wanted))
        if row.event_id in opened
    }


def reveal(event: Event, data: PersonalData, key: PersonalKey) -> dict[str, Any]:
    """The personal data of `event`. Raises ValueError when it was tampered with."""
    try:
        suite = suites.of_key(bytes(key.key))
        content = suite.decrypt(bytes(key.key), bytes(data.nonce) + bytes(data.ciphertext), event.id.bytes)
    except ValueError:
        raise ValueError("the personal data does not fit its key") from None
    if hashlib.sha256(bytes(key.salt) + content).hexdigest() != event.personal_digest:
        raise ValueError("the personal data is not what the event committed to")
    return json.loads(content)
