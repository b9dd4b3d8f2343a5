"""XAdES signatures made elsewhere, judged as PDFs are: enveloped in an XML document, or detached over any file's hash.

Formats: XML Signature 1.1 and ETSI EN 319 132-1, baseline level B-B. The `signxml` library checks digests, signature
and signed properties; here stands what is accepted (no HMAC, no SHA-1, no address fetched) and what is trusted.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from cryptography import x509

from commonweal.core import clock
from commonweal.core.trust import authority

MOST_BYTES = 5 * 1024 * 1024
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
log = logging.getLogger("commonweal.trust")


@dataclass(frozen=True, slots=True)
class XmlReport:
    """One XAdES signature. `signed_at` is the signer's claim; `why` says what makes it invalid or unreadable:
    too-large, not-xml, altered, other-document, untrusted, expired, not-yet, revoked."""

    verdict: Literal["valid", "invalid", "unsigned", "unreadable"]
    name: str = ""
    issuer: str = ""
    signed_at: datetime | None = None
    detached: bool = False
    fingerprint: str = ""
    why: str = ""


def validate(
    signature: bytes,
    document: bytes | None = None,
    *,
    at: datetime | None = None,
    trust: Sequence[x509.Certificate] | None = None,
) -> XmlReport:
    """Judge a XAdES signature as of a moment. With `document` it must be over that very file. Never raises."""
    if len(signature) > MOST_BYTES:
        return XmlReport("unreadable", why="too-large")
    try:
        root = _parsed(signature)
    except (ValueError, SyntaxError):
        return XmlReport("unreadable", why="not-xml")
    if root is None or next(root.iter(f"{DS}Signature"), None) is None:
        return XmlReport("unsigned" if root is not None else "unreadable", why="" if root is not None else "not-xml")
    try:
        return _judged(root, document, at or clock.now(), trust)
    except Exception as error:  # a stranger's file may break a parser in ways nobody listed
        log.info("an XML signature did not hold: %s", type(error).__name__)
        return XmlReport("invalid", why="altered", detached=document is not None)


def _parsed(content: bytes) -> Any:
    """The root element, without entities, without a DTD and without anything fetched; None where there is a DTD."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    tree = etree.fromstring(content, parser).getroottree()
    return None if tree.docinfo.doctype else tree.getroot()


def _judged(root: Any, document: bytes | None, moment: datetime, trust: Sequence[x509.Certificate] | None) -> XmlReport:
    from signxml import SignatureConfiguration
    from signxml.xades import XAdESVerifier

    whole = root if root.tag == f"{DS}Signature" else next(root.iter(f"{DS}Signature"))
    certificate = _certificate(whole)
    names = {"name": _common(certificate.subject), "issuer": _common(certificate.issuer)}
    told: dict[str, Any] = {**names, "signed_at": _claimed(whole), "detached": document is not None}
    told["fingerprint"] = hashlib.sha256(certificate.public_bytes(_der())).hexdigest()
    wanted = [each for each in whole.iter(f"{DS}Reference") if each.get("Type") != SIGNED_PROPERTIES]
    if any(each.get("URI") is None or _is_address(each.get("URI"), document) for each in wanted):
        return XmlReport("invalid", **told, why="other-document")
    # Dates are judged below, by name; to the library an ended certificate would be a broken signature.
    inside = min(max(moment, certificate.not_valid_before_utc), certificate.not_valid_after_utc)
    config = SignatureConfiguration(require_x509=True, location=".//", expect_references=True, verification_time=inside)
    found = XAdESVerifier().verify(
        root, x509_cert=certificate, expect_config=config, uri_resolver=(lambda uri: document) if document else None,
        validate_schema=False,
    )  # fmt: skip
    if not _covers(found, root, whole, document):
        return XmlReport("invalid", **told, why="other-document")
    problem = _trusted(certificate, whole, moment, [*authority.roots(), *(trust or ())])
    return XmlReport("invalid" if problem else "valid", **told, why=problem)


def _covers(found: Any, root: Any, signature: Any, document: bytes | None) -> bool:
    """Whether what was signed is the file handed in, or the whole document around an enveloped signature.

    A signature over a part proves nothing about the rest, so a part does not count.
    """
    if document is not None:
        results = found if isinstance(found, list) else [found]
        return any(each.signed_data in (document, _canonical(document)) for each in results)
    own = {root.get(name) for name in ("Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id")} - {None}
    whole = {"", *(f"#{each}" for each in own)}
    return signature is not root and any(each.get("URI") in whole for each in signature.iter(f"{DS}Reference"))


def _canonical(document: bytes) -> bytes:
    """Canonical XML of a file that is XML; any other file as it is."""
    from lxml import etree

    try:
        root = _parsed(document)
    except (ValueError, SyntaxError):
        return document
    return document if root is None else bytes(etree.tostring(root, method="c14n"))


def _is_address(uri: str, document: bytes | None) -> bool:
    """Whether a reference points to something we neither hold nor were handed."""
    return not uri.startswith("#") and uri != "" and document is None


def _certificate(signature: Any) -> x509.Certificate:
    text = next(signature.iter(f"{DS}X509Certificate")).text
    return x509.load_pem_x509_certificate(_armoured(text))


def _armoured(text: str) -> bytes:
    body = "".join(text.split())
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n".encode()


def _trusted(certificate: x509.Certificate, signature: Any, moment: datetime, roots: Sequence[x509.Certificate]) -> str:
    """What speaks against the signer's certificate at a moment; empty when nothing does."""
    if moment > certificate.not_valid_after_utc:
        return "expired"
    if moment < certificate.not_valid_before_utc:
        return "not-yet"
    revoked = authority.revoked_at(certificate.public_bytes(_der()))
    if revoked is not None and revoked <= moment:
        return "revoked"
    carried = [x509.load_pem_x509_certificate(_armoured(each.text)) for each in signature.iter(f"{DS}X509Certificate")]
    own = authority.current().issuing
    return "" if _leads(certificate, [*carried[1:10], own], roots, moment, 4) else "untrusted"


def _leads(
    certificate: x509.Certificate, between: Sequence[x509.Certificate], roots: Sequence[x509.Certificate],
    moment: datetime, steps: int,
) -> bool:  # fmt: skip
    """Whether authorities lead from a certificate up to one of `roots` (RFC 5280, section 6, names and usages)."""
    if any(_issued(certificate, root, moment) for root in roots):
        return True
    above = [each for each in between if each != certificate and _issued(certificate, each, moment)]
    return steps > 0 and any(_leads(each, between, roots, moment, steps - 1) for each in above)


def _issued(certificate: x509.Certificate, issuer: x509.Certificate, moment: datetime) -> bool:
    with suppress(Exception):  # InvalidSignature, ValueError, TypeError, ExtensionNotFound: not its issuer
        certificate.verify_directly_issued_by(issuer)
        limits = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
        in_time = issuer.not_valid_before_utc <= moment <= issuer.not_valid_after_utc
        revoked = authority.revoked_at(issuer.public_bytes(_der()))
        return limits.ca and usage.key_cert_sign and in_time and (revoked is None or revoked > moment)
    return False


def _claimed(signature: Any) -> datetime | None:
    found = next(signature.iter(f"{XADES}SigningTime"), None)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat((found.text or "").strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _common(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()


def _der() -> Any:
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER
