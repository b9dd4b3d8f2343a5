"""Recording: one event in the transaction of its act, and nothing that cannot be proven later."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from django.db import transaction

from commonweal.core import clock
from commonweal.core.errors import Invalid, NotAllowed, Refused
from commonweal.core.identity.actor import SYSTEM, Actor
from commonweal.core.journal import queries
from commonweal.core.journal.actions import Act, erase_personal, record, record_many, sequence
from commonweal.core.journal.canonical import to_cloudevent
from commonweal.core.journal.models import Event, PersonalData, PersonalKey

pytestmark = [pytest.mark.room, pytest.mark.django_db]
ANA = Actor("person", "P-AAAA2222", "Ana")


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record(SYSTEM, "test.seen.v1", "case:1", {})
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_event() -> None:
    def act() -> None:
        with transaction.atomic():
            record(SYSTEM, "test.seen.v1", "case:1", {}, personal={"a": 1}, about=["P-AAAA2222"])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert not Event.objects.exists()
    assert not PersonalData.objects.exists()


def test_an_event_says_who_what_and_when() -> None:
    moment = datetime(2026, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)
    with clock.travel(moment):
        made = record(
            ANA, "casework.case-decided.v1", "case:C-7KQ2M9XB", {"act": "approve"}, about=["P-B", "P-A", "P-B"]
        )
    event = Event.objects.get(pk=made.pk)
    assert (event.actor, event.type, event.subject, event.time) == (
        "person:P-AAAA2222", "casework.case-decided.v1", "case:C-7KQ2M9XB", moment,
    )  # fmt: skip
    assert event.data == {"act": "approve"}
    assert event.about == "P-A P-B"
    assert event.seq is None


def test_events_are_cloudevents(write: Callable[..., Event]) -> None:
    event = Event.objects.get(pk=write(about=["P-A"], personal={"name": "Ana"}, data={"n": 1, "words": "开办"}).pk)
    content = to_cloudevent(event)
    theirs = JSONFormat().read(CloudEvent, json.dumps(content))
    assert theirs.get_specversion() == "1.0"
    assert theirs.get_id() == str(event.id)
    assert theirs.get_type() == "org.commonweal.test.seen.v1"
    assert theirs.get_source() == "//commonweal.local"
    assert theirs.get_subject() == "case:1"
    assert theirs.get_time() == event.time
    assert theirs.get_data() == {"n": 1, "words": "开办"}
    assert theirs.get_extension("actor") == "system:worker"
    assert theirs.get_extension("about") == "P-A"
    assert len(theirs.get_extension("personaldigest")) == 64


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"type": "decided"}, "room.what-happened.v1"),
        ({"type": "Casework.Decided.v1"}, "room.what-happened.v1"),
        ({"subject": "C-1"}, "kind:reference"),
        ({"subject": "case:" + "x" * 200}, "kind:reference"),
        ({"data": {"amount": float("nan")}}, r"data\.amount"),
        ({"data": {"words": "a\x00b"}}, r"data\.words"),
        ({"personal": {"words": object()}}, r"personal\.words"),
        ({"about": "P-A"}, "several references"),
        ({"about": ["P-A B"]}, "references of persons"),
        ({"about": [f"P-{n}" for n in range(51)]}, "at most 50"),
    ],
)
def test_what_cannot_be_recorded_is_refused_by_name(changes: dict[str, Any], complaint: str) -> None:
    arguments = {"type": "test.seen.v1", "subject": "case:1", "data": {}, **changes}
    with pytest.raises(ValueError, match=complaint):
        record(SYSTEM, arguments.pop("type"), arguments.pop("subject"), arguments.pop("data"), **arguments)
    assert not Event.objects.exists()


def test_python_cannot_change_or_remove_an_event(write: Callable[..., Event]) -> None:
    event = write(about=["P-A"])
    event.subject = "case:2"
    for attempt in (
        event.save, event.delete, Event.objects.all().delete, lambda: Event.objects.update(subject="case:2"),
    ):  # fmt: skip
        with pytest.raises(TypeError, match="append-only"):
            attempt()
    assert Event.objects.get(pk=event.pk).subject == "case:1"


def test_pages_newest_first(write: Callable[..., Event]) -> None:
    made = [write(f"case:{n % 2}", type=f"test.{'seen' if n % 3 else 'heard'}.v1") for n in range(10)]
    seen: list[Event] = []
    cursor = None
    while True:
        page = queries.events(cursor, limit=3)
        seen += page.rows
        cursor = page.next
        if cursor is None:
            break
    assert seen == made[::-1]
    assert queries.events(subject="case:1").rows == tuple(e for e in made[::-1] if e.subject == "case:1")
    assert queries.events(type_prefix="test.heard").rows == tuple(e for e in made[::-1] if "heard" in e.type)
    with pytest.raises(Invalid):
        queries.events("nonsense")
    with pytest.raises(Invalid):
        queries.events("WyJub25zZW5zZSJd")


def test_who_used_my_data(write: Callable[..., Event]) -> None:
    mine = [write(about=["P-A", "P-B"]), write(about=["P-A"])]
    write(about=["P-B"])
    page = queries.about_person("P-A", limit=1)
    assert page.rows == (mine[1],)
    assert queries.about_person("P-A", page.next).rows == (mine[0],)
    assert queries.about_person("P-C").rows == ()


def test_readers_go_on_where_they_stopped(write: Callable[..., Event]) -> None:
    made = [write() for _ in range(5)]
    assert queries.since(0) == []
    sequence(3)
    assert [event.id for event in queries.since(0)] == [event.id for event in made[:3]]
    sequence()
    assert [event.seq for event in queries.since(3, limit=1)] == [3]
    assert [event.seq for event in queries.since(0)] == [0, 1, 2, 3, 4]
    assert queries.size() == 5


def test_personal_data_is_kept_encrypted_and_can_be_forgotten(write: Callable[..., Event]) -> None:
    event = write(personal={"name": "Ana Ilves", "born": "1980-01-02"})
    kept = PersonalData.objects.get(event=event)
    assert b"Ana" not in bytes(kept.ciphertext)
    assert queries.personal(event) == {"name": "Ana Ilves", "born": "1980-01-02"}
    assert "Ana" not in json.dumps(to_cloudevent(event))

    erasure = erase_personal(SYSTEM, event.id, "asked for by the person")
    assert queries.personal(event) is None
    assert not PersonalData.objects.exists()
    assert not PersonalKey.objects.exists()
    assert (erasure.type, erasure.subject) == ("journal.personal-erased.v1", f"event:{event.id}")
    with pytest.raises(Refused) as refusal:
        erase_personal(SYSTEM, event.id, "again")
    assert refusal.value.code == "nothing-to-erase"
    with pytest.raises(ValueError, match="reason"):
        erase_personal(SYSTEM, event.id, " ")


def test_personal_data_is_encrypted_by_the_suite_in_force_and_outlives_a_change_of_it(
    write: Callable[..., Event], settings: Any
) -> None:
    kept = {}
    for suite, cipher in (("international", AESGCM), ("sm", lambda key: SM4(key))):
        settings.CRYPTO_SUITE = suite
        kept[suite] = write(personal={"name": f"Ana of {suite}"})
        key = bytes(PersonalKey.objects.get(event=kept[suite]).key)
        assert cipher(key) is not None, "the key is one of this cipher"
    sm = PersonalData.objects.get(event=kept["sm"])
    opened = Cipher(SM4(bytes(PersonalKey.objects.get(event=kept["sm"]).key)), modes.GCM(bytes(sm.nonce))).decryptor()
    opened.authenticate_additional_data(kept["sm"].id.bytes)
    assert b"Ana of sm" in opened.update(bytes(sm.ciphertext)[:-16])
    for suite, event in kept.items():
        assert queries.personal(event) == {"name": f"Ana of {suite}"}


def test_the_commitment_of_equal_data_differs(write: Callable[..., Event]) -> None:
    first, second = write(personal={"name": "Ana"}), write(personal={"name": "Ana"})
    assert first.personal_digest != second.personal_digest, "or one could guess names"


def test_an_unknown_event_has_no_proof() -> None:
    for unknown in ("nonsense", "01950000-0000-7000-8000-000000000000"):
        with pytest.raises(NotAllowed):
            queries.proof(unknown)


def test_a_subjects_history_reveals_what_is_personal(write: Callable[..., Event]) -> None:
    write("case:1", personal={"note": "old"})
    write("case:2", personal={"note": "forgotten"})
    write("case:3", personal={"note": "another story"})
    newest = write("case:1")
    erase_personal(SYSTEM, Event.objects.get(subject="case:2").id, "asked for")
    page = queries.history(["case:1", "case:2"], limit=2)
    assert (page.rows[0].id, page.rows[0].subject, page.rows[0].personal) == (newest.id, "case:1", None)
    assert [row.personal for row in (*page.rows, *queries.history(["case:1", "case:2"], page.next).rows)] == [
        None, None, {"note": "old"},
    ]  # fmt: skip
    assert [row.subject for row in queries.history("case:3").rows] == ["case:3"]


def test_several_events_of_one_act_are_recorded_together(django_assert_num_queries: Any) -> None:
    acts = [
        Act("test.seen.v1", "case:1", {"n": 1}, {"note": "x"}, ["P-A", "P-B"]),
        Act("test.heard.v1", "case:2", {"n": 2}, {"note": "y"}),
        Act("test.seen.v1", "case:3", {}),
    ]
    with django_assert_num_queries(4):
        made = record_many(SYSTEM, acts)
    assert [event.subject for event in Event.objects.order_by("id")] == ["case:1", "case:2", "case:3"]
    assert [queries.personal(event) for event in made] == [{"note": "x"}, {"note": "y"}, None]
    assert record_many(SYSTEM, []) == []


def test_one_event_and_the_newest_checkpoint(write: Callable[..., Event]) -> None:
    assert queries.checkpoint() is None
    event = write()
    sequence()
    assert queries.event(str(event.id)) == event
    newest = queries.checkpoint()
    assert newest is not None
    assert newest.note.splitlines()[:2] == ["commonweal.local/journal", "1"]
    with pytest.raises(NotAllowed):
        queries.event("x\x00")
    assert queries.events(subject="case:\x001", type_prefix="test").rows == (event,)
