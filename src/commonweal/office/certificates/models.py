"""Certificates issued, where their status stands in public lists, and changes that wait for a second official."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from commonweal.core import clock, ids
from commonweal.core.declared.guarded import GuardedJSONField


def certificate_reference() -> str:
    """A new certificate's name."""
    return ids.reference("K")


class StatusList(models.Model):
    """One public list; certificates of any service share it, each at a place drawn by lot."""

    opened_at = models.DateTimeField(default=clock.now)
    seal = models.BinaryField(null=True, help_text="This deployment's code over what the list says.")

    def __str__(self) -> str:
        return f"status list {self.pk}"


class Certificate(models.Model):
    """One certificate in force or not. `content` never changes; `seal` is this deployment's code over the whole row."""

    VALID, SUSPENDED, REVOKED, REPLACED = "valid", "suspended", "revoked", "replaced"

    ref = models.CharField(max_length=16, unique=True, default=certificate_reference, editable=False)
    number = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    case = models.CharField(max_length=16, help_text="Reference of the case.")
    service = models.CharField(max_length=80)
    output = models.CharField(max_length=80)
    region = models.CharField(max_length=80, blank=True, default="")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, to_field="ref", on_delete=models.PROTECT, related_name="certificates"
    )
    content = GuardedJSONField(help_text="What it states; see content.py.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content as RFC 8785 writes it.")
    status = models.CharField(max_length=10, default=VALID)
    reason = models.CharField(max_length=2000, blank=True, default="")
    changed_at = models.DateTimeField(default=clock.now)
    revision = models.PositiveIntegerField(default=1)
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="certificates")
    status_index = models.PositiveIntegerField()
    seal = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["status_list", "status_index"], name="certificate_place_once"),
            models.UniqueConstraint(fields=["case", "output", "version"], name="certificate_issued_once"),
            models.UniqueConstraint(fields=["output", "number", "version"], name="certificate_numbered_once"),
        ]
        indexes = [
            models.Index(fields=["number", "-version"], name="certificate_number"),
            models.Index(fields=["holder", "-id"], name="certificate_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.number} v{self.version}"


class Proposal(models.Model):
    """A change one official wants and another has to confirm."""

    certificate = models.OneToOneField(Certificate, on_delete=models.CASCADE, related_name="proposal")
    act = models.CharField(max_length=10)
    reason = models.CharField(max_length=2000)
    by = models.CharField(max_length=16, help_text="Reference of the official.")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.act} {self.certificate_id}"
