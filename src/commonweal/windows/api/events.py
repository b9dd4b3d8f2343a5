"""Events this room records."""

from __future__ import annotations

TOKEN_ISSUED = "api.token-issued.v1"  # noqa: S105 - the name of an event
"""data: scope, expires (ISO 8601). subject: `token:T-…`."""
TOKEN_REVOKED = "api.token-revoked.v1"  # noqa: S105 - the name of an event
"""data: none. subject: `token:T-…`."""
