"""Files are typed by what is in them, kept once under their hash, and named so that no page or header trips."""

from __future__ import annotations

import io
import zipfile

import pytest

from commonweal.core.errors import Refused
from commonweal.office.casework import files

from .conftest import PDF

pytestmark = pytest.mark.room
PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(24)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


def zipped_names(names: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in names.items():
            archive.writestr(name, text)
    return made.getvalue()


WORD = {"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("photo.PNG", PNG, "image/png"),
        ("photo.jpeg", JPEG, "image/jpeg"),
        ("letter.docx", zipped_names(WORD), DOCX),
        ("letter.odt", zipped_names({"mimetype": ODT}), ODT),
        ("list.csv", "名称,数量\n面条,3\n".encode(), "text/csv"),
        ("note.txt", "Ana’s note\r\n".encode("utf-8-sig"), "text/plain"),
        ("misnamed.exe", PDF, "application/pdf"),
    ],
)
def test_what_is_taken(name, content, media_type):
    kept = files.keep(name, [content[:5], content[5:]])
    assert (kept.media_type, kept.size) == (media_type, len(content))
    assert files.place(kept.sha256).read_bytes() == content


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00\x03" + bytes(100),
        b"\x7fELF" + bytes(100),
        b"GIF89a" + bytes(40),
        zipped_names({"a.txt": "x"}),
        zipped_names({**WORD, "word/vbaProject.bin": "macro"}),
        zipped_names({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        b"PK\x03\x04 not a zip at all",
        b"text with \x00 in it",
        "中文".encode("gb18030"),
        b"\xff\xfe\xfd",
    ],
    ids=["exe", "elf", "gif", "zip", "macros", "ods", "broken-zip", "nul", "not-utf8", "noise"],
)
def test_what_is_not_taken_is_named_and_leaves_nothing_behind(content, settings):
    with pytest.raises(Refused) as refusal:
        files.keep("harmless.pdf", [content])
    assert refusal.value.code == "wrong-type"
    assert "PDF" in refusal.value.params["accepted"]
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_a_file_above_the_limit_is_refused_before_it_is_all_read(settings):
    settings.UPLOAD_LIMIT_BYTES = 1000
    read = []

    def endless():
        while True:
            read.append(1)
            yield b"x" * 400

    with pytest.raises(Refused) as refusal:
        files.keep("big.txt", endless())
    assert (refusal.value.code, refusal.value.params["limit"], len(read)) == ("too-large", 1000, 3)
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_an_empty_file_is_refused():
    with pytest.raises(Refused) as refusal:
        files.keep("a.pdf", [])
    assert refusal.value.code == "empty-file"


def test_the_same_content_is_kept_once(settings):
    assert files.keep("a.pdf", [PDF]).sha256 == files.keep("b.pdf", [PDF]).sha256
    assert len([path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\ana\\租约.pdf", "租约.pdf"),
        ('a"\r\nSet-Cookie: x.pdf', "aSet-Cookie x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("x" * 300 + ".PDF", "x" * 100 + ".pdf"),
    ],
)
def test_names_are_made_safe(name, safe):
    assert files.safe_name(name, "application/pdf") == safe
