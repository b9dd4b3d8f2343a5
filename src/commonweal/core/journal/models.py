"""Tables of the journal. Rows are added and never changed; triggers in the database hold to that as well."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.db.models import Q


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Refuses bulk changes that would pass by `save` and `delete`."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Always raises TypeError: the journal is append-only."""
        raise TypeError("the journal is append-only: a recorded event is never changed")

    def delete(self) -> NoReturn:
        """Always raises TypeError: the journal is append-only."""
        raise TypeError("the journal is append-only: a recorded event is never removed")


class AppendOnly(models.Model):
    """A row that is written once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row. Raises TypeError when it already exists."""
        if not self._state.adding:
            raise TypeError("the journal is append-only: a recorded event is never changed")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Always raises TypeError."""
        raise TypeError("the journal is append-only: a recorded event is never removed")


class Event(AppendOnly):
    """One act. `seq` is its place in the tree, given once by the sequencer after the transaction committed."""

    id = models.UUIDField(primary_key=True, editable=False)
    type = models.CharField(max_length=120)
    source = models.CharField(max_length=120)
    subject = models.CharField(max_length=120)
    actor = models.CharField(max_length=80)
    time = models.DateTimeField()
    data = models.JSONField()
    about = models.CharField(max_length=1000, blank=True, default="")
    personal_digest = models.CharField(max_length=64, blank=True, default="")
    seal = models.BinaryField()
    seq = models.BigIntegerField(null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="event_subject"),
            models.Index(fields=["id"], condition=Q(seq=None), name="event_pending"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"


class EventAbout(AppendOnly):
    """Whose data an event touched, so that a person can ask who used theirs."""

    pk = models.CompositePrimaryKey("person", "event_id")
    person = models.CharField(max_length=16)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="persons")

    def __str__(self) -> str:
        return f"{self.person} in {self.event_id}"


class PersonalData(models.Model):
    """Personal data beside an event, encrypted. Deleting this row and its key is how it is forgotten."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="personal")
    nonce = models.BinaryField()
    ciphertext = models.BinaryField()

    def __str__(self) -> str:
        return str(self.event_id)


class PersonalKey(models.Model):
    """The key and commitment salt of one event's personal data, in a table that backups may leave out."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="personal_key")
    key = models.BinaryField()
    salt = models.BinaryField()

    def __str__(self) -> str:
        return str(self.event_id)


class Node(AppendOnly):
    """The hash of a complete subtree: at `level` 0 a leaf and whose it is, above that of 2**level leaves."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()
    event = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Checkpoint(AppendOnly):
    """A signed statement of the tree's size and root (C2SP tlog-checkpoint), one per sequenced batch."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    time = models.DateTimeField()

    def __str__(self) -> str:
        return f"checkpoint of {self.size}"


class Cosignature(AppendOnly):
    """A witness's signature under one of our checkpoints."""

    size = models.BigIntegerField()
    witness = models.CharField(max_length=120)
    line = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["witness", "-size"], name="cosignature_newest")]

    def __str__(self) -> str:
        return f"{self.witness} at {self.size}"


class WitnessedLog(models.Model):
    """The newest checkpoint of another log that we signed: our memory of it."""

    origin = models.CharField(max_length=120, unique=True)
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField(blank=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.origin} at {self.size}"
