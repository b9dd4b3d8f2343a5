"""Commonweal as a zip for Spark's executors, so that they run the code of this process and no older one."""

from __future__ import annotations

import tempfile
import zipfile
from functools import cache
from pathlib import Path

import commonweal


@cache
def package() -> str:
    """The path of the zip, made once in a process."""
    source = Path(commonweal.__file__).parent
    target = Path(tempfile.mkdtemp(prefix="commonweal-")) / "commonweal.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(source.rglob("*.py")):
            archive.write(path, Path("commonweal") / path.relative_to(source))
    return str(target)
