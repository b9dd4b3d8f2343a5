"""Every write of this room. Each is one function, one transaction, and its journal event with it.

They live in files by what they do: opening (the document, invitations, withdrawing), hands (signing, declining) and
concluding (sealing, reminding, ending).
"""

from __future__ import annotations

from commonweal.office.signing.concluding import due, mark_sealed, note_trouble, seal_document
from commonweal.office.signing.hands import challenge, decline, sign_with_passkey, sign_with_upload
from commonweal.office.signing.opening import (
    Opened,
    Prepared,
    open_round,
    overtake,
    prepare,
    renew_invitation,
    take_invitation,
    withdraw,
)

__all__ = [
    "Opened", "Prepared", "challenge", "decline", "due", "mark_sealed", "note_trouble", "open_round", "overtake",
    "prepare", "renew_invitation", "seal_document", "sign_with_passkey", "sign_with_upload", "take_invitation",
    "withdraw",
]  # fmt: skip
