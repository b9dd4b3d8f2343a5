"""Tables of the API: the tokens programs sign in with."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from commonweal.core import clock, ids


def _reference() -> str:
    return ids.reference("T")


class ApiToken(models.Model):
    """A right to act for one person in one capacity. Only a digest is kept, so reading this table gives nothing."""

    SCOPES = [("person", "for oneself"), ("staff", "for the offices one holds a seat in")]

    ref = models.CharField(max_length=16, unique=True, default=_reference, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens")
    scope = models.CharField(max_length=10, choices=SCOPES)
    label = models.CharField(max_length=80, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="token_person")]

    def __str__(self) -> str:
        return f"{self.ref} ({self.scope})"
