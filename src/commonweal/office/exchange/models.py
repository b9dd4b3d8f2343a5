"""What departments hold about people and businesses, so that nobody is asked for it."""

from __future__ import annotations

from django.db import models

from commonweal.core import clock
from commonweal.core.declared.guarded import GuardedJSONField


class HeldRecord(models.Model):
    """One row of a table that a department keeps (a dataset whose source is `register`).

    A correction is a new row; the newest one that is valid answers.
    """

    dataset = models.CharField(max_length=80)
    subject = models.CharField(max_length=16, help_text="Reference of the person it is about.")
    region = models.CharField(max_length=80, blank=True, default="")
    fields = GuardedJSONField(help_text="Column -> value, as the dataset declares them.")
    recorded_at = models.DateTimeField(default=clock.now)
    valid_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "dataset", "-recorded_at"], name="held_about")]

    def __str__(self) -> str:
        return f"{self.dataset} about {self.subject}"
