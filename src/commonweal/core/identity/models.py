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


def _sign_in_reference() -> str:
    return ids.reference("S")


def _mandate_reference() -> str:
    return ids.reference("M")


class Person(AbstractBaseUser):
    """Anybody with rights and duties: a citizen, a civil servant, a child, a company. One person, one row.

    A company is a legal person: it never signs in, and acts through those who hold a mandate.
    """

    PERSON, COMPANY = "person", "company"

    ref = models.CharField(max_length=16, unique=True, default=_reference, editable=False)
    username = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=16, default="en")
    birth_date = models.DateField(null=True, blank=True)
    home_region = models.CharField(max_length=80, blank=True, default="")
    kind = models.CharField(max_length=8, default=PERSON, help_text="person, or company: a legal person.")
    registration = models.CharField(max_length=80, null=True, unique=True, help_text="A company's register number.")
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


class PersonNumber(models.Model):
    """A national identifier of a person: encrypted, with an index that only this deployment can compute."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, to_field="ref", related_name="numbers")
    element = models.CharField(max_length=130, help_text="The data element that says what kind of number it is.")
    index = models.BinaryField(max_length=32, help_text="Equal for equal numbers; tells nothing else.")
    box = models.BinaryField(help_text="The number, encrypted and bound to the person.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "element"], name="number_once_a_person")]
        indexes = [models.Index(fields=["element", "index"], name="number_by_index")]

    def __str__(self) -> str:
        return f"{self.element} of {self.person_id}"


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


class SignIn(models.Model):
    """One signed-in device, so that its owner can see it and end it. Says which browser, never from which address."""

    ref = models.CharField(max_length=16, unique=True, default=_sign_in_reference, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_ins")
    session = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=80, blank=True, default="")
    began_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.ref} {self.device}"


class Linked(models.Model):
    """An identity at another provider that signs a person in here: its issuer and the subject it gave."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="links")
    provider = models.CharField(max_length=80)
    subject = models.CharField(max_length=255)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "subject"], name="linked_once")]

    def __str__(self) -> str:
        return f"{self.provider} {self.person_id}"


class Mandate(models.Model):
    """The right of one person to act for another: for which services and acts, from when to when, and on what ground.

    Rows change their status and end; they are never deleted, so that it can be said who might act last March.
    """

    OFFERED, GIVEN, DECLINED, ENDED = "offered", "given", "declined", "ended"

    ref = models.CharField(max_length=16, unique=True, default=_mandate_reference, editable=False)
    principal = models.ForeignKey(Person, on_delete=models.PROTECT, to_field="ref", related_name="represented_by")
    representative = models.ForeignKey(Person, on_delete=models.PROTECT, to_field="ref", related_name="represents")
    type = models.CharField(max_length=80, help_text="A mandate type of the jurisdiction, such as `parent`.")
    services = models.JSONField(default=list, help_text="Ids of services; an empty list means every service.")
    acts = models.JSONField(default=list)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    ground = models.CharField(max_length=10, help_text="registry, grant or entry")
    evidence = models.CharField(
        max_length=120, blank=True, default="", help_text="The dataset that says so, or the post."
    )
    status = models.CharField(max_length=10, default=OFFERED)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["representative", "status", "-id"], name="mandate_mine"),
            models.Index(fields=["principal", "status", "-id"], name="mandate_for_me"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(principal=models.F("representative")), name="mandate_for_another"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="mandate_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.type}"


class Consent(models.Model):
    """What a person let a department's system know, and how they had signed in when they last said so."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    client = models.CharField(max_length=100)
    acr = models.CharField(max_length=80, blank=True, default="")
    amr = models.JSONField(default=list)
    shown_at = models.DateTimeField(default=clock.now)
    given_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "client"], name="consent_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.client}"


class ProviderKey(models.Model):
    """A key that signs what we tell other systems about a sign-in, encrypted by the key store."""

    box = models.BinaryField()
    made_at = models.DateTimeField(default=clock.now)
    retires_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.pk} {self.made_at:%Y-%m-%d}"
