"""Whatever is handed in as a receipt, checking it answers; and no byte of a true one can be changed unseen."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.core.journal import checkpoints
from commonweal.core.journal.canonical import leaf_bytes
from commonweal.core.journal.merkle import Frontier, gather, inclusion_ranges, leaf_hash
from commonweal.core.journal.models import Event
from commonweal.core.journal.proofs import FORMAT, Proof, receipt_json, verify_receipt

pytestmark = pytest.mark.hostile


@pytest.fixture(scope="module")
def receipt(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A true receipt of the third of seven events, and the key to check it with. No database is needed."""
    from django.test import override_settings

    with override_settings(KEYS_ROOT=Path(tmp_path_factory.mktemp("keys"))):
        frontier, nodes, kept = Frontier(), {}, []
        for number in range(7):
            event = Event(
                id=UUID(int=number), type="test.seen.v1", source="//commonweal.local", subject=f"case:{number}",
                actor="system:worker", time=datetime(2026, 3, 1, tzinfo=UTC), data={"n": number, "said": "开办"},
            )  # fmt: skip
            leaf = leaf_hash(leaf_bytes(event))
            kept.append((event, leaf))
            nodes.update({(level, index): hash for level, index, hash in frontier.append(leaf)})
        event, leaf = kept[2]
        (key,) = checkpoints.verifiers()
        note = checkpoints.sign(7, frontier.root())
        proof = Proof(leaf, 2, 7, tuple(gather(inclusion_ranges(2, 7), nodes)), note, str(key))
        return receipt_json(proof, event), str(key)


def test_the_true_one_is_genuine(receipt: tuple[str, str]) -> None:
    assert verify_receipt(*receipt).genuine


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.text() | JSON.map(json.dumps))
def test_anything_at_all_gets_an_answer(receipt: tuple[str, str], text: str) -> None:
    assert not verify_receipt(text, receipt[1]).genuine
    assert not verify_receipt(receipt[0], text).genuine


@given(
    JSON,
    JSON,
    st.sampled_from(["event", "leaf", "index", "size", "path", "checkpoint", "key"]),
)
def test_any_part_replaced_gets_an_answer(receipt: tuple[str, str], value: Any, event: Any, part: str) -> None:
    whole = json.loads(receipt[0])
    if part == "event":
        whole["event"] = event
    else:
        whole["proof"][part] = value
    verdict = verify_receipt(json.dumps(whole), receipt[1])
    assert not verdict.genuine or part == "key"


@given(st.data())
def test_no_character_can_be_changed_unseen(receipt: tuple[str, str], data: st.DataObject) -> None:
    """Replacing one character makes it not genuine, unless the JSON still says exactly the same."""
    text, key = receipt
    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + data.draw(st.characters(exclude_categories=["Cs"])) + text[place + 1 :]
    if not verify_receipt(changed, key).genuine:
        return
    before, after = json.loads(text), json.loads(changed)
    assert after["event"] == before["event"]
    assert Proof.from_json(after["proof"]).path == Proof.from_json(before["proof"]).path
    assert after["format"] == FORMAT


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 100_000, "\x00", "9" * 2_000_000, '{"format": "commonweal-receipt-1"}', "NaN", "1e999"],
)
def test_hostile_texts(receipt: tuple[str, str], text: str) -> None:
    verdict = verify_receipt(text, receipt[1])
    assert (verdict.genuine, verdict.code) == (False, "unreadable")
    assert verdict.message.startswith("This cannot be checked")
