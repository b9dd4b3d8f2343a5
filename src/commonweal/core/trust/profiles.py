"""What stands in the certificates made here (RFC 5280, section 4.2): names, usages, and where to ask about them."""

from __future__ import annotations

from typing import Any

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from django.conf import settings

from commonweal.core.trust.ports import KeyProblem

SEAL, TIMESTAMPING = "document-seal", "time-stamping"
TITLES = {SEAL: "Document seal", TIMESTAMPING: "Time-stamping"}
REASONS = ("key_compromise", "affiliation_changed", "superseded", "cessation_of_operation", "privilege_withdrawn")
_DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
USAGES: dict[str, tuple[bool, tuple[x509.ObjectIdentifier, ...]]] = {
    # E-mail protection beside it because NSS (pdfsig, Firefox) trusts signers of documents as signers of mail.
    SEAL: (False, (_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)),
    # Alone and critical, as RFC 3161, section 2.3, asks.
    TIMESTAMPING: (True, (ExtendedKeyUsageOID.TIME_STAMPING,)),
}
"""Usage to whether its extended key usage is critical, and what that is."""


def name(title: str) -> x509.Name:
    """The name of a certificate: this deployment as the organisation, and what it is."""
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, settings.ORIGIN[:64])
    return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, title[:64])])


def authority(public: Any, title: str, issuer: x509.Certificate | None) -> x509.CertificateBuilder:
    """An authority's certificate without its dates; its own issuer when there is none above it."""
    builder = _common(public, name(title), issuer.subject if issuer else name(title))
    path = x509.BasicConstraints(ca=True, path_length=0 if issuer else 1)
    builder = builder.add_extension(path, critical=True).add_extension(_usage(certifies=True), critical=True)
    return builder if issuer is None else _asked(builder, issuer)


def end_entity(issuer: x509.Certificate, public: Any, title: str, usage: str) -> x509.CertificateBuilder:
    """The certificate of a key that signs documents or moments, without its dates. Raises KeyProblem."""
    if usage not in USAGES:
        raise KeyProblem(f"{usage!r} is no usage: {', '.join(USAGES)}")
    critical, extended = USAGES[usage]
    builder = _common(public, name(title), issuer.subject)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(certifies=False), critical=True)
    return _asked(builder.add_extension(x509.ExtendedKeyUsage(extended), critical=critical), issuer)


def fits(certificate: x509.Certificate, usage: str) -> None:
    """Raise KeyProblem when another authority's certificate does not allow `usage`."""
    try:
        extended = set(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        extended = set()
    if usage == TIMESTAMPING and extended != {ExtendedKeyUsageOID.TIME_STAMPING}:
        raise KeyProblem(
            "a certificate for time-stamping allows time-stamping and nothing else (RFC 3161, section 2.3)"
        )
    try:
        allowed = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (allowed.digital_signature or allowed.content_commitment):
        raise KeyProblem("the certificate does not allow signatures (key usage)")


def key_identifier(certificate: x509.Certificate) -> str:
    """Its subject key identifier in hexadecimal digits, by which its list of revoked certificates is addressed."""
    return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest.hex()


def _common(public: Any, subject: x509.Name, issuer: x509.Name) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)


def _asked(builder: x509.CertificateBuilder, issuer: x509.Certificate) -> x509.CertificateBuilder:
    """Say whose key signed it and where to ask whether it still counts."""
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    base = settings.TRUST_URL.rstrip("/")
    list_at = x509.UniformResourceIdentifier(f"{base}/crl/{key_identifier(issuer)}")
    points = [
        x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(f"{base}/ocsp")),
        x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(f"{base}/issuing.pem")
        ),
    ]
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False
    )
    builder = builder.add_extension(x509.CRLDistributionPoints([_point(list_at)]), critical=False)
    return builder.add_extension(x509.AuthorityInformationAccess(points), critical=False)


def _point(address: x509.UniformResourceIdentifier) -> x509.DistributionPoint:
    return x509.DistributionPoint(full_name=[address], relative_name=None, reasons=None, crl_issuer=None)


def _usage(certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=not certifies, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=certifies, crl_sign=certifies, encipher_only=False, decipher_only=False,
    )  # fmt: skip
