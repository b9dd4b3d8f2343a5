"""Tables of the lake's room: what was collected when, and the facts the record has told so far."""

from __future__ import annotations

from django.db import models


class Collection(models.Model):
    """One run that fetched a dataset. The newest that is `done` or `unchanged` says what the table holds."""

    class Status(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        UNCHANGED = "unchanged"
        FAILED = "failed"

    dataset = models.CharField(max_length=80)
    started = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.RUNNING)
    read = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    quarantined = models.BigIntegerField(default=0)
    left_out = models.BigIntegerField(default=0)
    """Published rows that the declaration says are none of the dataset's (`source.without`)."""
    snapshot = models.BigIntegerField(null=True)
    quarantine_snapshot = models.BigIntegerField(null=True)
    content_hash = models.CharField(max_length=64, blank=True, default="")
    quality = models.JSONField(default=dict)
    state = models.JSONField(default=dict)
    """Where an incremental run goes on: the cursor, and the declaration for which it holds."""
    note = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["dataset", "-id"], name="collection_newest")]

    def __str__(self) -> str:
        return f"{self.dataset} {self.started:%Y-%m-%d %H:%M} {self.status}"

    @property
    def succeeded(self) -> bool:
        """Whether the table is as the source was at the time."""
        return self.status in (self.Status.DONE, self.Status.UNCHANGED)


class Notice(models.Model):
    """Word to a publisher that a dataset needs mending; open until a collection comes in clean."""

    class Reason(models.TextChoices):
        QUARANTINE = "quarantine"
        QUALITY = "quality"
        OVERDUE = "overdue"
        FAILED = "failed"

    dataset = models.CharField(max_length=80)
    organisation = models.CharField(max_length=80)
    reason = models.CharField(max_length=12, choices=Reason)
    detail = models.JSONField(default=dict)
    """Figures of the reason: rows and read; score, before and after; since; code and note."""
    collection = models.BigIntegerField()
    opened = models.DateTimeField()
    closed = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "reason"], condition=models.Q(closed=None), name="notice_open_once"
            )
        ]
        indexes = [models.Index(fields=["organisation", "-id"], name="notice_of_publisher")]

    def __str__(self) -> str:
        return f"{self.dataset}: {self.reason}"


class Reading(models.Model):
    """How far a reader of the record has come; moved in the transaction that stores what was read."""

    name = models.CharField(max_length=40, primary_key=True)
    seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.seq}"


class CaseFact(models.Model):
    """What the record says about one case, without anybody's name."""

    case = models.CharField(max_length=24, primary_key=True)
    service = models.CharField(max_length=80)
    organisation = models.CharField(max_length=80, blank=True, default="")
    region = models.CharField(max_length=80, blank=True, default="")
    opened = models.DateTimeField()
    due = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=24, blank=True, default="")
    returned = models.BooleanField(default=False)
    working_days = models.FloatField(null=True)
    overdue = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["closed"], name="case_fact_closed")]

    def __str__(self) -> str:
        return self.case


class StepFact(models.Model):
    """One decided step of a case."""

    case = models.CharField(max_length=24)
    step = models.CharField(max_length=80)
    turn = models.PositiveIntegerField(default=1)
    service = models.CharField(max_length=80)
    organisation = models.CharField(max_length=80, blank=True, default="")
    post = models.CharField(max_length=160, blank=True, default="")
    region = models.CharField(max_length=80, blank=True, default="")
    opened = models.DateTimeField()
    decided = models.DateTimeField()
    outcome = models.CharField(max_length=24)
    working_days = models.FloatField()
    overdue = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "step", "turn"], name="step_fact_once")]

    def __str__(self) -> str:
        return f"{self.case} {self.step}"
