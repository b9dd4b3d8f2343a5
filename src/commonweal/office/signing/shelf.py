"""Documents and what was handed in, kept under their own hash; what no longer has it is not given out."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from commonweal.core.errors import Refused


def put(content: bytes) -> str:
    """Keep `content`; the same is kept once. Returns its SHA-256. A process killed half way leaves nothing named."""
    name = hashlib.sha256(content).hexdigest()
    where = place(name)
    if where.exists():
        return name
    where.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=where.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, where)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return name


def get(name: str) -> bytes:
    """What has the SHA-256 `name`. Raises Refused `document-damaged` when it is gone or was changed."""
    try:
        content = place(name).read_bytes()
    except OSError as problem:
        raise Refused("document-damaged", "The document is not where it was kept", document=name[:8]) from problem
    if hashlib.sha256(content).hexdigest() != name:
        raise Refused("document-damaged", "The document was changed where it is kept", document=name[:8])
    return content


def remove(names: Iterable[str]) -> None:
    """Remove what has these SHA-256; what is gone already is passed over."""
    for name in names:
        place(name).unlink(missing_ok=True)


def place(name: str) -> Path:
    """Where what has the SHA-256 `name` lies, whether or not it is there."""
    return Path(settings.MEDIA_ROOT) / "signing" / name[:2] / name
