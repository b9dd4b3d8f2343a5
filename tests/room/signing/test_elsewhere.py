"""Documents signed elsewhere with a person's own certificate and handed in: as PDF, as XML, in a container."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.test import Client
from lxml import etree
from signxml import SignatureConstructionMethod
from signxml.xades import XAdESSigner

from commonweal.core import clock
from commonweal.core.errors import Refused
from commonweal.core.journal.models import Event
from commonweal.office.casework import actions
from commonweal.office.signing import queries as rounds
from commonweal.office.signing import shelf
from commonweal.office.signing.checking import check
from commonweal.office.signing.models import Place, Round
from tests.room.signing.conftest import Signer

pytestmark = [pytest.mark.room, pytest.mark.django_db]
Handed = Callable[["Card", bytes], bytes]


@dataclass
class Card:
    """A person's key and certificate, and who issued it."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    authority: x509.Certificate


def issued(name: str, *, days: int = 300, own: ec.EllipticCurvePrivateKey | None = None) -> Card:
    """A certificate for `name` by an authority made for the test; expired where `days` is negative."""
    root, key, now = (
        own or ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
        clock.now(),
    )
    above = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Example Trust Provider")])
    began = now - timedelta(days=400)

    def made(subject: x509.Name, public: Any, ends: datetime, ca: bool) -> x509.Certificate:
        usage = x509.KeyUsage(not ca, not ca, False, False, False, ca, ca, False, False)
        return (
            x509.CertificateBuilder()
            .subject_name(subject).issuer_name(above).public_key(public).serial_number(x509.random_serial_number())
            .not_valid_before(began).not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca, None), True).add_extension(usage, True)
            .sign(root, hashes.SHA256())
        )  # fmt: skip

    person = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    return Card(
        key,
        made(person, key.public_key(), now + timedelta(days=days), False),
        made(above, root.public_key(), now + timedelta(days=3650), True),
    )


@pytest.fixture
def card(settings: Any, tmp_path: Path) -> Card:
    """Lin's card, of a provider that is trusted here."""
    made = issued("Lin Demo")
    trust(settings, tmp_path, made)
    return made


def trust(settings: Any, tmp_path: Path, card: Card) -> None:
    path = tmp_path / "trusted.pem"
    path.write_bytes(card.authority.public_bytes(Encoding.PEM))
    settings.TRUSTED = str(path)


def in_pdf(card: Card, document: bytes) -> bytes:
    """PAdES by pyHanko, as a signing program does it."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, signers
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    store = SimpleCertificateStore()
    store.register(asn1_x509.Certificate.load(card.authority.public_bytes(Encoding.DER)))
    private = card.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(card.certificate.public_bytes(Encoding.DER)),
        signing_key=asn1_keys.PrivateKeyInfo.load(private), cert_registry=store,
    )  # fmt: skip
    metadata = PdfSignatureMetadata(field_name="Lin", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    out = io.BytesIO()
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(document)), metadata, signer, output=out)
    return out.getvalue()


def in_xml(card: Card, document: bytes) -> bytes:
    """XAdES beside the document, which signxml makes once the file's digest is put in."""

    class OfFile(XAdESSigner):
        def _build_sig(self, *given: Any, **named: Any) -> Any:
            info, value = super()._build_sig(*given, **named)
            reference = next(each for each in info.iter("{*}Reference") if each.get("URI") == "document.pdf")
            reference.remove(reference.find("{*}Transforms"))
            reference.find("{*}DigestValue").text = base64.b64encode(hashlib.sha256(document).digest()).decode()
            return info, value

    made = OfFile(method=SignatureConstructionMethod.detached, signature_algorithm="ecdsa-sha256")
    chain = [card.certificate, card.authority]
    root = made.sign(etree.fromstring("<stands-in/>"), key=card.key, cert=chain, reference_uri="document.pdf")
    return bytes(etree.tostring(root))


