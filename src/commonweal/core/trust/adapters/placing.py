"""Putting a file in place whole: after a crash there is the old one, the new one or none, never half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def _written(folder: Path, content: bytes) -> str:
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".new-")
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return temporary


def place(path: Path, content: bytes) -> bool:
    """Put `content` at `path`, readable by its owner only, unless something is there; says whether it was put."""
    temporary = _written(path.parent, content)
    try:
        os.link(temporary, path)
        return True
    except FileExistsError:
        return False
    finally:
        os.unlink(temporary)


def replace(path: Path, content: bytes) -> None:
    """Put `content` at `path` instead of what is there."""
    os.replace(_written(path.parent, content), path)
