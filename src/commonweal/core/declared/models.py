"""Tables of what has been declared and when it came into force."""

from __future__ import annotations

from django.db import models


class Publication(models.Model):
    """A whole register as it came into force; the newest one is the law of the house."""

    number = models.PositiveIntegerField(primary_key=True)
    register_hash = models.CharField(max_length=64)
    document = models.BinaryField(help_text="Compressed canonical JSON of the register.")
    plan = models.JSONField(help_text="What this publication changed from the one before it.")
    services = models.JSONField(help_text="Service id to the hash of its version.")
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"publication {self.number}"


class ServiceVersion(models.Model):
    """One service with everything it refers to, named by its content, so that a case keeps what it began with."""

    hash = models.CharField(max_length=64, primary_key=True)
    service_id = models.CharField(max_length=80, db_index=True)
    document = models.BinaryField(help_text="Compressed canonical JSON of the service's bundle.")
    first_published = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.service_id}@{self.hash[:12]}"
