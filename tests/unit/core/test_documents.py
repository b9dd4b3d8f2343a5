"""Documents with legal force, judged by ours and by programs that are not ours."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from commonweal.core.errors import Refused
from commonweal.core.trust import authority, documents, keys, shelf, timestamps
from commonweal.core.trust.algorithms import P256
from commonweal.core.trust.ports import KeyProblem

SOURCE = "= #data.title\n#data.body"


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.KEYS_ROOT, settings.TRUST_ROOT = tmp_path / "keys", tmp_path / "trust"


@pytest.fixture
def plain() -> bytes:
    return documents.compose(SOURCE, {"body": "May sell noodles."}, language="en", title="Permit")


@pytest.fixture
def sealed(plain: bytes) -> bytes:
    return documents.seal(plain, reason="Issued")


def _tool(name: str, package: str) -> str:
    return shutil.which(name) or pytest.skip(f"needs {name}: apt install {package}")


def _run(*form: str) -> str:
    done = subprocess.run(form, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr


def test_what_people_typed_is_never_markup() -> None:
    typed = '#panic("no") $x$ *b* _i_ @ref <label> #read("/etc/passwd") \\ ]'
    made = documents.compose(SOURCE, {"body": typed}, language="en", title="#panic()")
    assert made.startswith(b"%PDF-")
    pdftotext = _tool("pdftotext", "poppler-utils")
    told = subprocess.run([pdftotext, "-", "-"], input=made, capture_output=True, check=True).stdout.decode()
    assert '#read("/etc/passwd")' in told.replace("“", '"').replace("”", '"')
    assert "#panic()" in told


def test_a_character_without_a_font_is_refused_not_boxed() -> None:
    with pytest.raises(Refused) as caught:
        documents.compose(SOURCE, {"body": "𓀀"}, language="en", title="Permit")
    assert caught.value.code == "no-font"
    assert "𓀀" in caught.value.message


def test_a_document_is_tagged_and_kept(plain: bytes) -> None:
    told = _run_in(_tool("pdfinfo", "poppler-utils"), plain)
    assert re.search(r"Tagged:\s+yes", told)
    assert re.search(rb"pdfaid:part>2<.*pdfaid:conformance>A<.*pdfuaid:part>1<", plain, re.DOTALL)


def _run_in(tool: str, pdf: bytes) -> str:
    return subprocess.run([tool, "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def test_a_seal_is_valid_to_us(sealed: bytes) -> None:
    report = documents.validate(sealed)
    (found,) = report.signatures
    assert (report.verdict, found.level, found.problem) == ("valid", "B-LTA", None)
    assert found.intact
    assert found.trusted
    assert found.covers_whole
    assert not report.altered_after


def test_a_seal_is_valid_and_trusted_to_pdfsig(sealed: bytes, tmp_path: Path) -> None:
    pdfsig, certutil = _tool("pdfsig", "poppler-utils"), _tool("certutil", "libnss3-tools")
    (tmp_path / "it.pdf").write_bytes(sealed)
    (tmp_path / "root.pem").write_bytes(shelf.pem([authority.current().root]))
    (tmp_path / "nss").mkdir()
    place = f"sql:{tmp_path / 'nss'}"
    _run(certutil, "-N", "-d", place, "--empty-password")
    _run(certutil, "-A", "-d", place, "-n", "ours", "-t", "C,C,C", "-i", str(tmp_path / "root.pem"))
    told = _run(pdfsig, "-no-ocsp", "-nssdir", place, str(tmp_path / "it.pdf"))
    assert "Signature is Valid." in told
    assert "Certificate is Trusted." in told


def test_two_seals_hold_beside_each_other(sealed: bytes) -> None:
    report = documents.validate(documents.seal(sealed, reason="Seen"))
    assert report.verdict == "valid"
    assert [each.problem for each in report.signatures] == [None, None]


def test_a_changed_byte_is_named(sealed: bytes) -> None:
    place = sealed.index(b"/Producer") if b"/Producer" in sealed else 300
    forged = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
    report = documents.validate(forged)
    assert report.verdict in ("invalid", "unreadable")
    swapped = sealed.replace(b"/Reason (Issued)", b"/Reason (Refuse)") if b"/Reason (Issued)" in sealed else forged
    assert documents.validate(swapped).verdict != "valid"


def test_a_truncated_document_is_named(sealed: bytes) -> None:
    for length in (200, len(sealed) // 3, len(sealed) // 2):
        report = documents.validate(sealed[:length])
        assert report.verdict in ("unreadable", "invalid"), length
    assert documents.validate(sealed[: len(sealed) // 3]).why == "truncated"


def test_cutting_back_to_an_earlier_revision_loses_only_what_came_later(sealed: bytes) -> None:
    ends = [found.end() for found in re.finditer(rb"%%EOF\n?", sealed)]
    report = documents.validate(sealed[: ends[1]])
    assert report.signatures[0].level != "B-LTA"


def test_a_document_saved_anew_has_no_signature_that_holds(sealed: bytes) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.writer import copy_into_new_writer

    out = io.BytesIO()
    copy_into_new_writer(PdfFileReader(io.BytesIO(sealed))).write(out)
    assert documents.validate(out.getvalue()).verdict != "valid"


def test_what_is_written_behind_a_seal_is_named(sealed: bytes) -> None:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    page, _ = writer.find_page_for_modification(0)
    drawing = generic.StreamObject(stream_data=b"BT /F1 40 Tf 100 500 Td (FORGED) Tj ET")
    page.get_object()["/Contents"] = writer.add_object(drawing)
    writer.update_container(page.get_object())
    out = io.BytesIO()
    writer.write(out)
    report = documents.validate(out.getvalue())
    assert (report.verdict, report.altered_after) == ("invalid", True)
    assert report.signatures[0].problem == "changed-after"


def test_another_authority_s_seal_is_not_trusted(sealed: bytes, settings: Any, tmp_path: Path) -> None:
    root = shelf.parsed([authority.current().root])
    settings.KEYS_ROOT, settings.TRUST_ROOT = tmp_path / "other-keys", tmp_path / "other-trust"
    report = documents.validate(sealed)
    assert (report.verdict, report.signatures[0].problem) == ("invalid", "untrusted")
    assert documents.validate(sealed, trust=root).verdict == "valid"


def test_a_seal_outlives_its_certificate_and_a_later_revocation(sealed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    later = datetime.now(UTC) + timedelta(days=1200)
    assert documents.validate(sealed, at=later).signatures[0].problem is None
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr("commonweal.core.clock.now", lambda: tomorrow)
    authority.current().revoke(authority.current().certificate("document-seal").serial_number, "superseded")
    assert documents.validate(sealed).signatures[0].problem is None


def test_what_was_sealed_after_a_revocation_is_named(plain: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    serial = authority.current().certificate("document-seal").serial_number
    authority.current().revoke(serial, "key_compromise")
    with pytest.raises(Refused, match="rotate") as caught:
        documents.seal(plain, reason="Issued")
    assert caught.value.code == "no-seal"
    monkeypatch.setattr(authority, "usable", lambda purpose: authority.chain(purpose))
    monkeypatch.setattr(authority, "lists", list)
    stolen = documents.seal(plain, reason="Issued")
    monkeypatch.undo()
    assert documents.validate(stolen).signatures[0].problem == "revoked"


def test_a_time_stamp_of_tomorrow_is_named(plain: bytes) -> None:
    sealed = documents.seal(plain, reason="Issued")
    report = documents.validate(sealed, at=datetime.now(UTC) - timedelta(hours=1))
    assert report.verdict == "invalid"
    assert report.signatures[0].problem in ("clock", "not-yet")


def test_old_certificates_verify_after_rotation(sealed: bytes, plain: bytes) -> None:
    before = authority.current().certificate("document-seal")
    for purpose in ("document-seal", authority.ISSUING, authority.ROOT, "time-stamping"):
        keys.rotate(purpose, P256)
    assert authority.current().certificate("document-seal") != before
    assert documents.validate(sealed).verdict == "valid"
    assert documents.validate(documents.seal(plain, reason="Issued")).verdict == "valid"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not-a-pdf"),
        (b"PK\x03\x04 hello", "not-a-pdf"),
        (b"%PDF-1.7\n" + b"[" * 100_000, "truncated"),
        (b"%PDF-1.7\nxref\n0 1\ntrailer << /Root 1 0 R /Prev 9 >>\nstartxref\n9\n%%EOF", "damaged"),
        (b"%PDF-1.7" + b"0" * (26 * 1024 * 1024), "too-large"),
    ],
)
def test_hostile_files_are_answers(content: bytes, why: str) -> None:
    report = documents.validate(content)
    assert (report.verdict, report.why) == ("unreadable", why)


def test_a_bomb_does_not_open() -> None:
    bomb = zlib.compress(b"\0" * 300_000_000, 9)
    head = b"%PDF-1.7\n1 0 obj\n<< /Type /XRef /Size 2 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /Length "
    body = head + str(len(bomb)).encode() + b" >>\nstream\n" + bomb + b"\nendstream\nendobj\nstartxref\n9\n%%EOF"
    assert documents.validate(body).verdict == "unreadable"


def test_openssl_verifies_a_time_stamp(tmp_path: Path) -> None:
    openssl = _tool("openssl", "openssl")
    (tmp_path / "data").write_bytes(b"a decision")
    (tmp_path / "root.pem").write_bytes(shelf.pem([authority.current().root]))
    form = [openssl, "ts", "-query", "-data", str(tmp_path / "data"), "-cert", "-sha256", "-out", str(tmp_path / "q")]
    _run(*form)
    (tmp_path / "r").write_bytes(timestamps.respond((tmp_path / "q").read_bytes()))
    told = _run(
        openssl, "ts", "-verify", "-in", str(tmp_path / "r"), "-queryfile", str(tmp_path / "q"),
        "-CAfile", str(tmp_path / "root.pem"),
    )  # fmt: skip
    assert "Verification: OK" in told


def test_a_stamp_is_of_its_digest_alone() -> None:
    digest = hashlib.sha256(b"a decision").digest()
    token = timestamps.stamp(digest)
    assert abs(timestamps.verify(token, digest) - datetime.now(UTC)) < timedelta(minutes=1)
    with pytest.raises(Refused):
        timestamps.verify(token, hashlib.sha256(b"another").digest())
    for broken in (b"", token[:50], token[:-20] + bytes(20)):
        with pytest.raises(Refused):
            timestamps.verify(broken, digest)


def test_openssl_reads_what_was_revoked(tmp_path: Path) -> None:
    openssl, ours = _tool("openssl", "openssl"), authority.current()
    seal = ours.certificate("document-seal")
    (tmp_path / "root.pem").write_bytes(shelf.pem([ours.root]))
    (tmp_path / "issuing.pem").write_bytes(shelf.pem([ours.issuing]))
    (tmp_path / "seal.pem").write_bytes(shelf.pem([seal]))
    ask = [
        openssl, "ocsp", "-issuer", str(tmp_path / "issuing.pem"), "-cert", str(tmp_path / "seal.pem"),
    ]  # fmt: skip
    _run(*ask, "-reqout", str(tmp_path / "ask.der"))
    read = [*ask, "-respin", str(tmp_path / "answer.der"), "-CAfile", str(tmp_path / "root.pem"), "-no_nonce",
            "-verify_other", str(tmp_path / "issuing.pem")]  # fmt: skip
    (tmp_path / "answer.der").write_bytes(ours.ocsp((tmp_path / "ask.der").read_bytes()))
    told = _run(*read)
    assert "Response verify OK" in told
    assert ": good" in told
    ours.revoke(seal.serial_number, "key_compromise")
    (tmp_path / "answer.der").write_bytes(ours.ocsp((tmp_path / "ask.der").read_bytes()))
    told = _run(*read)
    assert ": revoked" in told
    assert "keyCompromise" in told
    (tmp_path / "crl.der").write_bytes(ours.crl())
    (tmp_path / "both.pem").write_bytes(shelf.pem(ours.chain()))
    _run(openssl, "crl", "-inform", "DER", "-in", str(tmp_path / "crl.der"), "-out", str(tmp_path / "crl.pem"))
    check = [openssl, "verify", "-crl_check", "-CAfile", str(tmp_path / "both.pem"), "-CRLfile"]
    assert "certificate revoked" in _run(*check, str(tmp_path / "crl.pem"), str(tmp_path / "seal.pem"))
    assert ours.ocsp(b"nonsense")


def test_a_chain_of_another_authority_counts(plain: bytes, settings: Any, tmp_path: Path) -> None:
    from cryptography import x509 as x
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    asked = x.load_pem_x509_csr(authority.request("document-seal", "Province seal"))
    public = asked.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    here = settings.KEYS_ROOT, settings.TRUST_ROOT
    settings.KEYS_ROOT, settings.TRUST_ROOT = tmp_path / "province-keys", tmp_path / "province-trust"
    province = authority.current()
    given = shelf.pem([province.issue(public, "Province seal", "document-seal", 365), *province.chain()])
    stranger = shelf.pem(authority.chain("document-seal"))
    settings.KEYS_ROOT, settings.TRUST_ROOT = here
    for wrong in (stranger, b"no certificate", given[: len(given) // 2]):
        with pytest.raises(KeyProblem):
            authority.install("document-seal", wrong)
    assert len(authority.install("document-seal", given)) == 3
    assert authority.outside("document-seal")
    assert authority.current().certificate("document-seal").issuer == province.issuing.subject


@pytest.mark.parametrize("question", [b"", b"nonsense", b"0" * 5000])
def test_a_broken_question_gets_a_refusal_openssl_reads(question: bytes, tmp_path: Path) -> None:
    (tmp_path / "r").write_bytes(timestamps.respond(question))
    told = _run(_tool("openssl", "openssl"), "ts", "-reply", "-in", str(tmp_path / "r"), "-text")
    assert "Rejected" in told


def test_every_part_of_a_sealed_file_is_covered(sealed: bytes) -> None:
    """A bit anywhere but in the room kept for signatures: what was put behind the seal is under the last time stamp."""
    rooms = [(found.start(), found.end()) for found in re.finditer(rb"/Contents <[0-9a-fA-F]{2000,}>", sealed)]
    assert len(rooms) == 2
    last = rooms[-1]
    for place in range(50, len(sealed) - 800, len(sealed) // 40):
        if last[0] <= place < last[1]:
            continue
        forged = sealed[:place] + bytes([sealed[place] ^ 4]) + sealed[place + 1 :]
        assert documents.validate(forged).verdict != "valid", place


@pytest.mark.parametrize("behind", [b"\n% a note\n", b"\0" * 50, b"\n<script>"])
def test_bytes_behind_the_end_are_named(sealed: bytes, behind: bytes) -> None:
    report = documents.validate(sealed + behind)
    assert (report.verdict, report.altered_after) == ("invalid", True)


def test_a_script_put_behind_a_seal_is_named(sealed: bytes) -> None:
    from pyhanko.pdf_utils.generic import DictionaryObject, pdf_name, pdf_string
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    script = DictionaryObject({pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): pdf_string("app.alert(1)")})
    writer.root["/OpenAction"] = script
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert documents.validate(out.getvalue()).signatures[0].problem == "changed-after"


def test_a_time_stamping_authority_by_its_address(plain: bytes, settings: Any) -> None:
    """Another server's stamps are taken over HTTP; one that does not answer, or answers nonsense, seals nothing."""
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    asked = []

    class Authority(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(self.headers["Content-Type"])
            answer = b"nonsense" if self.path == "/wrong" else timestamps.respond(content)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Authority)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        settings.TIMESTAMPS = f"http://127.0.0.1:{server.server_port}/"
        assert documents.validate(documents.seal(plain, reason="Issued")).signatures[0].level == "B-LTA"
        assert set(asked) == {"application/timestamp-query"}
        settings.TIMESTAMPS += "wrong"
        with pytest.raises(Refused):
            timestamps.stamp(b"\0" * 32)
        with pytest.raises(Refused) as caught:
            documents.seal(plain, reason="Issued")
        assert caught.value.code == "no-timestamp"
    finally:
        server.shutdown()
        server.server_close()
    with pytest.raises(Refused) as caught:
        documents.seal(plain, reason="Issued")
    assert caught.value.code == "no-timestamp"


