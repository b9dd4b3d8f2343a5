"""The certificate as a PDF: sealed so that an outside program says so, and every way of tampering with it is named."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from commonweal.core import clock
from commonweal.office.certificates import actions, paper, verifying
from commonweal.office.certificates.models import Certificate
from tests.room.office.conftest import MONDAY

pytestmark = [pytest.mark.room, pytest.mark.django_db]
LATER = MONDAY + timedelta(days=10)


@pytest.fixture
def pdf(certificate: Certificate) -> bytes:
    with clock.travel(LATER):
        return paper.compose(certificate, "en")


def judged(pdf: bytes, **more: str):
    with clock.travel(LATER + timedelta(days=1)):
        return verifying.judge(pdf, **more)


def codes(verdict) -> list[str]:
    return [code for code, _ in verdict.reasons]


def test_the_sealed_paper_is_genuine_and_in_force(pdf: bytes) -> None:
    verdict = judged(pdf)
    assert (verdict.outcome, verdict.form, codes(verdict)) == ("genuine", "pdf", [])
    assert (verdict.number, verdict.holder) == ("MP00001", "Ana Reed")
    assert verdict.seals[0]["level"] == "B-LTA"


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="needs pdfsig: apt-get install poppler-utils")
def test_an_outside_program_reads_the_seal(pdf: bytes, tmp_path: Path) -> None:
    file = tmp_path / "pass.pdf"
    file.write_bytes(pdf)
    told = subprocess.run(["pdfsig", "-no-ocsp", str(file)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in told
    assert "ETSI.CAdES.detached" in told


def test_a_changed_byte_an_added_page_and_a_cut_file_are_named(pdf: bytes) -> None:
    outcomes = set()
    for at in range(200, 12_000, 1_500):
        changed = pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
        outcomes.add(judged(changed).outcome)
    assert "altered" in outcomes
    assert outcomes <= {"altered", "unreadable"}
    added = pdf + b"\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
    assert judged(added).outcome in {"altered", "unreadable"}
    broken = judged(pdf[:20_000] + bytes([pdf[20_000] ^ 1]) + pdf[20_001:])
    assert codes(broken) == ["broken-seal"], "and not that it has no seal, as a scan has none"
    cut = judged(pdf[: len(pdf) // 2])
    assert cut.outcome == "unreadable"
    assert "unreadable-pdf" in codes(cut)


def test_a_paper_whose_typed_number_is_another_is_named(pdf: bytes) -> None:
    verdict = judged(pdf, number="MP99999")
    assert verdict.outcome == "swapped"
    assert "other-number" in codes(verdict)


def test_a_revoked_certificate_is_told_although_its_seal_is_whole(pdf: bytes, market, certificate: Certificate) -> None:
    with clock.travel(LATER):
        actions.change(market.examiner, certificate.ref, actions.REVOKE, "The stall was given up", revision=1)
        row = Certificate.objects.get(pk=certificate.pk)
        if row.status == Certificate.VALID:  # where two officials are needed
            actions.confirm(market.second, certificate.ref, revision=row.revision)
    assert judged(pdf).outcome == "revoked"


def test_it_is_set_in_the_readers_language(certificate: Certificate) -> None:
    from commonweal.core.trust.composing import fonts

    if not fonts():
        pytest.skip("needs a font for Chinese: apt-get install fonts-noto-cjk")
    with clock.travel(LATER):
        assert judged(paper.compose(certificate, "zh-hans")).outcome == "genuine"
