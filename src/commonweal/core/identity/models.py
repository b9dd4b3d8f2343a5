"""Tables of people and of the staff seats they hold."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from commonweal.core import clock, ids


class PersonManager(BaseUserManager["Person"]):
    """Finds people by the name they sign in with, however they capitalise it."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """The person who signs in with `username`. Raises Person.DoesNotExist."""
        wanted = self.model.normalize_username(username or "").strip().casefold()
        if not wanted.isprintable():
            raise self.model.DoesNotExist("no username has characters that cannot be seen")
        return self.get(username=wanted)


def _reference() -> str:
    return ids.reference("P")


class Person(AbstractBaseUser):
    """Anybody who signs in: a citizen, somebody who runs a business, a civil servant. One person, one row."""

    ref = models.CharField(max_length=16, unique=True, default=_reference, editable=False)
    username = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=16, default="en")
    birth_date = models.DateField(null=True, blank=True)
    home_region = models.CharField(max_length=80, blank=True, default="")
    is_demo = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=clock.now, editable=False)

    objects = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.ref})"

    def get_full_name(self) -> str:
        """The name as the person writes it."""
        return self.name


class HoldingQuerySet(models.QuerySet["Holding"]):
    """Holdings, and those in force at a moment."""

    def in_force(self, moment: Any) -> HoldingQuerySet:
        """Holdings that have begun and not ended at `moment` (aware)."""
        return self.filter(Q(until=None) | Q(until__gt=moment), since__lte=moment)


class Holding(models.Model):
    """A person's seat: a declared post (`organisation/role`) in one branch, from a moment until another."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    post = models.CharField(max_length=170)
    region = models.CharField(max_length=80)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["post", "region"], name="holding_post_region")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "post", "region"], condition=Q(until=None), name="holding_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="holding_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person.ref} {self.post} {self.region}"


class SignInFailure(models.Model):
    """A failed attempt, kept for a quarter of an hour to slow guessing. Holds hashes, never what was typed."""

    account = models.CharField(max_length=64)
    moment = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "moment"], name="failure_account_moment")]

    def __str__(self) -> str:
        return self.account[:12]
