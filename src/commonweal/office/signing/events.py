"""The events this room emits. Subjects are `signing:S-…`; all are about the principal and every signer who is known.

`data` names nobody: signers are numbers and roles; who they are is in `about`, and names are beside the event.
"""

from __future__ import annotations

from typing import Final

ROUND_OPENED: Final = "signing.round-opened.v1"
"""data: round, of (its subject), document (sha256), size, level, order, places [{number, role}], due."""
INVITATION_TAKEN: Final = "signing.invitation-taken.v1"
"""Somebody entered the code they were given. data: round, number, role."""
INVITATION_RENEWED: Final = "signing.invitation-renewed.v1"
"""A new code took the place of the one before. data: round, number, role."""
DOCUMENT_SIGNED: Final = "signing.document-signed.v1"
"""data: round, number, role, method (passkey | upload), document (sha256), evidence (sha256 of its canonical JSON)."""
DOCUMENT_DECLINED: Final = "signing.document-declined.v1"
"""data: round, number, role. personal: reason."""
ROUND_OVERTAKEN: Final = "signing.round-overtaken.v1"
"""The answers changed after the document was made; its signatures count no more. data: round, signed (numbers)."""
ROUND_WITHDRAWN: Final = "signing.round-withdrawn.v1"
"""Whoever opened it took it back. data: round."""
ROUND_EXPIRED: Final = "signing.round-expired.v1"
"""Not everybody had signed when the time was over. data: round, missing (numbers)."""
SIGNER_REMINDED: Final = "signing.signer-reminded.v1"
"""Half of the time is over and this place is still empty. data: round, number, role."""
DOCUMENT_SEALED: Final = "signing.document-sealed.v1"
"""data: round, of, document (sha256 of what was signed), sealed (sha256 of the whole)."""
SIGNING_REFUSED: Final = "signing.refused.v1"
"""A signature that did not hold was handed in. data: round, number, reason."""
