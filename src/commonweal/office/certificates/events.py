"""The events this room emits. Subject: `certificate:K-…`; about: the holder."""

from __future__ import annotations

from typing import Final

ISSUED: Final = "certificates.certificate-issued.v1"
"""data: certificate, number, version, case, service, output, digest (SHA-256 of the content), replaces (or null)."""
CHANGED: Final = "certificates.certificate-changed.v1"
"""data: certificate, number, version, case, service, output, act, before, after. personal: reason."""
PROPOSED: Final = "certificates.change-proposed.v1"
"""data: certificate, number, version, case, service, output, act. personal: reason."""
DECLINED: Final = "certificates.change-declined.v1"
"""data: certificate, number, version, case, service, output, act."""
GIVEN: Final = "certificates.credential-given.v1"
"""data: certificate, number, version, case, service, output, bound (thumbprint of the holder's key, or null)."""
