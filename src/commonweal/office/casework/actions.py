"""Every write of this room. Each is one function, one transaction, and its journal events with it.

The acts live in files by who does them: drafting, submitting, deciding (officials), following up (applicants), ticking.
"""

from __future__ import annotations

from commonweal.office.casework.deciding import act, put_back, take
from commonweal.office.casework.drafting import Refreshed, attach, detach, discard, refresh, save, start
from commonweal.office.casework.following_up import begin_payment, pay, settle_payment, supply, withdraw
from commonweal.office.casework.signing import (
    begin_signing,
    conclude,
    conclude_waiting,
    sign_with_passkey,
    sign_with_upload,
)
from commonweal.office.casework.submitting import submit
from commonweal.office.casework.ticking import tick

__all__ = [
    "Refreshed", "act", "attach", "begin_payment", "begin_signing", "conclude", "conclude_waiting", "detach", "discard",
    "pay", "put_back", "refresh", "save", "settle_payment", "sign_with_passkey", "sign_with_upload", "start", "submit",
    "supply", "take", "tick", "withdraw",
]  # fmt: skip
