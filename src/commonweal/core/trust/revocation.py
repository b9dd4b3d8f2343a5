"""Whether a certificate made here still counts: lists (RFC 5280, section 5) and answers one by one (RFC 6960).

The authority that made a certificate signs both itself, so an answer needs no further certificate to be checked.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp

from commonweal.core import clock
from commonweal.core.trust import shelf
from commonweal.core.trust.authority import ISSUING, ROOT, authorities
from commonweal.core.trust.opaque import OpaqueKey
from commonweal.core.trust.ports import KeyProblem
from commonweal.core.trust.profiles import key_identifier

LIST_LASTS, ANSWER_LASTS = timedelta(days=7), timedelta(days=1)
SKEW = timedelta(minutes=5)
MOST_NONCE = 128
"""Bytes of a nonce that are sent back (RFC 9654, section 2.1)."""


def crl(issuer: x509.Certificate, at: datetime | None = None) -> bytes:
    """What `issuer`, an authority of this deployment, has revoked, DER, as of now or another moment.

    Raises KeyProblem for another's authority.
    """
    key = next((key for known, key in _all() if known == issuer), None)
    if key is None:
        raise KeyProblem(f"{issuer.subject.rfc4514_string()} is no authority of this deployment")
    now = at or clock.now()
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.subject)
    builder = builder.last_update(now - SKEW).next_update(now + LIST_LASTS)
    builder = builder.add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False
    )
    for serial, (moment, reason) in shelf.revoked().items():
        certificate = shelf.issued(serial)
        if moment <= now and certificate is not None and _made_by(certificate, issuer):
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment)
            entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags[reason]), critical=False)
            builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def crl_named(identifier: str) -> bytes | None:
    """The list of the authority with that subject key identifier (hexadecimal), or None."""
    return next((crl(known) for known, _ in _all() if key_identifier(known) == identifier), None)


def answer(request: bytes) -> bytes:
    """An OCSP response to one request, DER: good, revoked or unknown; an error for what cannot be read."""
    try:
        asked = ocsp.load_der_ocsp_request(request)
        identifier = asked.issuer_key_hash, asked.hash_algorithm
        nonce = _nonce(asked)
    except (ValueError, TypeError, NotImplementedError):
        return _refusal(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    for issuer, key in _all():
        if _key_hash(issuer, identifier[1]) == identifier[0]:
            return _response(asked, issuer, key, nonce)
    return _refusal(ocsp.OCSPResponseStatus.UNAUTHORIZED)


def _response(asked: ocsp.OCSPRequest, issuer: x509.Certificate, key: OpaqueKey, nonce: x509.OCSPNonce | None) -> bytes:
    now, known = clock.now(), shelf.issued(asked.serial_number)
    when, why = shelf.revoked().get(asked.serial_number, (None, None))
    status = ocsp.OCSPCertStatus.REVOKED if when else ocsp.OCSPCertStatus.GOOD
    if known is None or not _made_by(known, issuer):
        status, when, why = ocsp.OCSPCertStatus.UNKNOWN, None, None
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        asked.issuer_name_hash, asked.issuer_key_hash, asked.serial_number, asked.hash_algorithm, status,
        now - SKEW, now + ANSWER_LASTS, when, x509.ReasonFlags[why] if why else None,
    )  # fmt: skip
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, issuer)
    if nonce is not None:
        builder = builder.add_extension(nonce, critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def _nonce(asked: ocsp.OCSPRequest) -> x509.OCSPNonce | None:
    try:
        nonce = asked.extensions.get_extension_for_class(x509.OCSPNonce).value
    except x509.ExtensionNotFound:
        return None
    return nonce if len(nonce.nonce) <= MOST_NONCE else None


def _refusal(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


def _all() -> list[tuple[x509.Certificate, OpaqueKey]]:
    return [*authorities(ISSUING), *authorities(ROOT)]


def _made_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    own = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    return own is not None and own.hex() == key_identifier(issuer)


def _key_hash(issuer: x509.Certificate, algorithm: hashes.HashAlgorithm) -> bytes:
    """The digest of the bare public key, as RFC 6960, section 4.1.1, names an issuer."""
    from commonweal.core.trust.algorithms import P256
    from commonweal.core.trust.ports import PublicKey

    running = hashes.Hash(algorithm)
    running.update(
        PublicKey(P256, issuer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).raw
    )
    return running.finalize()
