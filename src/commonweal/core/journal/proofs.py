"""A receipt that proves itself: an event, the way from it to a signed checkpoint, and nothing else needed.

`verify_receipt` is pure and needs no database: whoever holds the receipt and the deployment's public key can check
it, for as long as SHA-256 and Ed25519 stand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from commonweal.core.journal import checkpoints
from commonweal.core.journal.canonical import encode, to_cloudevent
from commonweal.core.journal.merkle import leaf_hash, verify_inclusion
from commonweal.core.journal.models import Event
from commonweal.core.trust.notes import BadNote, Verifier

FORMAT = "commonweal-receipt-1"
RECEIPT_LIMIT_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Proof:
    """That the leaf at `index` is in the tree of `size` leaves that `checkpoint` signs.

    `path` are the sibling hashes from the leaf up (RFC 9162 2.1.3); `key` is the verifier key
    (`name+hash+key`, C2SP signed-note) under which the checkpoint's signature is checked.
    """

    leaf: bytes
    index: int
    size: int
    path: tuple[bytes, ...]
    checkpoint: str
    key: str

    def to_json(self) -> dict[str, Any]:
        """The proof as a JSON object, hashes in hexadecimal."""
        return {
            "leaf": self.leaf.hex(),
            "index": self.index,
            "size": self.size,
            "path": [sibling.hex() for sibling in self.path],
            "checkpoint": self.checkpoint,
            "key": self.key,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Proof:
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        try:
            read = cls(
                leaf=bytes.fromhex(content["leaf"]),
                index=content["index"],
                size=content["size"],
                path=tuple(bytes.fromhex(sibling) for sibling in content["path"]),
                checkpoint=content["checkpoint"],
                key=content["key"],
            )
        except (KeyError, TypeError, ValueError):
            raise ValueError("the proof is not complete") from None
        numbers = type(read.index) is int and type(read.size) is int
        if not numbers or not isinstance(read.checkpoint, str) or not isinstance(read.key, str) or len(read.path) > 64:
            raise ValueError("the proof is not complete")
        return read


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking a receipt found. `code` is stable; `message` says it in English."""

    genuine: bool
    code: Literal["genuine", "unreadable", "changed", "not-in-tree", "not-signed"]
    message: str
    event: Mapping[str, Any] | None = None


def receipt_json(proof: Proof, event: Event) -> str:
    """The receipt as a file a person can keep: the event as recorded, without personal data, and its proof."""
    whole = {"format": FORMAT, "event": to_cloudevent(event), "proof": proof.to_json()}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def verify_receipt(receipt: str, public_key: str) -> Verdict:
    """Check a receipt against the verifier key the deployment publishes (`name+hash+key`).

    The key inside the receipt is never trusted: a forger would bring their own. Never raises.
    """
    try:
        event, proof = _read(receipt)
        known = Verifier.parse(public_key)
    except ValueError as problem:
        return Verdict(False, "unreadable", f"This cannot be checked: {problem}.")
    try:
        content = encode(event)
    except (ValueError, RecursionError):
        return Verdict(False, "unreadable", "This cannot be checked: the event holds what no event can.")
    if leaf_hash(content) != proof.leaf:
        return Verdict(False, "changed", "The event is not the one that was recorded: its words were changed.", event)
    try:
        head = checkpoints.read(proof.checkpoint, known)
    except BadNote as problem:
        return Verdict(False, "not-signed", f"The checkpoint was not signed with this key: {problem}.", event)
    if head.size != proof.size or not verify_inclusion(proof.leaf, proof.index, head.size, proof.path, head.root):
        return Verdict(False, "not-in-tree", "The event is not part of the record that was signed.", event)
    message = f"Genuine: entry {proof.index} of the record of {head.origin}, as signed at {head.size} entries."
    return Verdict(True, "genuine", message, event)


def _read(receipt: str) -> tuple[dict[str, Any], Proof]:
    if len(receipt) > RECEIPT_LIMIT_BYTES:
        raise ValueError("it is too large to be a receipt")
    try:
        whole = json.loads(receipt)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    event, proof = whole.get("event"), whole.get("proof")
    if not isinstance(event, dict) or not isinstance(proof, dict):
        raise ValueError("it lacks an event or a proof")
    return event, Proof.from_json(proof)
