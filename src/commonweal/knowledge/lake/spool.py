"""Batches already fetched, kept on disk until they are in the table, so that a run that died goes on where it stopped.

A batch is written under a temporary name and then renamed, its state inside it: a batch is there with the place to go
on from, or it is not there. What was fetched for another declaration or another starting point is thrown away.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

KEPT_SECONDS = 24 * 3600
"""Older batches are fetched again: the source may have changed in between."""
_STATE = b"commonweal.state"


class Spool:
    """The batches of one dataset's unfinished run. Used by one process at a time (see `Store.claim`)."""

    def __init__(self, root: Path, dataset: str, meaning: str) -> None:
        self.folder = root / "spool" / dataset
        own = self.folder / hashlib.sha256(meaning.encode()).hexdigest()[:16]
        for other in self.folder.glob("*") if self.folder.exists() else ():
            if other != own or time.time() - other.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(other, ignore_errors=True)
        own.mkdir(parents=True, exist_ok=True)
        self.own = own

    @property
    def _files(self) -> list[Path]:
        return sorted(self.own.glob("[0-9]*.arrow"))

    @property
    def state(self) -> str | None:
        """Where to go on, as told with the newest batch; None when nothing was kept."""
        files = self._files
        if not files:
            return None
        with pa.OSFile(str(files[-1])) as file, pa.ipc.open_file(file) as reader:
            return (reader.schema.metadata or {}).get(_STATE, b"").decode()

    def add(self, batch: pa.Table, state: str) -> None:
        """Keep a batch and the place to go on from after it."""
        number = len(self._files) + 1
        waiting = self.own / f".{number:08}"
        told = batch.replace_schema_metadata({_STATE: state.encode()})
        with pa.OSFile(str(waiting), "wb") as sink, pa.ipc.new_file(sink, told.schema) as writer:
            writer.write_table(told)
        os.replace(waiting, self.own / f"{number:08}.arrow")

    def batches(self) -> Iterator[pa.Table]:
        """Everything kept, in order."""
        for path in self._files:
            with pa.OSFile(str(path)) as file, pa.ipc.open_file(file) as reader:
                yield reader.read_all().replace_schema_metadata(None)

    def clear(self) -> None:
        """Forget: the rows are in the table."""
        shutil.rmtree(self.folder, ignore_errors=True)
