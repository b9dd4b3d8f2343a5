"""Containers of a document and its signatures: ASiC-S and ASiC-E with XAdES (ETSI EN 319 162-1, 4.3 and 4.4)."""

from __future__ import annotations

import io
import re
import zipfile

from commonweal.core.errors import Refused

MOST_FILES = 40
MOST_BYTES = 30 * 1024 * 1024
_SIGNATURES = re.compile(r"META-INF/[^/]*signatures[^/]*\.xml", re.IGNORECASE)


def signatures(container: bytes, original: bytes) -> list[bytes]:
    """The signature files of a container that holds the document `original`, byte by byte, among its files.

    Raises Refused `upload-unreadable` for what is no container, is encrypted or unpacks to too much,
    `upload-other-document` where the document is not in it, `upload-unsigned` where no signature is.
    """
    held = _unpacked(container)
    if not any(content == original for name, content in held.items() if not name.startswith("META-INF/")):
        raise Refused("upload-other-document", "The document to be signed is not in this container")
    found = [content for name, content in sorted(held.items()) if _SIGNATURES.fullmatch(name)]
    if not found:
        raise Refused("upload-unsigned", "There is no signature in this container yet")
    return found


def _unpacked(container: bytes) -> dict[str, bytes]:
    """Its files by name; what a file claims to be long is not believed."""
    told: dict[str, bytes] = {}
    room = MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(container)) as packed:
            for entry in packed.infolist():
                if entry.is_dir():
                    continue
                if len(told) >= MOST_FILES or entry.filename in told:
                    raise Refused("upload-unreadable", "This container holds too many files, or one name twice")
                with packed.open(entry) as file:
                    content = file.read(room + 1)
                room -= len(content)
                if room < 0:
                    raise Refused("upload-unreadable", "This container unpacks to too much")
                told[entry.filename] = content
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError, EOFError) as broken:
        raise Refused("upload-unreadable", "This container cannot be read") from broken
    return told
