"""Signatures over XML and over files, made by another program, judged here."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree
from signxml import SignatureConstructionMethod
from signxml.xades import XAdESSigner

from commonweal.core.trust import authority, xades

PAPER = b"%PDF the paper"


class OfFile(XAdESSigner):
    """signxml signs XML alone; this one puts the digest of a file in, as signing programs do."""

    def _build_sig(self, *given: Any, **named: Any) -> Any:
        info, value = super()._build_sig(*given, **named)
        reference = next(each for each in info.iter("{*}Reference") if each.get("URI") == "paper.pdf")
        reference.remove(reference.find("{*}Transforms"))
        reference.find("{*}DigestValue").text = base64.b64encode(hashlib.sha256(PAPER).digest()).decode()
        return info, value


XML = b'<application xmlns="urn:x"><name>Lin</name><amount>10</amount></application>'


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.KEYS_ROOT, settings.TRUST_ROOT = tmp_path / "keys", tmp_path / "trust"


@pytest.fixture
def signer() -> tuple[Any, list[x509.Certificate]]:
    """A person's key and the chain the authority here gave it."""
    key = ec.generate_private_key(ec.SECP256R1())
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return key, [authority.current().issue(spki, "Lin", "document-seal", 30), authority.current().issuing]


@pytest.fixture
def signed(signer: tuple[Any, list[x509.Certificate]]) -> bytes:
    made = XAdESSigner(method=SignatureConstructionMethod.enveloped, signature_algorithm="ecdsa-sha256")
    root = made.sign(etree.fromstring(XML), key=signer[0], cert=signer[1])
    return bytes(etree.tostring(root))


@pytest.fixture
def detached(signer: tuple[Any, list[x509.Certificate]]) -> bytes:
    made = OfFile(method=SignatureConstructionMethod.detached, signature_algorithm="ecdsa-sha256")
    root = made.sign(etree.fromstring("<stands-in/>"), key=signer[0], cert=signer[1], reference_uri="paper.pdf")
    return bytes(etree.tostring(root))


def test_an_enveloped_signature_holds(signed: bytes) -> None:
    report = xades.validate(signed)
    assert (report.verdict, report.why, report.name) == ("valid", "", "Lin")
    assert report.signed_at is not None
    assert report.fingerprint


def test_a_changed_amount_is_named(signed: bytes) -> None:
    assert xades.validate(signed.replace(b"<amount>10<", b"<amount>99<")).why == "altered"


def test_a_detached_signature_is_of_its_file_alone(detached: bytes) -> None:
    assert xades.validate(detached, PAPER).verdict == "valid"
    assert xades.validate(detached, b"%PDF another").verdict == "invalid"
    assert xades.validate(detached).verdict == "invalid"


def test_a_signature_over_something_else_does_not_pass_for_the_file(signed: bytes) -> None:
    assert xades.validate(signed, b"%PDF the paper").verdict == "invalid"


def test_wrapping_a_signed_part_in_another_document_is_named(signer: Any) -> None:
    part = etree.fromstring(b'<outer><part Id="p">small</part></outer>')
    made = XAdESSigner(method=SignatureConstructionMethod.enveloped, signature_algorithm="ecdsa-sha256")
    root = made.sign(part, key=signer[0], cert=signer[1], reference_uri="#p", id_attribute="Id")
    root.append(etree.fromstring("<amount>1000000</amount>"))
    assert xades.validate(etree.tostring(root)).verdict == "invalid"


def test_dates_revocation_and_trust_are_named(
    signed: bytes, signer: tuple[Any, list[x509.Certificate]], settings: Any, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    assert xades.validate(signed, at=now + timedelta(days=31)).why == "expired"
    assert xades.validate(signed, at=now - timedelta(days=1)).why == "not-yet"
    root = authority.current().root
    authority.current().revoke(signer[1][0].serial_number, "key_compromise")
    assert xades.validate(signed).why == "revoked"
    settings.KEYS_ROOT, settings.TRUST_ROOT = tmp_path / "other", tmp_path / "other-trust"
    assert xades.validate(signed).why == "untrusted"
    assert xades.validate(signed, trust=[root]).verdict == "valid"


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (b"", "unreadable"),
        (b"not xml", "unreadable"),
        (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "unreadable"),
        (b"<a>" * 2000 + b"</a>" * 2000, "unreadable"),
        (XML, "unsigned"),
        (b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>', "invalid"),
        (b"<a>" + b" " * (6 * 1024 * 1024) + b"</a>", "unreadable"),
    ],
)
def test_hostile_xml_is_an_answer(content: bytes, verdict: str) -> None:
    assert xades.validate(content).verdict == verdict
