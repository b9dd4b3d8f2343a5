"""Files handed in: read in pieces, typed by what is in them, kept under their own hash.

A name or a content type that a browser sends proves nothing, so neither decides anything here. What is kept is
never run, unpacked or shown inline; windows serve it as a download with `nosniff`.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import filetype
from django.conf import settings

from commonweal.core.errors import Refused

ACCEPTED = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/tiff": (".tif", ".tiff"),
    "image/heic": (".heic", ".heif"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.oasis.opendocument.text": (".odt",),
    "text/csv": (".csv",),
    "text/plain": (".txt",),
}
"""Media types taken, with the endings their names may have."""
NAMES = ("PDF", "JPEG", "PNG", "TIFF", "HEIC", "DOCX", "ODT", "CSV", "TXT")
"""How a refusal names what is taken."""
_HEAD = 8192
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ODT = "application/vnd.oasis.opendocument.text"
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store: its hash, its type by content, its size in bytes and the name it may be offered under."""

    sha256: str
    media_type: str
    size: int
    name: str


def keep(name: str, chunks: Iterable[bytes]) -> Kept:
    """Read a file in pieces, type it, and put it into the store. The same content is kept once.

    Raises Refused `empty-file`, `too-large` (params: limit in bytes) or `wrong-type` (params: accepted). Nothing
    stays behind then.
    """
    root = Path(settings.MEDIA_ROOT)
    waiting = root / "arriving"
    waiting.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=waiting)
    path = Path(temporary)
    try:
        with os.fdopen(handle, "wb") as file:
            sha256, size = _write(file, chunks)
        media_type = type_of(path, name)
        final = place(sha256)
        if not final.exists():
            final.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.replace(path, final)
    finally:
        path.unlink(missing_ok=True)
    return Kept(sha256, media_type, size, safe_name(name, media_type))


def place(sha256: str) -> Path:
    """Where the file of that hash lies."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256


def _write(file: object, chunks: Iterable[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > settings.UPLOAD_LIMIT_BYTES:
            raise Refused("too-large", "The file is larger than is taken here", limit=settings.UPLOAD_LIMIT_BYTES)
        digest.update(chunk)
        file.write(chunk)  # type: ignore[attr-defined]
    if not size:
        raise Refused("empty-file", "The file is empty; choose it again")
    file.flush()  # type: ignore[attr-defined]
    os.fsync(file.fileno())  # type: ignore[attr-defined]
    return digest.hexdigest(), size


def type_of(path: Path, name: str = "") -> str:
    """The media type by content; the name only tells CSV from other text. Raises Refused `wrong-type`."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"PK\x03\x04"):
        found = _document_in_zip(path)
    else:
        kind = filetype.guess(head)
        found = kind.mime if kind else ("" if not _is_text(path) else _text(name))
    if found not in ACCEPTED:
        accepted = ", ".join(NAMES)
        raise Refused("wrong-type", f"This kind of file is not taken. Send one of: {accepted}", accepted=accepted)
    return found


def _document_in_zip(path: Path) -> str:
    """DOCX and ODT are ZIP archives that say what they are in a known place; other archives are not taken."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:5000])
            if {"[Content_Types].xml", "word/document.xml"} <= names and "word/vbaProject.bin" not in names:
                return _DOCX
            if "mimetype" in names:
                with archive.open("mimetype") as file:
                    return _ODT if file.read(200).strip() == _ODT.encode() else ""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError):
        return ""
    return ""


def _is_text(path: Path) -> bool:
    """Whether all of it is UTF-8 without control characters other than tabs and line ends."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        for piece in pieces(path):
            if re.search(r"[\x00-\x08\x0e-\x1f]", decoder.decode(piece)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _text(name: str) -> str:
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"


def pieces(path: Path, size: int = 65536) -> Iterator[bytes]:
    """The bytes of a file in pieces."""
    with path.open("rb") as file:
        while piece := file.read(size):
            yield piece


def safe_name(name: str, media_type: str) -> str:
    """A name that is safe in a header, a folder and on a page: no path, no control or direction marks, right ending."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    stem = re.sub(r"\s+", " ", _UNSAFE.sub("", seen)).strip(" .")
    endings = ACCEPTED[media_type]
    ending = next((each for each in endings if stem.lower().endswith(each)), "")
    if ending:
        stem = stem[: -len(ending)]
    return f"{stem[:100].strip(' .') or 'file'}{ending or endings[0]}"
