"""What verifying the journal found, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

Code = Literal[
    "changed", "removed", "inserted", "moved", "persons-changed", "personal-changed", "personal-removed",
    "tree-damaged", "checkpoint-forged", "rewritten", "rolled-back", "copy-damaged",
]  # fmt: skip
LISTED = 200
"""Findings kept in full; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: what, which event (where one can be named), at which place of the record."""

    code: Code
    message: str
    event: UUID | None = None
    seq: int | None = None

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


@dataclass(slots=True)
class Report:
    """The outcome. `size` events and `checkpoints` signatures were recomputed; `pending` wait for their place."""

    size: int = 0
    checkpoints: int = 0
    copies: int = 0
    pending: int = 0
    findings: list[Finding] = field(default_factory=list)
    unlisted: int = 0
    root: bytes = b""

    @property
    def sound(self) -> bool:
        """Whether nothing at all is wrong."""
        return not self.findings

    def add(self, code: Code, message: str, event: UUID | None = None, seq: int | None = None) -> None:
        """Keep a finding, or count it once there are very many."""
        if len(self.findings) < LISTED:
            self.findings.append(Finding(code, message, event, seq))
        else:
            self.unlisted += 1

    def text(self) -> str:
        """The report for a terminal."""
        checked = (
            f"Recomputed: events {self.size:,}, checkpoints {self.checkpoints:,}, copies of checkpoints "
            f"{self.copies:,}. Waiting for their place: {self.pending:,}."
        )
        if self.sound:
            return f"The journal is sound. {checked}\nRoot: {self.root.hex()}\n"
        lines = [str(finding) for finding in self.findings]
        if self.unlisted:
            lines.append(f"… and {self.unlisted:,} more.")
        advice = "Keep this database and its backups as they are; compare them with a copy from before."
        return "\n".join([f"THE JOURNAL IS NOT SOUND. {checked}", *lines, advice]) + "\n"
