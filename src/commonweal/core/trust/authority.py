"""The certificate authority of this deployment, and the certificates of its own keys whoever gave them.

A root certifies an issuing authority, which certifies document seals and time-stamping (X.509, RFC 5280). Both keys lie
in the key store, so with `COMMONWEAL_KEYS=pkcs11:…` they lie in hardware. A government that has an authority of its own
installs the chain it is given for a key (`commonweal keys csr`, `keys install`); ours then stands aside for that key.
What a retired key certified goes on verifying: its certificate, its list of revoked ones and its answers stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from django.conf import settings

from commonweal.core import clock
from commonweal.core.trust import opaque, profiles, shelf
from commonweal.core.trust.ports import KeyProblem
from commonweal.core.trust.profiles import SEAL, TIMESTAMPING
from commonweal.core.trust.shelf import Chain

ROOT, ISSUING = "authority-root", "authority-issuing"
PURPOSES = (SEAL, TIMESTAMPING)
"""Keys that have a certificate to show."""
LASTS = {ROOT: 7300, ISSUING: 3650, SEAL: 1095, TIMESTAMPING: 1825}
"""Days a certificate made here is good for."""
SKEW = timedelta(minutes=5)
"""A certificate begins so long before it is made: clocks of readers differ."""


@dataclass(frozen=True, slots=True)
class Authority:
    """The root and the issuing authority in force; see `current`."""

    root: x509.Certificate
    issuing: x509.Certificate

    def chain(self) -> Chain:
        """The issuing authority's certificate and the root's."""
        return self.issuing, self.root

    def certificate(self, purpose: str) -> x509.Certificate:
        """The certificate of the newest key of `purpose`. Raises KeyProblem, also when it is revoked."""
        return usable(purpose)[0]

    def issue(self, spki: bytes, subject: str, usage: str, days: int) -> x509.Certificate:
        """Certify a public key (SubjectPublicKeyInfo, DER) for `usage`: one of `profiles.USAGES`.

        It never outlives the issuing authority. Raises KeyProblem for an unknown usage or a damaged key.
        """
        try:
            public = serialization.load_der_public_key(spki)
        except (ValueError, TypeError) as problem:
            raise KeyProblem(f"the public key of {subject} cannot be read: {problem}") from None
        key = opaque.of(ISSUING, _key_id(self.issuing, ISSUING))
        made = profiles.end_entity(self.issuing, public, subject, usage).not_valid_before(clock.now() - SKEW)
        until = min(clock.now() + timedelta(days=days), self.issuing.not_valid_after_utc)
        certificate = made.not_valid_after(until).sign(key, hashes.SHA256())
        shelf.note_issued(certificate)
        return certificate

    def revoke(self, serial: int, reason: str) -> None:
        """Revoke a certificate made here; `reason` is a name of x509.ReasonFlags (`key_compromise`, `superseded`).

        Revoking twice changes nothing. Raises KeyProblem for a serial number or a reason nobody knows.
        """
        if reason not in profiles.REASONS:
            raise KeyProblem(f"{reason!r} is no reason: {', '.join(profiles.REASONS)}")
        if shelf.issued(serial) is None:
            raise KeyProblem(f"no certificate with the serial number {serial:x} was made here")
        shelf.note_revoked(serial, reason)

    def crl(self, of: x509.Certificate | None = None) -> bytes:
        """The list of certificates that an authority here has revoked, DER (RFC 5280, section 5)."""
        from commonweal.core.trust import revocation

        return revocation.crl(of or self.issuing)

    def ocsp(self, request: bytes) -> bytes:
        """The answer to one OCSP request, DER in and out (RFC 6960); a malformed one gets `malformedRequest`."""
        from commonweal.core.trust import revocation

        return revocation.answer(request)


def current() -> Authority:
    """The authority of this deployment, made on first use. Raises KeyProblem."""
    root_key = opaque.newest(ROOT)
    root = shelf.chain(ROOT, root_key.held.id)
    if root is None:
        made = _authority(root_key, "Root authority", None, root_key, LASTS[ROOT])
        root = shelf.keep(ROOT, root_key.held.id, [made])
    key = opaque.newest(ISSUING)
    chain = shelf.chain(ISSUING, key.held.id)
    if chain is None:
        made = _authority(key, f"Issuing authority {key.held.id[:8]}", root[0], root_key, LASTS[ISSUING])
        chain = shelf.keep(ISSUING, key.held.id, [made, root[0]])
        shelf.note_issued(chain[0])
    return Authority(chain[-1], chain[0])


def chain(purpose: str) -> Chain:
    """The certificates of the newest key of `purpose`, its own first and the root last, made on first use."""
    key = opaque.newest(purpose)
    known = shelf.chain(purpose, key.held.id)
    if known is not None:
        return known
    if purpose not in PURPOSES:
        raise KeyProblem(f"{purpose} has no certificate; those that have one: {', '.join(PURPOSES)}")
    authority = current()
    subject = f"{profiles.TITLES[purpose]} {key.held.id[:8]}"
    made = authority.issue(key.held.spki, subject, purpose, LASTS[purpose])
    return shelf.keep(purpose, key.held.id, [made, *authority.chain()])


def outside(purpose: str) -> bool:
    """Whether another authority certified the newest key of `purpose`."""
    return shelf.is_installed(purpose, opaque.newest(purpose).held.id)


def lists(at: datetime | None = None) -> list[bytes]:
    """The revocation list of every authority of this deployment, DER, as of now or another moment."""
    from commonweal.core.trust import revocation

    return [revocation.crl(known, at) for purpose in (ISSUING, ROOT) for known, _ in authorities(purpose)]


def revoked_at(certificate: bytes) -> datetime | None:
    """When a certificate (DER) made here was revoked; None for one that was not, and for another authority's."""
    serial = x509.load_der_x509_certificate(certificate).serial_number
    known, told = shelf.issued(serial), shelf.revoked().get(serial)
    ours = known is not None and known.public_bytes(serialization.Encoding.DER) == certificate
    return told[0] if ours and told else None


