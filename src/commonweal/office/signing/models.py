"""Documents to be signed and the places on them."""

from __future__ import annotations

from typing import Any

from django.db import models

from commonweal.core import clock, ids
from commonweal.core.declared.guarded import GuardedJSONField
from commonweal.core.identity.models import Person


def _person(**more: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(Person, on_delete=models.PROTECT, to_field="ref", related_name="+", **more)


def round_reference() -> str:
    """A new round's name."""
    return ids.reference("S")


class Round(models.Model):
    """One document and everybody who is to sign it. The document never changes; new answers need a new round."""

    OPEN, SIGNED, SEALED = "open", "signed", "sealed"
    OVERTAKEN, WITHDRAWN, DECLINED, EXPIRED = "overtaken", "withdrawn", "declined", "expired"
    STANDING = (OPEN, SIGNED)

    ref = models.CharField(max_length=16, unique=True, default=round_reference, editable=False)
    subject = models.CharField(max_length=80, help_text="What is signed: `application:A-…`.")
    principal = _person()
    opener = _person()
    mandate = models.CharField(max_length=16, blank=True, default="")
    assurance = models.CharField(max_length=12, default="low")
    services = models.JSONField()
    title = models.JSONField()
    language = models.CharField(max_length=16)
    content = GuardedJSONField(help_text="What the document says, for the page.")
    document = models.CharField(max_length=64, help_text="SHA-256 of the PDF that is signed.")
    size = models.PositiveIntegerField()
    level = models.CharField(max_length=10)
    order = models.CharField(max_length=10)
    accepts = models.JSONField()
    status = models.CharField(max_length=10, default=OPEN)
    trouble = models.CharField(max_length=60, blank=True, default="", help_text="Why it was not submitted: a code.")
    sealed = models.CharField(max_length=64, blank=True, default="", help_text="SHA-256 of the sealed PDF.")
    opened_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-id"], name="round_subject"),
            models.Index(fields=["status", "due_at"], name="round_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=models.Q(status__in=("open", "signed")), name="round_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.subject}"


class Place(models.Model):
    """One place on a document: who signs there, whether they have, and the evidence."""

    WAITING, SIGNED, DECLINED = "waiting", "signed", "declined"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="places")
    number = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=80)
    role_name = models.JSONField()
    person = _person(null=True)
    invited = models.CharField(max_length=200, blank=True, default="", help_text="Whom the applicant named.")
    code = models.CharField(max_length=64, blank=True, default="", help_text="SHA-256 of the invitation code.")
    status = models.CharField(max_length=8, default=WAITING)
    method = models.CharField(max_length=8, blank=True, default="")
    evidence = models.JSONField(null=True)
    once = models.CharField(max_length=64, null=True, unique=True, help_text="SHA-256 of the signature: good once.")
    reason = models.TextField(blank=True, default="")
    reminded_at = models.DateTimeField(null=True)
    at = models.DateTimeField(null=True)
    seal = models.BinaryField(null=True, help_text="This deployment's own seal over the row once signed.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="place_number")]
        indexes = [models.Index(fields=["person", "status", "-id"], name="place_mine")]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.number} {self.role}"
