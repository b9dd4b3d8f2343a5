"""Tables of the insight room: each scan of the lake, and what it found."""

from __future__ import annotations

from django.db import models


class Scan(models.Model):
    """One look at all pairs of columns of different datasets. `inputs` names the snapshots it was made of."""

    ref = models.CharField(max_length=16, unique=True)
    started = models.DateTimeField()
    finished = models.DateTimeField()
    inputs = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    pairs = models.PositiveIntegerField()
    withheld = models.PositiveIntegerField()
    tests = models.PositiveIntegerField()
    news = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.ref} {self.started:%Y-%m-%d}"


class Finding(models.Model):
    """A pair of columns that go together, and what that is to be called. It keeps its name from scan to scan."""

    class State(models.TextChoices):
        CANDIDATE = "candidate"
        CONFIRMED = "confirmed"
        REFUTED = "refuted"
        ACTED = "acted-on"

    ref = models.CharField(max_length=16, unique=True)
    key = models.CharField(max_length=64, unique=True)
    scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="findings")
    listed = models.BooleanField(default=True)
    rank = models.PositiveIntegerField()
    folded_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="folded")
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=12, choices=State, default=State.CANDIDATE)
    view = models.CharField(max_length=12)
    design = models.CharField(max_length=12)
    domain = models.CharField(max_length=120, blank=True, default="")
    left_dataset = models.CharField(max_length=80)
    left_column = models.CharField(max_length=120)
    right_dataset = models.CharField(max_length=80)
    right_column = models.CharField(max_length=120)
    open = models.BooleanField()
    office = models.BooleanField()
    n = models.PositiveIntegerField()
    entities = models.PositiveIntegerField()
    effect = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    p = models.FloatField()
    p_adjusted = models.FloatField()
    score = models.FloatField()
    sentence = models.JSONField()
    detail = models.JSONField()
    table = models.JSONField(default=dict)
    chart = models.JSONField(default=dict)
    drawn = models.BooleanField(default=False)
    horizon = models.JSONField(default=dict, help_text="Last day of each side's rows when it was first seen.")
    later = models.JSONField(default=dict, help_text="What rows after the horizon say, as last measured.")

    class Meta:
        indexes = [
            models.Index(fields=["listed", "kind", "rank"], name="finding_listed"),
            models.Index(fields=["listed", "rank"], name="finding_rank"),
            models.Index(fields=["rank"], condition=models.Q(drawn=False), name="finding_undrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.left_column} ~ {self.right_column}"


class Turn(models.Model):
    """Something that happened to a finding: seen first, confirmed, refuted, given to an organisation, acted on."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="turns")
    at = models.DateTimeField()
    what = models.CharField(max_length=12)
    by = models.CharField(max_length=16, blank=True, default="", help_text="Reference of the official; empty: a scan.")
    organisation = models.CharField(max_length=80, blank=True, default="")
    figures = models.JSONField(default=dict)
    note = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"{self.finding_id} {self.what}"


class Assignment(models.Model):
    """A finding given to an organisation: what it is asked to do, what it did, and what was measured afterwards."""

    OPEN, DONE, DECLINED = "open", "done", "declined"

    ref = models.CharField(max_length=16, unique=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="assignments")
    organisation = models.CharField(max_length=80)
    task = models.TextField()
    due = models.DateField()
    by = models.CharField(max_length=16)
    at = models.DateTimeField()
    status = models.CharField(max_length=10, default=OPEN)
    answer = models.TextField(blank=True, default="")
    answered_by = models.CharField(max_length=16, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["organisation", "status", "due", "id"], name="assignment_inbox")]
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "organisation"], condition=models.Q(status="open"), name="assignment_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.organisation}"


class NoisyFigure(models.Model):
    """A correlation of two columns of persons, published with noise. `epsilon` was spent of the dataset's budget."""

    dataset = models.CharField(max_length=80)
    left = models.CharField(max_length=120)
    right = models.CharField(max_length=120)
    snapshot = models.CharField(max_length=20)
    epsilon = models.DecimalField(max_digits=5, decimal_places=3)
    n = models.PositiveIntegerField()
    value = models.FloatField(null=True)
    low = models.FloatField()
    high = models.FloatField()
    made = models.DateTimeField()
    by = models.CharField(max_length=16, help_text="Reference of the official.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dataset", "left", "right", "snapshot"], name="noisy_figure_once")
        ]

    def __str__(self) -> str:
        return f"{self.dataset}: {self.left} ~ {self.right}"
