"""The events this room emits. Keys never enter `data`; identifiers, serial numbers and purposes do."""

from __future__ import annotations

from typing import Final

ASKED: Final = "custody.asked.v1"
"""data: request, act (rotate, revoke, install), purpose, serial, reason. Subject: `key:<purpose>`, as of all here."""
APPROVED: Final = "custody.approved.v1"
"""data: request, act, purpose, serial, asked_by, came (the new key's identifier or the serial number)."""
REFUSED: Final = "custody.refused.v1"
"""data: request, act, purpose, note."""
EXPIRING: Final = "custody.expiring.v1"
"""data: purpose, serial, until: a certificate in use ends within the time in which a new one should be made."""