def test_a_stamp_of_openssl_with_rsa_and_sha512_is_read(tmp_path: Path) -> None:
    openssl = _tool("openssl", "openssl")
    key, certificate, config = (str(tmp_path / name) for name in ("k.pem", "c.pem", "tsa.cnf"))
    Path(config).write_text(
        "[req]\ndistinguished_name=dn\nx509_extensions=e\nprompt=no\n[dn]\nCN=Outside TSA\n"
        "[e]\nextendedKeyUsage=critical,timeStamping\n[tsa]\ndefault_tsa=t\n[t]\n"
        f"serial={tmp_path}/serial\nsigner_cert={certificate}\nsigner_key={key}\nsigner_digest=sha512\n"
        "default_policy=1.2.3.4.1\ndigests=sha256\ness_cert_id_alg=sha256\n"
    )
    made = ["-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "30", "-config", config]
    _run(openssl, "req", "-x509", *made)
    digest = hashlib.sha256(b"a decision").digest()
    _run(openssl, "ts", "-query", "-digest", digest.hex(), "-sha256", "-cert", "-out", str(tmp_path / "q"))
    form = ["-queryfile", str(tmp_path / "q"), "-config", config, "-token_out", "-out", str(tmp_path / "t")]
    _run(openssl, "ts", "-reply", *form)
    token = (tmp_path / "t").read_bytes()
    assert abs(timestamps.verify(token, digest) - datetime.now(UTC)) < timedelta(minutes=1)
    with pytest.raises(Refused):
        timestamps.verify(token[:-9] + bytes(9), digest)