def usable(purpose: str, at: datetime | None = None) -> Chain:
    """`chain`, when its certificate is good now. Raises KeyProblem that says what to do when it is not."""
    found, moment = chain(purpose), at or clock.now()
    if found[0].serial_number in shelf.revoked():
        raise KeyProblem(
            f"the certificate of {purpose} is revoked: make a new key with commonweal keys rotate {purpose}"
        )
    if not found[0].not_valid_before_utc <= moment <= found[0].not_valid_after_utc:
        raise KeyProblem(
            f"the certificate of {purpose} does not hold now: make a new key with commonweal keys rotate {purpose}"
        )
    return found


def authorities(purpose: str) -> Iterator[tuple[x509.Certificate, opaque.OpaqueKey]]:
    """Every certificate that ROOT or ISSUING ever had here, with its key, oldest first."""
    from commonweal.core.trust import keys
    from commonweal.core.trust.algorithms import P256

    current()
    for key in keys.public_keys(purpose, P256):
        found = shelf.chain(purpose, key.id)
        if found is not None:
            yield found[0], opaque.OpaqueKey(purpose, key)


def roots() -> Chain:
    """What is trusted here: every root of our own, the last of installed chains, and those in COMMONWEAL_TRUSTED."""
    own = [certificate for certificate, _ in authorities(ROOT)]
    installed = [shelf.read(path.read_bytes())[-1] for path in sorted(shelf.root().glob("*/*.installed.pem"))]
    given = shelf.read(Path(settings.TRUSTED).read_bytes()) if settings.TRUSTED else ()
    return tuple(dict.fromkeys([*own, *installed, *given]))


def request(purpose: str, subject: str) -> bytes:
    """A certificate signing request for the newest key of `purpose`, PEM (PKCS #10, RFC 2986)."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(profiles.name(subject))
    return builder.sign(opaque.newest(purpose), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def install(purpose: str, content: bytes) -> Chain:
    """Let a chain that another authority gave (PEM, own certificate first, root last) count for the newest key.

    Raises KeyProblem when it is of another key, does not hold together or is not good now.
    """
    try:
        given = shelf.read(content)
    except ValueError as problem:
        raise KeyProblem(f"the chain cannot be read as PEM certificates: {problem}") from None
    key = opaque.newest(purpose)
    spki = given[0].public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )  # fmt: skip
    if spki != key.held.spki:
        raise KeyProblem(f"the first certificate is not of the newest key of {purpose} ({key.held.id})")
    for below, above in zip(given, [*given[1:], given[-1]], strict=True):
        try:
            below.verify_directly_issued_by(above)
        except Exception as problem:  # InvalidSignature, ValueError and TypeError of the library alike
            who = below.subject.rfc4514_string()
            raise KeyProblem(f"{who} was not issued by the certificate after it; the root comes last") from problem
    if not given[0].not_valid_before_utc <= clock.now() <= given[0].not_valid_after_utc:
        raise KeyProblem("the certificate is not good today; ask for one that is")
    profiles.fits(given[0], purpose)
    shelf.install(purpose, key.held.id, given)
    return given


def _authority(
    key: opaque.OpaqueKey, title: str, issuer: x509.Certificate | None, signer: opaque.OpaqueKey, days: int
) -> x509.Certificate:
    builder = profiles.authority(key.public_key(), title, issuer).not_valid_before(clock.now() - SKEW)
    return builder.not_valid_after(clock.now() + timedelta(days=days)).sign(signer, hashes.SHA256())


def _key_id(certificate: x509.Certificate, purpose: str) -> str:
    for known, key in authorities(purpose):
        if known == certificate:
            return key.held.id
    raise KeyProblem(f"{certificate.subject.rfc4514_string()} is no authority of this deployment")
