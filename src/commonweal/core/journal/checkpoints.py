"""Checkpoints: signed statements of how large the tree was and what its root was.

Format: https://c2sp.org/tlog-checkpoint, a signed note of three lines: origin, size, base64 of the root. A copy of
each goes to a file outside the database, so that putting an old database back in place does not go unseen.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from commonweal.core.journal.canonical import rfc3339
from commonweal.core.trust import notes
from commonweal.core.trust.algorithms import ML_DSA, SM2

KEY = "journal"
"""The purpose of the key that signs checkpoints."""
COPIES_SPAN = 100_000


@dataclass(frozen=True, slots=True)
class Head:
    """What a checkpoint says: whose log, how many leaves, which root."""

    origin: str
    size: int
    root: bytes


def origin() -> str:
    """The name of this deployment's log, and of the key that signs for it."""
    return f"{settings.ORIGIN}/journal"


def sign(size: int, root: bytes) -> str:
    """The signed note for a tree of `size` leaves with `root`."""
    text = f"{origin()}\n{size}\n{base64.b64encode(root).decode()}\n"
    return notes.write(KEY, origin(), text, _also())


def _also() -> tuple[str, ...]:
    """What signs beside Ed25519: ML-DSA-44 against a future that breaks it, SM2 where the jurisdiction signs so."""
    return (ML_DSA, SM2) if settings.CRYPTO_SUITE == "sm" else (ML_DSA,)


def text_of(note: str) -> str:
    """The text that a note's signatures are over. Raises notes.BadNote."""
    return notes.text_of(note)


def verifiers() -> tuple[notes.Verifier, ...]:
    """The keys that ever signed this deployment's checkpoints."""
    return notes.verifiers(KEY, origin())


def read(note: str, *known: notes.Verifier) -> Head:
    """What a checkpoint signed by one of `known` says. Raises notes.BadNote."""
    lines = notes.read(note, *known).split("\n")
    try:
        name, size, root = lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True)
    except (IndexError, ValueError, binascii.Error):
        raise notes.BadNote("a checkpoint reads: origin, size, root") from None
    if not name or size < 0 or len(root) != 32 or lines[1] != str(size):
        raise notes.BadNote("a checkpoint reads: origin, size, root")
    return Head(name, size, root)


def folder() -> Path:
    """Where the copies are kept: files of lines, each file for 100,000 entries of the journal."""
    return Path(settings.HOME) / "checkpoints"


def keep_copy(size: int, note: str, moment: datetime) -> None:
    """Append a checkpoint to its file with one write, so that lines of two processes never mix.

    The public keys go beside it (`keys.txt`, oldest first), so that whoever is sent the folder can check it.
    """
    path = folder() / f"{size // COPIES_SPAN:08}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    _publish_keys(path.parent / "keys.txt")
    line = json.dumps({"size": size, "time": rfc3339(moment), "note": note}, ensure_ascii=False) + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)


def _publish_keys(path: Path) -> None:
    keys = "".join(f"{verifier}\n" for verifier in verifiers())
    if not path.exists() or path.read_text() != keys:
        path.write_text(keys)


@dataclass(frozen=True, slots=True, order=True)
class Copy:
    """One checkpoint as it was copied outside the database; `place` is `file:line`."""

    size: int
    place: str
    note: str


def copies() -> Iterator[Copy]:
    """Every copy in the order of size, one file in memory at a time.

    A last line that a crash cut short is passed over: it never was a whole statement. Any other line that cannot
    be read comes as a copy with an empty note, so that spoiling a line does not hide it.
    """
    for path in sorted(folder().glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
        whole = [(number, line) for number, line in enumerate(lines, 1) if line.endswith("\n")]
        yield from sorted(_copy(f"{path.name}:{number}", line, int(path.stem) * COPIES_SPAN) for number, line in whole)


def _copy(place: str, line: str, least: int) -> Copy:
    try:
        content = json.loads(line)
        return Copy(int(content["size"]), place, str(content["note"]))
    except (ValueError, KeyError, TypeError):
        return Copy(least, place, "")
