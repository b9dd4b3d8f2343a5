"""allauth.mfa with this house's key store: secrets of second factors are encrypted at rest."""

from __future__ import annotations

import base64

from allauth.mfa.adapter import DefaultMFAAdapter

from commonweal.core.trust import keys

PURPOSE = "second-factors"


class FactorAdapter(DefaultMFAAdapter):
    """Encrypts what proves a second factor; the database alone lets nobody in."""

    def encrypt(self, text: str) -> str:
        """The text encrypted by the key store, in base 64."""
        return base64.b64encode(keys.encrypt(PURPOSE, text.encode(), PURPOSE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` was given. Raises trust.suites.Broken when it was changed."""
        return keys.decrypt(PURPOSE, base64.b64decode(encrypted_text), PURPOSE).decode()
