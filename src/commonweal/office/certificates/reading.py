"""What was handed in: a PDF, a credential, the text of a code, or a picture of one (pure, but for the picture)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from commonweal.office.certificates import compact, looking

Form = Literal["pdf", "sd-jwt", "qr", "none"]
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
TEXT_LIMIT = 250_000


@dataclass(frozen=True, slots=True)
class Handed:
    """What it is; `text` of a credential or code; `codes` seen on a PDF or picture; `pdf` its bytes."""

    form: Form
    text: str = ""
    codes: tuple[str, ...] = ()
    pdf: bytes = b""
    picture: bool = False


def handed(content: bytes) -> Handed:
    """Recognise an upload by its content; never by its name."""
    if is_pdf(content):
        seen = tuple(each for each in looking.codes(content) if compact.recognises(each))
        return Handed("pdf", codes=seen, pdf=content)
    if content.startswith(_PICTURES):
        seen = looking.codes(content)
        ours = next((each for each in seen if _form(each) != "none"), "")
        return Handed(_form(ours), text=ours, codes=seen, picture=True)
    text = content[:TEXT_LIMIT].decode("utf-8", errors="replace").strip().lstrip("\ufeff")
    return Handed(_form(text), text=text)


def _form(text: str) -> Form:
    if compact.recognises(text):
        return "qr"
    return "sd-jwt" if is_credential(text) else "none"


def is_pdf(content: bytes) -> bool:
    """Whether it begins as a PDF does; readers allow a little before it (ISO 32000-2, 7.5.2)."""
    return b"%PDF-" in content[:1024]


def is_credential(text: str) -> bool:
    """Whether a text looks like an SD-JWT: a signed token and a `~`."""
    token, tilde, _ = text.partition("~")
    return bool(tilde) and token.count(".") == 2 and token.lstrip().startswith("ey")
