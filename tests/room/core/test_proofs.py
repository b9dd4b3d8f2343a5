"""Receipts prove themselves to whoever holds the public key, and to nobody's advantage otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymerkle
import pytest

from commonweal.core.journal import checkpoints, queries
from commonweal.core.journal.actions import sequence
from commonweal.core.journal.canonical import leaf_bytes
from commonweal.core.journal.models import Event
from commonweal.core.journal.proofs import Proof, receipt_json, verify_receipt
from commonweal.core.trust import keys

pytestmark = [pytest.mark.room, pytest.mark.django_db]


def test_a_receipt_is_genuine(write: Callable[..., Event]) -> None:
    made = [write(f"case:{n}") for n in range(7)]
    assert queries.proof(made[0].id) is None, "not while it waits for its place"
    assert queries.receipt(made[0].id) is None
    sequence(4)
    sequence()
    for event in made:
        proof = queries.proof(event.id)
        assert proof is not None
        assert Proof.from_json(json.loads(json.dumps(proof.to_json()))) == proof
        receipt = queries.receipt(event.id)
        assert receipt is not None
        verdict = verify_receipt(receipt, proof.key)
        assert verdict.genuine, verdict.message
        assert verdict.event is not None
        assert verdict.event["id"] == str(event.id)


def test_pymerkle_recomputes_the_root(write: Callable[..., Event]) -> None:
    for n in range(11):
        write(f"case:{n}")
    sequence(5)
    sequence()
    peer = pymerkle.InmemoryTree(algorithm="sha256")
    for event in queries.since(0):
        peer.append(leaf_bytes(event))
    proof = queries.proof(queries.since(0)[6].id)
    assert proof is not None
    assert checkpoints.read(proof.checkpoint, *checkpoints.verifiers()).root == peer.get_state()
    assert [proof.leaf, *proof.path] == peer.prove_inclusion(7).path


def test_what_was_changed_in_a_receipt_is_told(write: Callable[..., Event]) -> None:
    event, other = write("case:1"), write("case:2")
    sequence()
    proof = queries.proof(event.id)
    assert proof is not None
    receipt = json.loads(receipt_json(proof, Event.objects.get(pk=event.pk)))

    def verdict(**changes: object) -> str:
        return verify_receipt(json.dumps({**receipt, **changes}), proof.key).code

    assert verdict() == "genuine"
    assert verdict(event={**receipt["event"], "subject": "case:9"}) == "changed"
    assert verdict(event={**receipt["event"], "extra": 1}) == "changed"
    assert verdict(proof={**receipt["proof"], "index": 1}) == "not-in-tree"
    assert verdict(proof={**receipt["proof"], "path": []}) == "not-in-tree"
    assert verdict(proof={**receipt["proof"], "size": 3}) == "not-in-tree"
    forged = receipt["proof"]["checkpoint"].replace("\n2\n", "\n3\n")
    assert verdict(proof={**receipt["proof"], "checkpoint": forged}) == "not-signed"
    stranger = queries.proof(other.id)
    assert stranger is not None
    assert verdict(proof=stranger.to_json()) == "changed"


def test_the_key_inside_a_receipt_is_not_trusted(write: Callable[..., Event]) -> None:
    event = write()
    sequence()
    proof = queries.proof(event.id)
    assert proof is not None
    from commonweal.core.trust import notes

    (forger,) = notes.verifiers("forger", checkpoints.origin())
    receipt = receipt_json(proof, Event.objects.get(pk=event.pk))
    assert verify_receipt(receipt, str(forger)).code == "not-signed"


def test_proofs_outlive_a_rotation_of_keys(
    write: Callable[..., Event], settings: Any, tmp_path: Path, committed: Any
) -> None:
    settings.KEYS_ROOT = tmp_path / "keys"
    event = write()
    with committed():
        sequence()
    before = queries.proof(event.id)
    keys.rotate(checkpoints.KEY)
    write()
    with committed():
        sequence()
    assert (tmp_path / "checkpoints" / "keys.txt").read_text().split() == [str(key) for key in checkpoints.verifiers()]
    after = queries.proof(event.id)
    assert before is not None
    assert after is not None
    assert before.key != after.key
    for proof in (before, after):
        assert verify_receipt(receipt_json(proof, Event.objects.get(pk=event.pk)), proof.key).genuine
    from commonweal.core.journal.verify import verify

    assert verify().sound
