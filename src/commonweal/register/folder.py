"""The YAML files of a jurisdiction's folder, in a fixed order, and nothing outside it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from commonweal.register.faults import Fault

SUFFIXES = (".yaml", ".yml")
MAX_FILES = 200_000


def files(root: Path, faults: list[Fault]) -> Iterator[Path]:
    """Yield the files to read, sorted by folder and name; hidden ones are left alone.

    What cannot be followed is noted as a fault: a folder that is missing, a link that leads out of it, something
    that is not a file.
    """
    if root.is_file():
        yield root
        return
    if not root.is_dir():
        message = "There is no such folder" if not root.exists() else "This is neither a folder nor a file"
        faults.append(Fault(str(root), 1, 1, "no-folder", f"{message}; name the folder of the declarations"))
        return
    inside, count = root.resolve(), 0
    for folder, below, names in os.walk(root, followlinks=False, onerror=lambda e: faults.append(_unread(e))):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in [name for name in below if Path(folder, name).is_symlink()]:
            below.remove(name)
            faults.append(_link(Path(folder, name), "A linked folder is not read; put its files here"))
        for name in sorted(names):
            path = Path(folder, name)
            if name.startswith(".") or path.suffix.lower() not in SUFFIXES:
                continue
            count += 1
            if count > MAX_FILES:
                faults.append(
                    Fault(str(root), 1, 1, "too-many", f"More than {MAX_FILES} files; the rest were not read")
                )
                return
            fault = _not_ours(path, inside)
            if fault:
                faults.append(fault)
            else:
                yield path


def _not_ours(path: Path, inside: Path) -> Fault | None:
    """The fault of a file that must not be opened."""
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(inside):
            return _link(path, "A link that leads out of the folder is not followed")
        if not stat.S_ISREG(path.stat().st_mode):
            return Fault(str(path), 1, 1, "not-a-file", "Not an ordinary file; it was not opened")
    except (OSError, RuntimeError) as error:
        return Fault(str(path), 1, 1, "unreadable", f"Cannot be opened: {getattr(error, 'strerror', None) or error}")
    return None


def _link(path: Path, message: str) -> Fault:
    return Fault(str(path), 1, 1, "symlink", message)


def _unread(error: OSError) -> Fault:
    return Fault(str(error.filename), 1, 1, "unreadable", f"Cannot be opened: {error.strerror}")
