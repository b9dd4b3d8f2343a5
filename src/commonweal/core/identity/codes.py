"""Codes of an authenticator app (RFC 6238) and recovery codes, each good once; the key store encrypts their secrets."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.db import transaction

from commonweal.core import clock
from commonweal.core.errors import Invalid, Refused
from commonweal.core.identity import assurance, events, throttle
from commonweal.core.identity.actor import person_actor
from commonweal.core.identity.models import Person
from commonweal.core.journal.actions import record

if TYPE_CHECKING:
    from allauth.mfa.models import Authenticator

PERIOD, SKEW = 30, 1
"""Seconds a code lasts, and how many periods a phone's clock may be early or late (RFC 6238 section 5.2)."""


def new_secret() -> str:
    """A fresh secret of 160 bits in base 32."""
    from allauth.mfa.totp.internal.auth import generate_totp_secret

    return generate_totp_secret()


def address(person: Person, secret: str, issuer: str) -> str:
    """The `otpauth://` address an authenticator app reads from a QR code."""
    return f"otpauth://totp/{quote(f'{issuer}:{person.username}')}?{urlencode({'secret': secret, 'issuer': issuer})}"


def turn_on(person: Person, secret: str, code: str) -> None:
    """Ask for a code at sign-in from now on, when `code` shows that the app has the secret. Raises Invalid."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.utils import encrypt

    step = _matching(secret, code, -1)
    if step is None:
        raise Invalid({"code": "Enter the six digits the app shows now"})
    with transaction.atomic():
        Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).delete()
        data = {"secret": encrypt(secret), "last": step}
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data=data)
        _tell(person, events.FACTOR_ADDED, "totp")


def new_recovery_codes(person: Person) -> list[str]:
    """Ten fresh codes; the ones before are void. They are told once, by whoever calls this."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    with transaction.atomic():
        Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).delete()
        made = RecoveryCodes.activate(person).generate_codes()
        _tell(person, events.FACTOR_ADDED, "recovery")
    return made


def remove(person: Person, factor_id: int) -> None:
    """Take a factor away. Recovery codes go with the last factor they stand in for. Raises Refused for a stranger's."""
    from allauth.mfa.models import Authenticator

    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        found = Authenticator.objects.filter(user=person, pk=factor_id).first()
        if found is None:
            raise Refused("no-such-factor", "This is not among your ways to sign in any more")
        others = Authenticator.objects.filter(user=person).exclude(pk=found.pk)
        usable = others.exclude(type=Authenticator.Type.RECOVERY_CODES)
        if not person.has_usable_password() and not usable.filter(type=Authenticator.Type.WEBAUTHN).exists():
            raise Refused("last-factor", "Add another way to sign in before you remove the last one")
        kind = _kind(found)
        found.delete()
        _tell(person, events.FACTOR_REMOVED, kind)
        if not usable.exists():
            others.delete()


def second_factors(person: Person) -> frozenset[str]:
    """What a person may show besides a password: `totp`, `passkey`, `recovery`; empty when nothing is set up."""
    from allauth.mfa.models import Authenticator

    kinds = {_kind(each) for each in Authenticator.objects.filter(user=person)}
    return frozenset(kinds) if kinds - {"recovery"} else frozenset()


def factors(person: Person) -> dict[str, list[Authenticator]]:
    """Every factor set up, by kind."""
    from allauth.mfa.models import Authenticator

    found: dict[str, list[Authenticator]] = {}
    for each in Authenticator.objects.filter(user=person).order_by("id"):
        found.setdefault(_kind(each), []).append(each)
    return found


def recovery_codes_left(person: Person) -> int:
    """How many recovery codes have not been used."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    return sum(len(RecoveryCodes(each).get_unused_codes()) for each in factors(person).get("recovery", []))


def check(person: Person, code: str, remote_address: str) -> str:
    """The method a typed code proves, `totp` or `recovery`; a code is good once, guessing is slowed.

    Raises Refused `locked-out` or `wrong-code`.
    """
    account = throttle.account(f"code:{person.ref}", remote_address)
    throttle.refuse_when_locked(account)
    typed = "".join(code.split()).replace("-", "")
    method = _used(person, typed) if typed.isascii() and typed.isdigit() else None
    if method is None:
        throttle.fail(account, "code", (person.ref,))
        raise Refused("wrong-code", "This code is not right, or was used already")
    throttle.forget(account)
    return method


def _used(person: Person, typed: str) -> str | None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.utils import decrypt

    with transaction.atomic():
        for row in Authenticator.objects.select_for_update().filter(user=person):
            if row.type == Authenticator.Type.TOTP:
                step = _matching(decrypt(row.data["secret"]), typed, int(row.data.get("last", -1)))
                if step is not None:
                    row.data["last"] = step
                    row.last_used_at = clock.now()
                    row.save(update_fields=["data", "last_used_at"])
                    return assurance.TOTP
            if row.type == Authenticator.Type.RECOVERY_CODES and RecoveryCodes(row).validate_code(typed):
                return assurance.RECOVERY
    return None


def _matching(secret: str, code: str, after: int) -> int | None:
    """The time step whose code this is, later than the last one used (RFC 6238 section 5.2); None for none."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    now = int(clock.now().timestamp()) // PERIOD
    typed = "".join(code.split())
    for step in range(now - SKEW, now + SKEW + 1):
        if step > after and hmac.compare_digest(format_hotp_value(hotp_value(secret, step)), typed):
            return step
    return None


def _kind(row: Authenticator) -> str:
    return {"webauthn": "passkey", "recovery_codes": "recovery"}.get(row.type, row.type)


def _tell(person: Person, event: str, factor: str) -> None:
    record(person_actor(person), event, f"person:{person.ref}", {"factor": factor}, about=[person.ref])
