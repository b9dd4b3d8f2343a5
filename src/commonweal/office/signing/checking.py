"""Checking a sealed document by itself: cut out what was signed, hash it, check every signature and the seal again.

Needs the file alone. Whether the seal's authority is the right one is for the reader's trusted roots to say.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from commonweal.core.trust import documents
from commonweal.office.signing import assertions, proof, uploads

Verdict = Literal["genuine", "altered", "unsealed", "unsigned"]
LARGEST = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Hand:
    """One signature found in the proof. `problem` is None when it holds."""

    name: str
    role: str
    method: str
    at: str
    on_behalf_of: str
    algorithm: str
    problem: str | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a document is worth. `why` names the first thing that is wrong."""

    verdict: Verdict
    hands: tuple[Hand, ...] = ()
    document: str = ""
    seal: str = ""
    sealed_at: str = ""
    why: str = ""

    def sentence(self) -> str:
        """What it comes to, in one sentence."""
        names = ", ".join(each.name for each in self.hands)
        return {
            "genuine": f"Genuine: signed by {names}, sealed by {self.seal}, and not changed since.",
            "altered": f"Not to be trusted: {self.why}.",
            "unsealed": f"Signed by {names}, but the seal does not hold: {self.why}.",
            "unsigned": "No signatures made here are in this file.",
        }[self.verdict]


def check(pdf: bytes) -> Checked:
    """Judge a sealed document; never raises, whatever it is given."""
    if len(pdf) > LARGEST or not pdf.startswith(b"%PDF-"):
        return Checked("unsigned")
    try:
        files = proof.attached(pdf)
        told = json.loads(files[proof.NAME])
        if told["format"] != proof.FORMAT:
            return Checked("unsigned")
        size, digest = int(told["document"]["size"]), str(told["document"]["sha256"])
        signatures = list(told["signatures"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return Checked("unsigned")
    original = pdf[: max(0, size)]
    if hashlib.sha256(original).hexdigest() != digest:
        return Checked("altered", document=digest, why="what was signed was changed")
    hands = tuple(_hand(each, original, digest, files) for each in signatures)
    wrong = next((f"the signature of {each.name}: {each.problem}" for each in hands if each.problem), None)
    if wrong or not hands:
        return Checked("altered", hands, digest, why=wrong or "nobody has signed it")
    return _sealed(pdf, hands, digest)


def _sealed(pdf: bytes, hands: tuple[Hand, ...], digest: str) -> Checked:
    report = documents.validate(pdf, trust=uploads.trusted())
    if not report.signatures:
        return Checked("unsealed", hands, digest, why="there is no seal on it")
    seal = report.signatures[-1]
    at = seal.signed_at.isoformat() if seal.signed_at else ""
    if report.verdict != "valid" or report.altered_after:
        altered = report.altered_after or any(
            each.problem in {"altered", "changed-after"} for each in report.signatures
        )
        why = "it was changed after it was sealed" if altered else f"the seal is {seal.problem}"
        return Checked("altered" if altered else "unsealed", hands, digest, seal.name, at, why)
    return Checked("genuine", hands, digest, seal.name, at)


def _hand(told: Any, original: bytes, digest: str, files: Mapping[str, bytes]) -> Hand:
    said = told if isinstance(told, dict) else {}
    algorithm, problem = "", None
    try:
        if said.get("method") == "passkey":
            algorithm = assertions.check(said["passkey"], bytes.fromhex(digest))
        elif said.get("method") == "upload":
            algorithm, problem = _upload(said, original, files)
        else:
            problem = "it was made in a way nobody knows"
    except assertions.NotHeld as wrong:
        problem = str(wrong)
    except (KeyError, TypeError, ValueError):
        problem = "its proof cannot be read"
    return Hand(
        str(said.get("name", ""))[:200], str(said.get("role", ""))[:80], str(said.get("method", ""))[:20],
        str(said.get("at", ""))[:40], str(said.get("on_behalf_of_name", ""))[:200], algorithm, problem,
    )  # fmt: skip


def _upload(said: Mapping[str, Any], original: bytes, files: Mapping[str, bytes]) -> tuple[str, str | None]:
    upload = said["upload"]
    content = files.get(str(upload["file"]), b"")
    if hashlib.sha256(content).hexdigest() != upload["sha256"]:
        return "", "the file that was handed in is not attached"
    form = str(upload.get("form", "pades"))  # those of before there was a choice are PDFs
    algorithm = {"pades": "PAdES", "xades": "XAdES", "asic": "ASiC with XAdES"}.get(form)
    if algorithm is None:
        return "", "it was made in a way nobody knows"
    return algorithm, uploads.still_holds(form, content, original, str(upload["certificate"]))
