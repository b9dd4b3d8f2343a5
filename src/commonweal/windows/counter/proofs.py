"""The proof on a receipt: where the application stands in the record, and a file anybody can check it with."""

from __future__ import annotations

from dataclasses import dataclass

from commonweal.core.journal import queries as journal


@dataclass(frozen=True, slots=True)
class Shown:
    """A proof in terms a person can follow. `number` counts from one; `root` is what the signed checkpoint says."""

    number: int
    size: int
    hashes: int
    root: str
    fingerprint: str
    key: str


def proof_of(event_id: str | None) -> Shown | None:
    """The proof of a submission's event; None while the record has not given it its place yet."""
    proof = journal.proof(event_id) if event_id else None
    if proof is None:
        return None
    root = proof.checkpoint.split("\n")[2]
    return Shown(proof.index + 1, proof.size, len(proof.path), root, proof.leaf.hex(), proof.key)
