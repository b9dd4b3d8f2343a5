"""The events this room emits. Their subject is `person:<ref>`, or the case that asked; values never enter `data`."""

from __future__ import annotations

from typing import Final

RECORD_HELD: Final = "exchange.record-held.v1"
"""data: dataset, provider (organisation), columns, region. about: the person."""
EVIDENCE_FETCHED: Final = "exchange.evidence-fetched.v1"
"""data: evidence (type, or null for facts that only a rule reads), dataset, provider, consumer, elements, purpose
(service id), legal (article), case, recorded_at. about: the person."""
