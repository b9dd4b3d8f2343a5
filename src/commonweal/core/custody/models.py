"""Tables of what was asked for a key, by whom, and who decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class KeyRequest(models.Model):
    """One act on a key that waits for a second person, or was decided by one."""

    ROTATE, REVOKE, INSTALL = "rotate", "revoke", "install"
    WAITING, APPROVED, REFUSED = "waiting", "approved", "refused"

    ref = models.CharField(max_length=20, unique=True)
    act = models.CharField(max_length=10)
    purpose = models.CharField(max_length=60)
    serial = models.CharField(max_length=48, blank=True, help_text="Hexadecimal; of the certificate to revoke.")
    why = models.CharField(max_length=40, blank=True, help_text="Why it is revoked, by its name in RFC 5280.")
    reason = models.CharField(max_length=500)
    chain = models.TextField(blank=True, help_text="Certificates to install, as PEM.")
    asked_by = models.CharField(max_length=20, help_text="Reference of the person; `operator` for the terminal.")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=WAITING)
    decided_by = models.CharField(max_length=20, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(asked_by=models.F("decided_by")), name="custody_four_eyes"
            ),
            models.UniqueConstraint(
                fields=["act", "purpose", "serial"], condition=models.Q(state="waiting"), name="custody_asked_once"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.ref


class Warned(models.Model):
    """A certificate whose coming end was told, so that it is told once."""

    serial = models.CharField(max_length=48, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.serial
