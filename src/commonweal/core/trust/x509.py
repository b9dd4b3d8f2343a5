"""X.509 certificates, revocation lists and requests made with keys that never leave their store (RFC 5280, RFC 2986).

The `cryptography` library signs with keys it holds; ours may be in hardware, so the structures are built with asn1crypto
and only their bytes go to the key store. Everything here is P-256 with SHA-256, which every reader of PDFs accepts.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import algos, core, crl, csr, keys, pem, x509

Sign = Callable[[bytes], bytes]
"""The signature (DER) of a P-256 key over a message, hashed with SHA-256."""
DOCUMENTS = "1.3.6.1.5.5.7.3.36"
"""id-kp-documentSigning (RFC 9336)."""
ALGORITHM = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
EARLIER = timedelta(minutes=5)
"""A certificate holds from a little before it is made, so that a reader whose clock is behind does not refuse it."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a certificate may be used for. `extended` are names or dotted OIDs; `depth` is set for an authority."""

    key: frozenset[str]
    extended: tuple[str, ...] = ()
    critical: bool = False
    depth: int | None = None


ROOT = Usage(frozenset({"key_cert_sign", "crl_sign"}), depth=1)
ISSUING = Usage(frozenset({"key_cert_sign", "crl_sign", "digital_signature"}), depth=0)
SEAL = Usage(frozenset({"digital_signature", "non_repudiation"}), (DOCUMENTS,))
STAMP = Usage(frozenset({"digital_signature", "non_repudiation"}), ("time_stamping",), critical=True)


def name(common: str, organisation: str = "") -> x509.Name:
    """A distinguished name."""
    told = {"organization_name": organisation[:64]} if organisation else {}
    return x509.Name.build({**told, "common_name": common[:64]})


def identifier(spki: bytes) -> bytes:
    """The key identifier: SHA-1 of the bare key (RFC 5280, section 4.2.1.2); it names a key and protects nothing."""
    bare = keys.PublicKeyInfo.load(spki)["public_key"].native
    return hashlib.sha1(bytes(bare) if isinstance(bare, bytes) else bare, usedforsecurity=False).digest()


def certificate(
    spki: bytes, subject: x509.Name, issuer: x509.Name, issuer_spki: bytes, usage: Usage, sign: Sign, *,
    now: datetime, days: int, addresses: tuple[str, str, str] | None = None,
) -> x509.Certificate:  # fmt: skip
    """A certificate for a public key, signed by the issuer. `addresses`: of the revocation list, of OCSP, of the
    issuer's certificate."""
    extensions: list[dict[str, object]] = [
        _extension("key_identifier", identifier(spki)),
        _extension(
            "authority_key_identifier", x509.AuthorityKeyIdentifier({"key_identifier": identifier(issuer_spki)})
        ),
        _extension("key_usage", x509.KeyUsage(set(usage.key)), critical=True),
    ]
    if usage.depth is not None:
        limits = x509.BasicConstraints({"ca": True, "path_len_constraint": usage.depth})
        extensions.append(_extension("basic_constraints", limits, critical=True))
    if usage.extended:
        extensions.append(_extension("extended_key_usage", list(usage.extended), critical=usage.critical))
    if addresses is not None:
        extensions += _addresses(*addresses)
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": secrets.randbits(127) | 1 << 120,
            "signature": ALGORITHM,
            "issuer": issuer,
            "validity": {"not_before": _time(now - EARLIER), "not_after": _time(now + timedelta(days=days))},
            "subject": subject,
            "subject_public_key_info": keys.PublicKeyInfo.load(spki),
            "extensions": extensions,
        }
    )
    signed = {"tbs_certificate": body, "signature_algorithm": ALGORITHM, "signature_value": sign(body.dump())}
    return x509.Certificate.load(x509.Certificate(signed).dump())


def revocation_list(
    issuer: x509.Certificate, revoked: Iterable[tuple[int, datetime, str]], sign: Sign, *, now: datetime, hours: int,
    number: int,
) -> crl.CertificateList:  # fmt: skip
    """The list of an authority's revoked certificates (serial, moment, reason), good for some hours."""
    rows = [
        {
            "user_certificate": serial,
            "revocation_date": _time(moment),
            "crl_entry_extensions": [{"extn_id": "crl_reason", "extn_value": crl.CRLReason(reason)}],
        }
        for serial, moment, reason in revoked
    ]
    body = crl.TbsCertList(
        {
            "version": "v2",
            "signature": ALGORITHM,
            "issuer": issuer.subject,
            "this_update": _time(now - EARLIER),
            "next_update": _time(now + timedelta(hours=hours)),
            **({"revoked_certificates": rows} if rows else {}),
            "crl_extensions": [
                {
                    "extn_id": "authority_key_identifier",
                    "extn_value": x509.AuthorityKeyIdentifier({"key_identifier": issuer.key_identifier}),
                },
                {"extn_id": "crl_number", "extn_value": core.Integer(number)},
            ],
        }
    )
    signed = {"tbs_cert_list": body, "signature_algorithm": ALGORITHM, "signature": sign(body.dump())}
    return crl.CertificateList.load(crl.CertificateList(signed).dump())


def request(spki: bytes, subject: x509.Name, sign: Sign) -> str:
    """A certification request (PEM) for an outside authority."""
    body = csr.CertificationRequestInfo(
        {"version": "v1", "subject": subject, "subject_pk_info": keys.PublicKeyInfo.load(spki), "attributes": []}
    )
    signed = csr.CertificationRequest(
        {"certification_request_info": body, "signature_algorithm": ALGORITHM, "signature": sign(body.dump())}
    )
    return pem.armor("CERTIFICATE REQUEST", signed.dump()).decode()


def read(data: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM text or one DER file, in their order. Raises ValueError for anything else."""
    if pem.detect(data):
        return [
            x509.Certificate.load(der) for kind, _, der in pem.unarmor(data, multiple=True) if kind == "CERTIFICATE"
        ]
    found = x509.Certificate.load(data, strict=True)
    found.native  # noqa: B018 - reads it to the end, so that a broken one is refused here
    return [found]


def written(certificates: Sequence[x509.Certificate]) -> bytes:
    """Certificates as a PEM text."""
    return b"".join(pem.armor("CERTIFICATE", each.dump()) for each in certificates)


def _extension(kind: str, value: object, critical: bool = False) -> dict[str, object]:
    return {"extn_id": kind, "critical": critical, "extn_value": value}


def _addresses(revocations: str, answers: str, issuer: str) -> list[dict[str, object]]:
    def where(url: str) -> x509.GeneralName:
        return x509.GeneralName("uniform_resource_identifier", url)

    point = x509.DistributionPoint(
        {"distribution_point": x509.DistributionPointName("full_name", [where(revocations)])}
    )
    access = [
        {"access_method": "ocsp", "access_location": where(answers)},
        {"access_method": "ca_issuers", "access_location": where(issuer)},
    ]
    return [
        _extension("crl_distribution_points", x509.CRLDistributionPoints([point])),
        _extension("authority_information_access", x509.AuthorityInfoAccessSyntax(access)),
    ]


def _time(moment: datetime) -> x509.Time:
    """UTC time to the second: the older form until 2049 (RFC 5280, section 4.1.2.5)."""
    moment = moment.replace(microsecond=0)
    return x509.Time("utc_time" if moment.year < 2050 else "general_time", moment)
