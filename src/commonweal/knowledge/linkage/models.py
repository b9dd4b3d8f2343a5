"""Tables of the linkage room: runs, the pairs people look at, what they said, and links that were undone."""

from __future__ import annotations

from django.db import models


class Run(models.Model):
    """One time a declared link was made. Its pairs lie in the lake, in the table and snapshot named here."""

    class Status(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        UNDONE = "undone"

    ref = models.CharField(max_length=16, unique=True)
    link = models.CharField(max_length=80, db_index=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.RUNNING)
    started = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    undone = models.DateTimeField(null=True)
    left_snapshot = models.BigIntegerField(null=True)
    right_snapshot = models.BigIntegerField(null=True)
    snapshot = models.BigIntegerField(null=True)
    model = models.CharField(max_length=64, blank=True, default="")
    figures = models.JSONField(default=dict)
    note = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"{self.ref} {self.link}"


class Pair(models.Model):
    """Two rows a reviewer is asked about. `box` holds what was compared, encrypted, until the pair is settled."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SAME = "same"
        DIFFERENT = "different"
        UNSURE = "unsure"

    ref = models.CharField(max_length=16, unique=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="pairs")
    left = models.CharField(max_length=400)
    right = models.CharField(max_length=400)
    probability = models.FloatField()
    weight = models.FloatField()
    stratum = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=8)
    sampled = models.BooleanField(default=False)
    evidence = models.JSONField()
    box = models.BinaryField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    settled = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["run", "state", "sampled", "-probability", "id"], name="pair_queue")]
        constraints = [models.UniqueConstraint(fields=["run", "left", "right"], name="pair_once")]

    def __str__(self) -> str:
        return self.ref


class Decision(models.Model):
    """What one reviewer said of one pair."""

    pair = models.ForeignKey(Pair, on_delete=models.PROTECT, related_name="decisions")
    reviewer = models.CharField(max_length=40)
    verdict = models.CharField(max_length=10)
    made = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pair", "reviewer"], name="decision_once")]

    def __str__(self) -> str:
        return f"{self.pair_id} {self.verdict}"


class Severed(models.Model):
    """A link between two rows that was undone; it holds for every later run too."""

    link = models.CharField(max_length=80, db_index=True)
    left = models.CharField(max_length=400)
    right = models.CharField(max_length=400)
    made = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "left", "right"], name="severed_once")]

    def __str__(self) -> str:
        return f"{self.link} {self.made:%Y-%m-%d}"
