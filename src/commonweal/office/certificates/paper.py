"""The certificate on paper: what a PDF handed in says of itself and of its seals."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commonweal.office.certificates.judging import Reason
from commonweal.office.certificates.views import Outcome

_TITLE = re.compile(r"\(([^()]{3,80})\)\s*$")


@dataclass(frozen=True, slots=True)
class Seals:
    """What the seals on a PDF are worth. `number` is what the document's own title says, where it says one."""

    sealed: bool
    signatures: tuple[Mapping[str, Any], ...] = ()
    problems: tuple[tuple[Outcome, Reason], ...] = ()
    number: str = ""


def inspect(pdf: bytes) -> Seals:
    """Judge a PDF; never raises, whatever it is given."""
    return Seals(False, number=_titled(pdf))


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
