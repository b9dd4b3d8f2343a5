"""Tables of applications, the cases they open, and the tasks those put before posts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import Q

from commonweal.core import clock, ids
from commonweal.core.declared.guarded import GuardedJSONField
from commonweal.core.identity.models import Person

NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""Stands for "no deadline" where rows are sorted by deadline, so that the index alone gives the order."""


def _person(**more: Any) -> models.ForeignKey[Any, Any]:
    """A key to a person by their reference, which is what an actor carries: no look-up before a write."""
    return models.ForeignKey(Person, on_delete=models.PROTECT, to_field="ref", **more)


def application_reference() -> str:
    """A new application's name."""
    return ids.reference("A")


def case_reference() -> str:
    """A new case's name."""
    return ids.reference("C")


def attachment_reference() -> str:
    """A new attachment's name."""
    return ids.reference("F")


class Application(models.Model):
    """What a person asks for: a service, or every service of a life event, with one set of answers."""

    DRAFT, SUBMITTED, DISCARDED = "draft", "submitted", "discarded"

    ref = models.CharField(max_length=16, unique=True, default=application_reference, editable=False)
    person = _person(related_name="applications", db_index=False)
    filed_by = _person(null=True, related_name="+", db_index=False)
    target_kind = models.CharField(max_length=8, help_text="service or event")
    target = models.CharField(max_length=80)
    versions = models.JSONField(help_text="[{service, hash, when}]: what it began with.")
    language = models.CharField(max_length=16)
    channel = models.CharField(max_length=16, default="web")
    region = models.CharField(max_length=80, blank=True, default="")
    answers = GuardedJSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=10, default=DRAFT)
    submit_token = models.CharField(max_length=80, null=True)
    submit_event = models.UUIDField(null=True, help_text="The journal event that proves the submission.")
    started_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="application_mine")]
        constraints = [models.UniqueConstraint(fields=["person", "submit_token"], name="application_submitted_once")]

    def __str__(self) -> str:
        return f"{self.ref} {self.target}"


class Case(models.Model):
    """One service asked for, worked to its end under the version it began with."""

    OPEN, WAITING, CLOSED = "open", "waiting", "closed"

    ref = models.CharField(max_length=16, unique=True, default=case_reference, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="cases")
    service = models.CharField(max_length=80)
    version = models.CharField(max_length=64)
    region = models.CharField(max_length=80, blank=True, default="", help_text="Where the case is about.")
    branch = models.CharField(max_length=80, blank=True, default="", help_text="The authority's branch.")
    state = models.JSONField(help_text="The engine's state.")
    evidence = GuardedJSONField(default=list, help_text="What departments answered when it was submitted.")
    status = models.CharField(max_length=8, default=OPEN)
    outcome = models.CharField(max_length=20, blank=True, default="")
    revision = models.PositiveIntegerField(default=1)
    last = models.JSONField(default=dict, help_text="Who acted last: by, act, step, at.")
    opened_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True)
    paused_since = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    next_tick_at = models.DateTimeField(null=True, help_text="When something falls due by itself.")
    held_for = models.TextField(blank=True, default="", help_text="Why it is kept beyond its declared time.")
    forgotten_at = models.DateTimeField(null=True, help_text="When what it held was erased.")

    class Meta:
        indexes = [
            models.Index(fields=["next_tick_at"], condition=Q(next_tick_at__isnull=False), name="case_tick"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.service}"


class Task(models.Model):
    """One step of a case before one post: ready, waiting for the applicant, done or cancelled.

    A step that is escalated stands before two posts and so has two rows, which close together.
    """

    READY, WAITING, DONE, CANCELLED = "ready", "waiting", "done", "cancelled"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    service = models.CharField(max_length=80)
    step = models.CharField(max_length=80)
    organisation = models.CharField(max_length=80)
    post = models.CharField(max_length=170)
    region = models.CharField(max_length=80)
    status = models.CharField(max_length=10, default=READY)
    ready_at = models.DateTimeField()
    due_at = models.DateTimeField(default=NEVER)
    decided_at = models.DateTimeField(null=True)
    decided_by = _person(null=True, related_name="+", db_index=False)
    outcome = models.CharField(max_length=24, blank=True, default="")
    escalated = models.BooleanField(default=False)
    assignee = _person(null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["post", "region", "status", "due_at", "id"], name="task_inbox"),
            models.Index(fields=["post", "region", "status", "-decided_at", "-id"], name="task_done"),
            models.Index(
                fields=["assignee", "status", "due_at", "id"], condition=Q(assignee__isnull=False), name="task_mine"
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["case", "step", "post"], name="task_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step} {self.post}"


class Attachment(models.Model):
    """A file handed in with an application; its bytes lie in the file store under their own hash."""

    ref = models.CharField(max_length=16, unique=True, default=attachment_reference, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="attachments")
    key = models.CharField(max_length=130, help_text="The question, or evidence.<type>.")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    added_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.ref} {self.key}"


class Output(models.Model):
    """What a case issued: a licence, a certificate, under a number of its own."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="outputs")
    output = models.CharField(max_length=80)
    number = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    region = models.CharField(max_length=80, blank=True, default="")
    sequence = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    data = GuardedJSONField(default=dict, help_text="The facts it states, by element.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["output", "year", "region", "sequence"], name="output_numbered_once"),
            models.UniqueConstraint(fields=["case", "output"], name="output_issued_once"),
        ]
        indexes = [models.Index(fields=["number"], name="output_number")]

    def __str__(self) -> str:
        return self.number


class Counter(models.Model):
    """The last number given for an output in a year and region. Locked while one is given, so none is skipped."""

    output = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    region = models.CharField(max_length=80, blank=True, default="")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["output", "year", "region"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.output} {self.region} {self.year}: {self.last}"
