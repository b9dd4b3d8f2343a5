"""The events this room emits. Names and addresses never enter `data`; hashes and references do."""

from __future__ import annotations

from typing import Final

PERSON_ADDED: Final = "identity.person-added.v1"
"""data: is_demo. about: the person."""
PASSWORD_SET: Final = "identity.password-set.v1"  # noqa: S105 - the name of an event
"""data: empty. about: the person."""
APPOINTED: Final = "identity.appointed.v1"
"""data: post, region, since. about: the person."""
APPOINTMENT_ENDED: Final = "identity.appointment-ended.v1"
"""data: post, region, until. about: the person."""
SIGNED_IN: Final = "identity.signed-in.v1"
SIGNED_OUT: Final = "identity.signed-out.v1"
"""data: empty. about: the person."""
SIGN_IN_FAILED: Final = "identity.sign-in-failed.v1"
"""data: account (keyed hash of what was typed and from where)."""
