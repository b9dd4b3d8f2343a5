"""Reading the QR codes in a picture or on the pages of a PDF, in a process of its own.

What strangers upload is decoded only there: with a limit of time and memory, without the database, the keys or the
environment of the server. Run as a program, this module reads the upload from its standard input and writes the texts
it found as JSON.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

LIMIT = 10 * 1024 * 1024
"""Bytes of an upload."""
SECONDS = 15
_MEMORY = 2 << 30
_PIXELS = 40_000_000
_PAGES = 3
_PPI = 170
_PAGE = '#set page(width: 210mm, height: 297mm, margin: 0pt)\n#image("in.pdf", page: %d, width: 100%%, height: 100%%)'


def codes(content: bytes) -> tuple[str, ...]:
    """The texts of the QR codes on a picture (PNG, JPEG, WebP) or on the first pages of a PDF; empty where none is."""
    if len(content) > LIMIT:
        return ()
    environment = {"PATH": os.environ.get("PATH", ""), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", __file__],
            input=content, capture_output=True, timeout=SECONDS, env=environment, check=True, close_fds=True,
        )  # fmt: skip
        found = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return ()
    return tuple(str(each) for each in found)


def _main() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    content = sys.stdin.buffer.read(LIMIT)
    found: list[str] = []
    for picture in _pages(content) if content[:1024].lstrip().startswith(b"%PDF") else [content]:
        found += [text for text in _codes(picture) if text not in found]
        if found:
            break
    json.dump(found, sys.stdout)


def _pages(pdf: bytes) -> list[bytes]:
    """The first pages as pictures; fewer where the PDF has fewer or cannot be drawn."""
    import typst

    pictures: list[bytes] = []
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "in.pdf").write_bytes(pdf)
        for page in range(1, _PAGES + 1):
            try:
                drawn = typst.compile((_PAGE % page).encode(), root=Path(folder), format="png", ppi=_PPI)  # type: ignore[call-overload]
            except Exception:
                # Whatever is wrong with a stranger's file, there is nothing to read on this page.
                break
            pictures += drawn if isinstance(drawn, list) else [drawn]
    return [each for each in pictures if each]


def _codes(picture: bytes) -> list[str]:
    import zxingcpp
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = _PIXELS
    try:
        with Image.open(io.BytesIO(picture), formats=["PNG", "JPEG", "WEBP"]) as opened:
            opened.draft("L", (3000, 3000))
            image = opened.convert("L")
    except Exception:
        return []
    image.thumbnail((4000, 4000))
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)  # type: ignore[arg-type]
    return [each.text for each in found if each.text]


if __name__ == "__main__":
    _main()