def in_container(card: Card, document: bytes) -> bytes:
    """ASiC-E: the document and its signature together."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.etsi.asic-e+zip", zipfile.ZIP_STORED)
        packed.writestr("document.pdf", document, zipfile.ZIP_DEFLATED)
        packed.writestr("META-INF/signatures0.xml", in_xml(card, document))
    return out.getvalue()


FORMS = [in_pdf, in_xml, in_container]
NAMES = {"in_pdf": "PAdES", "in_xml": "XAdES", "in_container": "ASiC with XAdES"}


def refused(lin: Signer, opened: Round, handed_in: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        actions.sign_with_upload(lin.actor, opened.ref, handed_in)
    assert not Place.objects.filter(status="signed", method="upload").exists()
    return str(refusal.value.code)


@pytest.mark.parametrize("form", FORMS)
def test_a_sound_signature_stands_in_the_sealed_document(
    form: Handed, card: Card, mei: Signer, lin: Signer, opened: Round
) -> None:
    actions.sign_with_upload(lin.actor, opened.ref, form(card, shelf.get(opened.document)))
    mei.sign(opened.ref)
    checked = check(rounds.sealed(mei.actor, opened.ref))
    assert checked.verdict == "genuine"
    hand = next(each for each in checked.hands if each.name == "Lin Demo")
    assert (hand.method, hand.algorithm, hand.problem) == ("upload", NAMES[form.__name__], None)
    evidence = Place.objects.get(round=opened, method="upload").evidence["upload"]
    assert (evidence["name"], evidence["issuer"]) == ("Lin Demo", "Example Trust Provider")
    assert evidence["certificate"] == hashlib.sha256(card.certificate.public_bytes(Encoding.DER)).hexdigest()
    event = Event.objects.filter(type="signing.document-signed.v1", data__method="upload").get()
    assert event.data["document"] == opened.document


@pytest.mark.parametrize("form", FORMS)
def test_what_does_not_hold_is_refused_for_what_it_is(
    form: Handed, card: Card, lin: Signer, opened: Round, settings: Any, tmp_path: Path
) -> None:
    document = shelf.get(opened.document)
    assert refused(lin, opened, form(issued("Somebody Else"), document)) == "upload-other-name"
    assert refused(lin, opened, form(issued("Lin Demo"), document)) == "upload-untrusted"
    ended = issued("Lin Demo", days=-10)
    trust(settings, tmp_path, ended)
    assert refused(lin, opened, form(ended, document)) == "upload-expired"


def test_xml_over_another_document_or_changed_is_refused(card: Card, lin: Signer, opened: Round) -> None:
    document = shelf.get(opened.document)
    assert refused(lin, opened, in_xml(card, document + b"\n")) in ("upload-altered", "upload-other-document")
    assert refused(lin, opened, in_container(card, b"%PDF-1.7 another")) == "upload-other-document"
    signed = in_xml(card, document)
    at = signed.index(b"SignatureValue>") + 20
    assert refused(lin, opened, signed[:at] + (b"A" if signed[at : at + 1] != b"A" else b"B") + signed[at + 1 :]) == (
        "upload-altered"
    )
    for empty in (b"<nothing/>", b"PK\x03\x04 cut short", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"MZ"):
        assert refused(lin, opened, empty) in ("upload-unsigned", "upload-unreadable")


def test_a_container_that_unpacks_to_gigabytes_is_refused(card: Card, lin: Signer, opened: Round) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("document.pdf", shelf.get(opened.document))
        packed.writestr("much", b"\0" * (64 << 20))
    assert refused(lin, opened, out.getvalue()) == "upload-unreadable"


def test_a_signature_of_the_day_after_tomorrow_is_refused(card: Card, lin: Signer, opened: Round) -> None:
    signed = in_xml(card, shelf.get(opened.document))
    with clock.travel(datetime.now(UTC) - timedelta(hours=1)):
        assert refused(lin, opened, signed) == "upload-clock"


def test_the_proof_does_not_take_another_file_for_the_one_handed_in(
    card: Card, mei: Signer, lin: Signer, opened: Round
) -> None:
    document = shelf.get(opened.document)
    actions.sign_with_upload(lin.actor, opened.ref, in_xml(card, document))
    place = Place.objects.get(round=opened, method="upload")
    mei.sign(opened.ref)
    sealed = rounds.sealed(mei.actor, opened.ref)
    from commonweal.office.signing import proof

    files = proof.attached(sealed)
    forged = {**files, place.evidence["upload"]["file"]: in_xml(issued("Lin Demo"), document)}
    assert check(proof.attach(document, forged)).verdict == "altered"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_takes_it_and_says_which_kinds(card: Card, lin: Signer, opened: Round, language: str) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = Client()
    client.force_login(lin.person)
    client.cookies["django_language"] = language
    page = client.get(f"/signing/{opened.ref}/upload").content.decode()
    assert "XAdES" in page
    assert opened.document in page
    wrong = client.post(f"/signing/{opened.ref}/upload", {})
    assert wrong.status_code == 422
    file = SimpleUploadedFile("document.xml", in_xml(card, shelf.get(opened.document)), "application/xml")
    answer = client.post(f"/signing/{opened.ref}/upload", {"document": file})
    assert answer.status_code == 302
    assert Place.objects.filter(round=opened, method="upload", status="signed").exists()
