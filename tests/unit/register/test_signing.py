"""Who signs is declared, and what could not work is named where it is mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from commonweal.register.services import Signature
from tests.unit.register import small

PLACE = "deadline: {total: P7D}"


@pytest.mark.parametrize(
    ("signature", "code", "said"),
    [
        ("{level: advanced, signers: [applicant, witness]}", "unknown-signer", "“witness” could be anybody"),
        ("{level: advanced, signers: [{role: owner, from: business.sectr}]}", "unknown-signer", "business.sectr"),
        ("{level: advanced, signers: [applicant, applicant]}", "declared-twice", "applicant"),
        ("{level: simple, signers: [applicant, {role: owner, from: business.sector}]}", "too-simple", "level simple"),
        ("{level: qualified, accepts: [passkey]}", "too-simple", "no qualified signature"),
    ],
)
def test_what_could_not_work_is_named(tmp_path: Path, signature: str, code: str, said: str) -> None:
    found = small.faults(tmp_path, (PLACE, f"{PLACE}\nsignature: {signature}"))
    assert (code, True) in [(each.code, said in each.message) for each in found], found


def test_the_nearest_question_is_suggested(tmp_path: Path) -> None:
    wanted = "{level: advanced, signers: [{role: owner, from: business.sectr}]}"
    found = small.faults(tmp_path, (PLACE, f"{PLACE}\nsignature: {wanted}"))
    assert [each.suggestion for each in found if each.code == "unknown-signer"] == ["business.sector"]


def test_nobody_named_is_the_applicant() -> None:
    assert [each.role for each in Signature(level="advanced").hands] == ["applicant"]
    assert Signature.model_validate({"signers": ["applicant"]}).hands == Signature().hands
