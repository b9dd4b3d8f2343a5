"""Passkeys (WebAuthn Level 3): making one, and answering a challenge with one. fido2 checks, allauth's table keeps.

A ceremony has two halves. The first returns what the browser needs and a state that the caller keeps on the server;
the second takes the browser's answer and that state, which is good once: the caller removes it before asking.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from commonweal.core import clock
from commonweal.core.errors import Refused
from commonweal.core.identity import events
from commonweal.core.identity.actor import person_actor
from commonweal.core.identity.models import Person
from commonweal.core.identity.throttle import NOBODY
from commonweal.core.journal.actions import record

if TYPE_CHECKING:
    from allauth.mfa.models import Authenticator
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestedCredentialData

LIFETIME = 300
"""Seconds between the two halves."""
LIMIT = 10
"""Passkeys a person may have."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the pages are served: the relying party's id (`example.org`), its origin and what it is called."""

    host: str
    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Used:
    """A passkey that answered: whose, whether it checked its holder, and the answer itself, to be kept as evidence."""

    person: Person
    authenticator: Authenticator
    verified: bool
    answer: Mapping[str, Any]
    public_key: bytes
    """The credential's public key, COSE_Key in CBOR (RFC 9052)."""


def begin_making(origin: Origin, person: Person) -> tuple[dict[str, Any], dict[str, Any]]:
    """Options for `navigator.credentials.create` and the state to keep. The person need not be saved yet."""
    from fido2.webauthn import PublicKeyCredentialUserEntity, ResidentKeyRequirement, UserVerificationRequirement

    user = PublicKeyCredentialUserEntity(id=person.ref.encode(), name=person.username, display_name=person.name)
    options, state = _server(origin).register_begin(
        user=user,
        credentials=[data for _, data in _credentials(person)] if person.pk else [],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
        extensions={"credProps": True},
    )
    return dict(options), _kept(state)


def finish_making(
    origin: Origin, person: Person, state: Any, credential: Mapping[str, Any], name: str
) -> Authenticator:
    """Keep a new passkey of `person` (saved). Raises Refused `passkey-refused`, `too-many-passkeys`."""
    from allauth.mfa.models import Authenticator

    _fresh(state)
    try:
        made = _server(origin).register_complete(state["fido"], credential)
        fits = made.is_user_verified() and made.credential_data is not None
    except Exception:  # fido2 and its CBOR reader raise a dozen kinds of error for what a hostile browser can send
        fits = False
    if not fits:
        raise _refused("making")
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        if Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).count() >= LIMIT:
            raise Refused("too-many-passkeys", "Remove a passkey before you add another")
        data = {"name": name.strip()[:80], "credential": dict(credential), "counter": made.counter}
        kept = Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data)
        record(
            person_actor(person), events.FACTOR_ADDED, f"person:{person.ref}", {"factor": "passkey"}, about=[person.ref]
        )
    return kept


def begin(
    origin: Origin, person: Person | None = None, *, challenge: bytes | None = None, verify: bool = True
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Options for `navigator.credentials.get` and the state to keep; without `person` whoever has a passkey answers.

    `challenge` (16 bytes or more) is what is signed where it must be something, such as the hash of a document.
    """
    from fido2.webauthn import UserVerificationRequirement

    wanted = UserVerificationRequirement.REQUIRED if verify else UserVerificationRequirement.PREFERRED
    credentials = [data for _, data in _credentials(person)] if person else None
    options, state = _server(origin).authenticate_begin(credentials, wanted, challenge)
    return dict(options), _kept(state)


def finish(origin: Origin, state: Any, credential: Mapping[str, Any], person: Person | None = None) -> Used:
    """Check an answer. A signature counter that went back means a copied key (WebAuthn 6.1.1) and is refused.

    Raises Refused `passkey-refused`.
    """
    from allauth.mfa.models import Authenticator

    _fresh(state)
    owner = person or _owner(credential)
    if owner is None or not owner.is_active:
        raise _refused("unknown")
    known = _credentials(owner)
    try:
        used = _server(origin).authenticate_complete(state["fido"], [data for _, data in known], credential)
        from fido2.webauthn import AuthenticationResponse

        seen = AuthenticationResponse.from_dict(credential).response.authenticator_data
    except Exception:  # as above: every kind of malformed answer is one refusal
        raise _refused("wrong", owner) from None
    with transaction.atomic():
        row_id = next(pk for pk, data in known if data.credential_id == used.credential_id)
        row = Authenticator.objects.select_for_update().get(pk=row_id)
        before = int(row.data.get("counter") or 0)
        copied = (seen.counter or before) and seen.counter <= before
        if not copied:
            row.data["counter"] = seen.counter
            row.last_used_at = clock.now()
            row.save(update_fields=["data", "last_used_at"])
    if copied:
        raise _refused("counter", owner)
    from fido2 import cbor

    return Used(owner, row, seen.is_user_verified(), dict(credential), cbor.encode(dict(used.public_key)))


def of(person: Person) -> list[Authenticator]:
    """The passkeys of a person, oldest first."""
    from allauth.mfa.models import Authenticator

    return list(Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).order_by("id"))


def _credentials(person: Person) -> list[tuple[int, AttestedCredentialData]]:
    from fido2.webauthn import RegistrationResponse

    found = []
    for row in of(person):
        data = RegistrationResponse.from_dict(row.data["credential"]).response.attestation_object.auth_data
        if data.credential_data is not None:
            found.append((row.pk, data.credential_data))
    return found


def _owner(credential: Mapping[str, Any]) -> Person | None:
    """Whom the answer says it is by: the user handle is the reference given when the passkey was made."""
    from fido2.utils import websafe_decode

    try:
        ref = websafe_decode(credential["response"]["userHandle"]).decode()
    except Exception:  # anything else is nobody's
        return None
    return Person.objects.filter(ref=ref).first() if ref.isascii() and ref.isprintable() else None


def _server(origin: Origin) -> Fido2Server:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    party = PublicKeyCredentialRpEntity(id=origin.host, name=origin.name)
    return Fido2Server(party, verify_origin=lambda address: address == origin.address)


def _kept(state: Any) -> dict[str, Any]:
    return {"fido": state, "at": clock.now().timestamp()}


def _fresh(state: Any) -> None:
    if not isinstance(state, dict) or not 0 <= clock.now().timestamp() - state.get("at", 0) <= LIFETIME:
        raise _refused("stale")


def _refused(reason: str, person: Person | None = None) -> Refused:
    """The refusal, and its line in the journal."""
    with transaction.atomic():
        subject = f"person:{person.ref}" if person else "sign-in:passkey"
        about = [person.ref] if person else []
        record(NOBODY, events.FACTOR_REFUSED, subject, {"factor": "passkey", "reason": reason}, about=about)
    return Refused("passkey-refused", "This passkey could not be used; try again", reason=reason)
