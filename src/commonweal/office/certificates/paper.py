"""The certificate on paper: what a PDF handed in says of itself and of its seals."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno

from commonweal.core.declared import queries as declared
from commonweal.core.trust import documents
from commonweal.office.certificates import credentials, sealing
from commonweal.office.certificates.judging import Reason
from commonweal.office.certificates.models import Certificate
from commonweal.office.certificates.views import Outcome

_TITLE = re.compile(r"\(([^()]{3,80})\)\s*$")


@dataclass(frozen=True, slots=True)
class Seals:
    """What the seals on a PDF are worth. `number` is what the document's own title says, where it says one."""

    sealed: bool
    signatures: tuple[Mapping[str, Any], ...] = ()
    problems: tuple[tuple[Outcome, Reason], ...] = ()
    number: str = ""


_PAGE = """
#set page(paper: "a4", margin: 2.5cm)
#set text(size: 11pt)
#align(center)[#text(size: 10pt)[#data.issuer]]
#v(1em)
#align(center)[#heading(level: 1)[#data.name]]
#align(center)[#text(size: 12pt)[#data.number]]
#v(2em)
#table(columns: (35%, 65%), stroke: 0.5pt + luma(160), inset: 8pt,
  ..data.rows.map(row => (strong(row.at(0)), row.at(1))).flatten())
#v(2em)
#grid(columns: (3.4cm, 1fr), gutter: 1em,
  image(bytes(data.code), format: "svg", width: 3.2cm, alt: data.alt),
  text(size: 9pt)[#data.check])
"""
_WORDS = {
    "en": {
        "holder": "Holder", "issued": "Issued", "until": "Valid until", "always": "No last day",
        "alt": "Code with which this certificate is checked",
        "check": "Point a phone at the code, or hand this file in at {address}, to see whether the certificate is"
        " genuine and in force. The seal on this file says whether anything in it was changed.",
    },
    "zh-hans": {
        "holder": "持证人", "issued": "签发日期", "until": "有效期至", "always": "长期有效",
        "alt": "核验本证照的二维码",
        "check": "用手机扫描二维码，或在 {address} 提交本文件，即可核验真伪及是否有效。"
        "文件如有改动，电子签章会失效。",
    },
}  # fmt: skip
_PROBLEMS: dict[str, tuple[Outcome, str]] = {
    "altered": ("altered", "broken-seal"), "changed-after": ("altered", "added-after"),
    "untrusted": ("forged", "untrusted-signer"), "revoked": ("forged", "revoked-signer"),
    "expired": ("forged", "expired-signer"), "not-yet": ("forged", "untrusted-signer"),
    "clock": ("forged", "untrusted-signer"), "weak": ("forged", "untrusted-signer"),
}  # fmt: skip
"""What is wrong with a signature: what that makes of the paper, and why."""


def compose(row: Certificate, language: str) -> bytes:
    """The certificate as a sealed PDF (PAdES B-LTA, tagged), with the code that is checked without it.

    Raises Refused `no-font` where the machine cannot show a character, `no-timestamp` where no time stamp can be had.
    """
    said = _WORDS["zh-hans" if language.startswith("zh") else "en"]
    content = credentials.stated(row)
    drawn = io.BytesIO()
    segno.make(credentials.code(row), error="m", boost_error=False, micro=False).save(drawn, kind="svg", border=4)
    until = _day(row.valid_until) if row.valid_until else said["always"]
    rows = [
        [said["holder"], content.holder_name],
        *([fact.label.say(language), fact.shown.say(language)] for fact in content.facts),
        [said["issued"], _day(row.issued_at)],
        [said["until"], until],
    ]
    name, issuer = content.name.say(language), content.issuer_name.say(language)
    data = {
        "name": name, "issuer": issuer, "number": row.number, "rows": rows, "code": drawn.getvalue().decode(),
        "alt": said["alt"], "check": said["check"].format(address=f"{sealing.issuer()}/verify"),
    }  # fmt: skip
    pdf = documents.compose(_PAGE, data, language=language, title=f"{name} ({row.number})")
    return documents.seal(pdf, reason=f"{name} {row.number}")


def inspect(pdf: bytes) -> Seals:
    """Judge a PDF; never raises, whatever it is given."""
    report = documents.validate(pdf)
    number = _titled(pdf)
    if report.verdict == "unreadable":
        return Seals(False, problems=(("unreadable", ("unreadable-pdf", {})),), number=number)
    if report.verdict == "unsigned":
        return Seals(False, problems=_remains(pdf), number=number)
    problems = []
    for each in report.signatures:
        if each.problem is not None:
            outcome, why = _PROBLEMS.get(each.problem, ("altered", "broken-seal"))
            problems.append((outcome, (why, {"signer": each.name, "when": each.signed_at})))
    if not problems and not report.closed:
        # The last time stamp is there and hidden; what stands behind the seal is covered by nothing.
        problems.append(("altered", ("broken-seal", {})))
    told = tuple({"signer": each.name, "when": each.signed_at, "level": each.level} for each in report.signatures)
    return Seals(report.verdict == "valid", told, tuple(problems), number)


def _remains(pdf: bytes) -> tuple[tuple[Outcome, Reason], ...]:
    """What speaks against a PDF without a seal: that it had one to which nothing leads now, or has lost its end."""
    if b"/ByteRange" in pdf:
        return (("altered", ("broken-seal", {})),)
    if not pdf.rstrip(b"\0 \t\r\n").endswith(b"%%EOF"):
        return (("unreadable", ("unreadable-pdf", {})),)
    return ()


def _day(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(declared.current().jurisdiction.timezone)).date().isoformat()


def _titled(pdf: bytes) -> str:
    """The number in the document's title, which a swapped picture of a code does not change."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        info = PdfFileReader(io.BytesIO(pdf), strict=False).trailer["/Info"]
        found = _TITLE.search(str(info["/Title"])[:300])
    except Exception:
        # A stranger's file may be broken in any way; then it says no number.
        return ""
    return found[1] if found else ""
