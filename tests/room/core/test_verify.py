"""Whatever an intruder with the database in hand does, verifying names it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from commonweal.core.identity.actor import SYSTEM
from commonweal.core.journal import checkpoints, sequencing, verify
from commonweal.core.journal.actions import erase_personal, sequence
from commonweal.core.journal.canonical import leaf_bytes
from commonweal.core.journal.merkle import Frontier, leaf_hash
from commonweal.core.journal.models import Checkpoint, Event, Node
from commonweal.core.trust import keys

pytestmark = [pytest.mark.room, pytest.mark.django_db]
Tamper = Callable[..., None]


@pytest.fixture
def record_of_nine(write: Callable[..., Event], committed: Any) -> list[Event]:
    """Nine events in three batches, each with personal data and a person."""
    made = []
    for number in range(9):
        made.append(write(f"case:{number}", personal={"name": f"Person {number}"}, about=["P-A", f"P-{number}"]))
        if number % 3 == 2:
            with committed():
                assert sequence() == 3
    return made


def codes(report: verify.Report) -> list[tuple[str, UUID | None]]:
    return [(finding.code, finding.event) for finding in report.findings]


def test_an_honest_record_is_sound(record_of_nine: list[Event], write: Callable[..., Event]) -> None:
    write()
    seen: list[tuple[str, int, int]] = []
    report = verify.verify(lambda *step: seen.append(step))
    assert report.sound, report.text()
    assert (report.size, report.checkpoints, report.copies, report.pending) == (9, 3, 3, 1)
    assert "sound" in report.text()
    assert seen == [("journal verify", 9, 9)]


def test_an_empty_record_is_sound() -> None:
    assert verify.verify().sound


def test_strides_do_not_change_the_outcome(record_of_nine: list[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "STRIDE", 2)
    report = verify.verify()
    assert report.sound, report.text()
    assert report.checkpoints == 3


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("subject", "case:other"), ("type", "test.heard.v1"), ("actor", "person:P-B"), ("source", "//elsewhere"),
        ("data", '{"n": 2}'), ("time", "2020-01-01 00:00:00"), ("personal_digest", "0" * 64),
    ],
)  # fmt: skip
def test_a_changed_event_is_named(record_of_nine: list[Event], tamper: Tamper, column: str, value: str) -> None:
    victim = record_of_nine[4]
    tamper(f"UPDATE journal_event SET {column} = %s WHERE id = %s", value, victim.id)
    report = verify.verify()
    assert ("changed", victim.id) in codes(report)
    assert {event for _, event in codes(report)} == {victim.id}
    assert str(victim.id) in report.text()
    assert "NOT SOUND" in report.text()


def test_a_removed_event_is_named(record_of_nine: list[Event], tamper: Tamper) -> None:
    victim = record_of_nine[5]
    for table in ("personaldata", "personalkey", "eventabout"):
        tamper(f"DELETE FROM journal_{table} WHERE event_id = %s", victim.id)
    tamper("DELETE FROM journal_event WHERE id = %s", victim.id)
    assert codes(verify.verify()) == [("removed", victim.id)]
    assert verify.verify().findings[0].seq == 5


def test_the_last_event_removed_is_named(record_of_nine: list[Event], tamper: Tamper) -> None:
    victim = record_of_nine[8]
    for table in ("personaldata", "personalkey", "eventabout"):
        tamper(f"DELETE FROM journal_{table} WHERE event_id = %s", victim.id)
    tamper("DELETE FROM journal_event WHERE id = %s", victim.id)
    assert codes(verify.verify()) == [("removed", victim.id)]


def _insert(tamper: Tamper, like: Event, seq: int | None) -> UUID:
    """A copy of an event, as an intruder would forge one."""
    forged = uuid4()
    columns = "type, source, subject, actor, time, data, about, personal_digest, seal"
    tamper(
        f"INSERT INTO journal_event (id, seq, {columns}) SELECT %s, %s, type, source, 'case:forged', actor, "
        "time, data, '', '', seal FROM journal_event WHERE id = %s",
        forged, seq, like.id,
    )  # fmt: skip
    return forged


@pytest.mark.parametrize("seq", [None, 9, 12, -1])
def test_an_inserted_event_is_named(record_of_nine: list[Event], tamper: Tamper, seq: int | None) -> None:
    forged = _insert(tamper, record_of_nine[2], seq)
    assert codes(verify.verify()) == [("inserted", forged)]


def test_an_event_inserted_in_anothers_place_is_named(record_of_nine: list[Event], tamper: Tamper) -> None:
    victim = record_of_nine[3]
    tamper("UPDATE journal_event SET seq = NULL WHERE id = %s", victim.id)
    forged = _insert(tamper, record_of_nine[2], 3)
    assert codes(verify.verify()) == [("inserted", forged), ("moved", victim.id)]


def test_an_inserted_event_that_was_given_a_place_stays_named(record_of_nine: list[Event], tamper: Tamper) -> None:
    forged = _insert(tamper, record_of_nine[2], None)
    assert sequence() == 1
    assert codes(verify.verify()) == [("inserted", forged)]


def test_two_events_swapped_are_named(record_of_nine: list[Event], tamper: Tamper) -> None:
    first, second = record_of_nine[1], record_of_nine[6]
    tamper("UPDATE journal_event SET seq = NULL WHERE id = %s", first.id)
    tamper("UPDATE journal_event SET seq = 1 WHERE id = %s", second.id)
    tamper("UPDATE journal_event SET seq = 6 WHERE id = %s", first.id)
    assert sorted(codes(verify.verify())) == sorted([("moved", first.id), ("moved", second.id)])


def _rebuild() -> None:
    """What a thorough intruder does after changing events: make the whole tree anew, though nothing can be signed."""
    frontier = Frontier()
    nodes = []
    for event in Event.objects.exclude(seq=None).order_by("seq"):
        for level, index, hash in frontier.append(leaf_hash(leaf_bytes(event))):
            nodes.append(Node(level=level, index=index, hash=hash, event=event.id if not level else None))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_node")
    Node.objects.bulk_create(nodes)


def test_a_changed_event_is_named_even_when_the_tree_was_made_anew(record_of_nine: list[Event], tamper: Tamper) -> None:
    victim = record_of_nine[4]
    tamper("UPDATE journal_event SET subject = 'case:other' WHERE id = %s", victim.id)
    _rebuild()
    report = verify.verify()
    assert codes(report) == [("inserted", victim.id), ("rewritten", None)]
    assert "between places 3 and 5" in report.findings[1].message


def test_an_event_cut_out_seamlessly_shows_in_the_next_checkpoint(record_of_nine: list[Event], tamper: Tamper) -> None:
    for table in ("personaldata", "personalkey", "eventabout"):
        tamper(f"DELETE FROM journal_{table} WHERE event_id = %s", record_of_nine[4].id)
    tamper("DELETE FROM journal_event WHERE id = %s", record_of_nine[4].id)
    for seq in range(5, 9):
        tamper("UPDATE journal_event SET seq = %s WHERE id = %s", seq - 1, record_of_nine[seq].id)
    _rebuild()
    report = verify.verify()
    assert "rewritten" in [code for code, _ in codes(report)]
    assert "between places 3 and 5" in report.text()


def test_even_with_the_keys_the_copies_outside_tell(
    record_of_nine: list[Event], tamper: Tamper, committed: Any
) -> None:
    """An intruder who also holds the keys changes an event, seals it, makes the tree anew and signs it all."""
    victim = record_of_nine[4]
    tamper("UPDATE journal_event SET subject = 'case:other' WHERE id = %s", victim.id)
    changed = Event.objects.get(pk=victim.pk)
    seal = keys.seal(sequencing.SEAL, leaf_hash(leaf_bytes(changed)))
    tamper("UPDATE journal_event SET seal = %s WHERE id = %s", seal, victim.id)
    tamper("DELETE FROM journal_checkpoint")
    _rebuild()
    frontier = Frontier()
    for size, node in enumerate(Node.objects.filter(level=0).order_by("index"), 1):
        frontier.append(bytes(node.hash))
        if size % 3 == 0:
            note = checkpoints.sign(size, frontier.root())
            Checkpoint.objects.create(size=size, note=note, time=changed.time)
    report = verify.verify()
    assert codes(report) == [("rewritten", None)]
    assert "checkpoints/00000000.jsonl:2" in report.text()


def test_a_changed_leaf_or_inner_hash_is_named(record_of_nine: list[Event], tamper: Tamper) -> None:
    index = connection.ops.quote_name("index")
    tamper(f"UPDATE journal_node SET hash = %s WHERE level = 0 AND {index} = 2", bytes(32))
    tamper(f"UPDATE journal_node SET hash = %s WHERE level = 2 AND {index} = 0", bytes(32))
    report = verify.verify()
    assert codes(report) == [("tree-damaged", record_of_nine[2].id), ("tree-damaged", None)]
    assert "level 2, 0" in report.text()


def test_a_removed_leaf_is_named(record_of_nine: list[Event], tamper: Tamper) -> None:
    index = connection.ops.quote_name("index")
    tamper(f"DELETE FROM journal_node WHERE level = 0 AND {index} = 2")
    assert ("tree-damaged", record_of_nine[2].id) in codes(verify.verify())


def test_a_forged_checkpoint_is_named(record_of_nine: list[Event], tamper: Tamper) -> None:
    note = Checkpoint.objects.get(size=6).note
    tamper("UPDATE journal_checkpoint SET note = %s WHERE size = 6", note.replace("\n6\n", "\n7\n"))
    report = verify.verify()
    assert codes(report) == [("checkpoint-forged", None)]
    tamper("UPDATE journal_checkpoint SET note = %s WHERE size = 6", Checkpoint.objects.get(size=3).note)
    assert "signs 3" in verify.verify().text()


def test_an_older_database_put_back_is_named(record_of_nine: list[Event], tamper: Tamper) -> None:
    index = connection.ops.quote_name("index")
    tamper("DELETE FROM journal_checkpoint WHERE size > 6")
    for level, first in ((0, 6), (1, 3), (2, 1), (3, 0)):
        tamper(f"DELETE FROM journal_node WHERE level = %s AND {index} >= %s", level, first)
    for event in record_of_nine[6:]:
        for table in ("personaldata", "personalkey", "eventabout"):
            tamper(f"DELETE FROM journal_{table} WHERE event_id = %s", event.id)
        tamper("DELETE FROM journal_event WHERE id = %s", event.id)
    report = verify.verify()
    assert codes(report) == [("rolled-back", None)]
    assert "ends at 6 events, but 9 were signed" in report.text()


def test_a_spoilt_copy_is_named_and_a_line_cut_short_is_not(record_of_nine: list[Event], settings: Any) -> None:
    path = Path(settings.HOME) / "checkpoints" / "00000000.jsonl"
    path.write_text(path.read_text() + '{"size": 12, "no')
    assert verify.verify().sound
    lines = path.read_text().splitlines()
    content = json.loads(lines[0])
    lines[0] = json.dumps({**content, "note": content["note"].replace("\n3\n", "\n4\n")})
    path.write_text("\n".join(lines))
    assert codes(verify.verify()) == [("copy-damaged", None)]
    path.write_text("nonsense\n")
    assert codes(verify.verify()) == [("copy-damaged", None)]


def test_what_is_beside_an_event_is_held_to_it(record_of_nine: list[Event], tamper: Tamper) -> None:
    first, second, third = record_of_nine[:3]
    tamper("DELETE FROM journal_eventabout WHERE event_id = %s AND person = 'P-A'", first.id)
    tamper("DELETE FROM journal_personaldata WHERE event_id = %s", second.id)
    tamper("UPDATE journal_personaldata SET ciphertext = nonce WHERE event_id = %s", third.id)
    assert sorted(codes(verify.verify())) == sorted(
        [("persons-changed", first.id), ("personal-removed", second.id), ("personal-changed", third.id)]
    )


def test_erased_personal_data_leaves_the_proof_whole(record_of_nine: list[Event]) -> None:
    erase_personal(SYSTEM, record_of_nine[2].id, "asked for by the person")
    sequence()
    report = verify.verify()
    assert report.sound, report.text()
    assert report.size == 10


def test_a_row_no_event_can_be_is_a_finding_not_a_crash(record_of_nine: list[Event], tamper: Tamper) -> None:
    tamper("UPDATE journal_event SET data = %s WHERE id = %s", '{"n": 1e300}', record_of_nine[1].id)
    assert codes(verify.verify()) == [("changed", record_of_nine[1].id)]


def test_very_many_findings_are_counted(record_of_nine: list[Event], tamper: Tamper, monkeypatch: Any) -> None:
    from commonweal.core.journal import report

    monkeypatch.setattr(report, "LISTED", 4)
    tamper("UPDATE journal_event SET subject = 'case:other'")
    assert "and 5 more" in verify.verify().text()
