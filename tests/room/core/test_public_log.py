"""The record's tree as anybody may read it, and witnesses who remember it: recomputed here without our own code."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pymerkle
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction
from django.test import Client

from commonweal.core import clock
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.journal import checkpoints, tiles, witnessing
from commonweal.core.journal.actions import record, sequence
from commonweal.core.journal.models import Cosignature, WitnessedLog
from commonweal.core.trust import keys, notes
from commonweal.core.trust.algorithms import ML_DSA

pytestmark = [pytest.mark.room, pytest.mark.django_db(transaction=True)]


def write(count: int, start: int = 0) -> None:
    with transaction.atomic():
        for number in range(start, start + count):
            record(SYSTEM, "test.thing-happened.v1", f"thing:T-{number}", {"number": number})
    sequence()


@pytest.fixture
def site() -> Client:
    return Client()


def head(site: Client) -> tuple[int, bytes, str]:
    note = site.get("/log/checkpoint").content.decode()
    _, size, root = note.split("\n")[:3]
    return int(size), base64.b64decode(root), note


def leaves(site: Client, size: int) -> list[bytes]:
    """Every leaf hash, read from tiles as any monitor would."""
    found = b""
    for number in range(-(-size // 256)):
        width = min(256, size - 256 * number)
        path = f"{number:03}" if width == 256 else f"{number:03}.p/{width}"
        answer = site.get(f"/log/tile/0/{path}")
        assert answer.status_code == 200, path
        found += answer.content
    return [found[at : at + 32] for at in range(0, len(found), 32)]


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def rooted(hashes: list[bytes]) -> bytes:
    """RFC 9162 2.1.1, written again from its text."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node(rooted(hashes[:split]), rooted(hashes[split:]))


def test_a_monitor_recomputes_the_signed_root_from_tiles(site: Client) -> None:
    write(300)
    size, root, note = head(site)
    assert size == 300
    found = leaves(site, size)
    assert rooted(found) == root
    upper = site.get("/log/tile/1/000.p/1").content
    assert upper == rooted(found[:256]), "a tile above holds the roots of those below"
    key = checkpoints.verifiers()[-1]
    text, _, below = note.partition("\n\n")
    line = base64.b64decode(below.split("\n")[0].split(" ")[2])
    Ed25519PublicKey.from_public_bytes(key.public).verify(line[4:], (text + "\n").encode())


def test_full_tiles_may_be_kept_for_ever_and_others_not(site: Client) -> None:
    write(257)
    assert "immutable" in site.get("/log/tile/0/000").headers["Cache-Control"]
    assert "immutable" not in site.get("/log/tile/0/001.p/1").headers["Cache-Control"]
    for absent in (
        "0/001",
        "0/002.p/1",
        "0/001.p/2",
        "0/000.p/0",
        "0/000.p/256",
        "0/x000/001",
        "0/1",
        "9/000",
        "0/entries",
    ):
        assert site.get(f"/log/tile/{absent}").status_code == 404, absent


def test_proofs_over_http_are_those_of_another_library(site: Client) -> None:
    write(40)
    _, root, _ = head(site)
    peer = pymerkle.InmemoryTree(algorithm="sha256")
    from commonweal.core.journal.canonical import leaf_bytes
    from commonweal.core.journal.queries import since

    for event in since(0):
        peer.append(leaf_bytes(event))
    assert peer.get_state() == root
    told = site.get("/log/proof/inclusion", {"index": 17}).json()
    assert [bytes.fromhex(each) for each in (told["leaf"], *told["path"])] == peer.prove_inclusion(18).path
    between = site.get("/log/proof/consistency", {"old": 13}).json()
    assert (between["old_root"], between["root"]) == (peer.get_state(13).hex(), root.hex())
    for wrong in ("?index=40", "?index=-1", "?index=x", "?index=1&size=41", "?index=0&size=0"):
        assert site.get(f"/log/proof/inclusion{wrong}").status_code == 422, wrong


def test_a_second_algorithm_signs_every_checkpoint_and_old_readers_pass_over_it(site: Client) -> None:
    write(3)
    note = site.get("/log/checkpoint").content.decode()
    (key,) = keys.public_keys(checkpoints.KEY, ML_DSA)
    assert notes.signed_also(note, checkpoints.origin(), ML_DSA, key.spki)
    assert not notes.signed_also(note.replace("\n3\n", "\n4\n"), checkpoints.origin(), ML_DSA, key.spki)
    assert checkpoints.read(note, checkpoints.verifiers()[-1]).size == 3


@pytest.fixture
def other(settings: Any) -> Callable[[int], str]:
    """Another record that we witness: its checkpoint at a size, signed with a key we know."""
    hashes = [hashlib.sha256(bytes([number])).digest() for number in range(30)]
    purpose = "another-log"
    known = notes.verifiers(purpose, "elsewhere/journal")[-1]
    settings.WITNESS_LOGS = (str(known),)

    def note(size: int, fork: bool = False) -> str:
        mine = [*hashes[: size - 1], hashlib.sha256(b"fork").digest()] if fork else hashes[:size]
        text = f"elsewhere/journal\n{size}\n{base64.b64encode(rooted(mine)).decode()}\n"
        return notes.write(purpose, "elsewhere/journal", text)

    note.hashes = hashes  # type: ignore[attr-defined]
    return note


def proof(hashes: list[bytes], old: int, size: int) -> list[str]:
    """RFC 9162 2.1.4.1, written again from its text."""

    def sub(m: int, part: list[bytes], whole: bool) -> list[bytes]:
        if m == len(part):
            return [] if whole else [rooted(part)]
        k = 1
        while k * 2 < len(part):
            k *= 2
        if m <= k:
            return [*sub(m, part[:k], whole), rooted(part[k:])]
        return [*sub(m - k, part[k:], False), rooted(part[:k])]

    return [base64.b64encode(each).decode() for each in sub(old, hashes[:size], True)]


def ask(site: Client, old: int, lines: list[str], note: str) -> Any:
    body = "\n".join([f"old {old}", *lines, "", note])
    return site.post("/log/witness/add-checkpoint", body.encode(), content_type="text/plain")


def test_a_witness_signs_what_continues_and_remembers(site: Client, other: Any) -> None:
    first = ask(site, 0, [], other(7))
    assert first.status_code == 200
    assert notes.cosigned(other(7), first.content.decode(), witnessing.verifier()) is not None
    grown = ask(site, 7, proof(other.hashes, 7, 20), other(20))
    assert grown.status_code == 200
    assert WitnessedLog.objects.get().size == 20


def test_a_witness_refuses_what_goes_back_forks_or_is_not_signed(site: Client, other: Any) -> None:
    ask(site, 0, [], other(20))
    back = ask(site, 0, [], other(7))
    assert (back.status_code, back.content) == (409, b"20\n")
    assert ask(site, 20, [], other(20, fork=True)).status_code == 409
    assert ask(site, 20, proof(other.hashes, 20, 25), other(25, fork=True)).status_code == 422
    forged = other(25).replace("\n25\n", "\n26\n")
    assert ask(site, 20, [], forged).status_code == 403
    assert ask(site, 0, [], other(7).replace("elsewhere", "nowhere")).status_code == 404
    for body in (b"", b"old x\n\nnote", b"old 1\nzz!\n\nnote", b"\xff\xfe"):
        assert site.post("/log/witness/add-checkpoint", body, content_type="text/plain").status_code == 400
    assert WitnessedLog.objects.get().size == 20


def test_an_older_database_put_in_place_is_named_by_what_somebody_kept(site: Client) -> None:
    write(12)
    kept = site.get("/log/checkpoint").content.decode()
    assert tiles.against(kept) is None
    write(5, 12)
    assert tiles.against(kept) is None
    later = site.get("/log/checkpoint").content.decode()
    with connection.cursor() as cursor:  # as if the database of yesterday had been put in place
        from commonweal.core.journal import triggers

        triggers.remove(connection)
        cursor.execute("DELETE FROM journal_checkpoint WHERE size > 12")
        triggers.install(connection)
    told = tiles.against(later)
    assert told is not None
    assert told.startswith("rolled-back: the record had 17 entries")
    with pytest.raises(notes.BadNote):
        tiles.against(later.replace("\n17\n", "\n18\n"))


def test_the_worker_collects_what_witnesses_sign(site: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write(4)
    settings.WITNESSES = ((str(witnessing.verifier()), "https://witness.example/add-checkpoint"),)
    settings.WITNESS_LOGS = (str(checkpoints.verifiers()[-1]),)

    class Posted:
        def __init__(self, address: str, data: bytes, **_: Any) -> None:
            answer = Client().post("/log/witness/add-checkpoint", data, content_type="text/plain")
            self.status_code, self.text = answer.status_code, answer.content.decode()

    monkeypatch.setattr("requests.post", Posted)
    assert witnessing.ask_witnesses() == 1
    assert witnessing.ask_witnesses() == 0
    write(3, 4)
    assert witnessing.ask_witnesses() == 1
    assert Cosignature.objects.count() == 2
    note = site.get("/log/checkpoint").content.decode()
    line = note.strip().split("\n")[-1]
    assert notes.cosigned(note, line, witnessing.verifier()) is not None
    assert witnessing.remembered() is None


def elsewhere(settings: Any, monkeypatch: pytest.MonkeyPatch) -> WitnessedLog:
    """We are our own witness over the real address; what it remembers."""
    settings.WITNESSES = ((str(witnessing.verifier()), "https://witness.example/add-checkpoint"),)
    settings.WITNESS_LOGS = (str(checkpoints.verifiers()[-1]),)

    class Posted:
        def __init__(self, address: str, data: bytes, **_: Any) -> None:
            answer = Client().post("/log/witness/add-checkpoint", data, content_type="text/plain")
            self.status_code, self.text = answer.status_code, answer.content.decode()

    monkeypatch.setattr("requests.post", Posted)
    witnessing.ask_witnesses()
    return WitnessedLog.objects.get()


def put_back(size: int) -> None:
    """As if the database of when the record had `size` entries had been put in place."""
    from commonweal.core.journal import triggers

    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_cosignature")
        cursor.execute("DELETE FROM journal_checkpoint WHERE size > %s", [size])
        cursor.execute("DELETE FROM journal_node")
        cursor.execute("DELETE FROM journal_event")
    triggers.install(connection)


def test_a_database_put_back_that_has_grown_again_is_named(
    site: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write(7)
    assert elsewhere(settings, monkeypatch).size == 7
    put_back(0)
    told = witnessing.remembered()
    assert told is not None
    assert told.startswith("rolled-back:"), "even with nothing left"
    write(9, 100)
    told = witnessing.remembered()
    assert told is not None
    assert told.startswith("rewritten: the first 7 entries"), "larger than what the witness saw, and another record"
    assert witnessing.ask_witnesses() == 0
    assert "rewritten: the witness" in caplog.text
    assert WitnessedLog.objects.get().size == 7


def test_as_many_entries_as_the_witness_saw_but_others_are_named(
    site: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(7)
    elsewhere(settings, monkeypatch)
    assert witnessing.remembered() is None
    put_back(0)
    write(7, 100)
    assert (witnessing.remembered() or "").startswith("rewritten:")


def test_a_witness_whose_clock_is_wrong_or_whose_key_is_another_is_named(
    site: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write(3)
    elsewhere(settings, monkeypatch)
    write(3, 3)
    with clock.travel(clock.now() + timedelta(hours=2)):
        line = notes.cosign(witnessing.KEY, witnessing.name(), checkpoints.text_of(head(site)[2]), clock.now())

    class Late:
        status_code = 200

        def __init__(self, *_: Any, **__: Any) -> None:
            self.text = line

    monkeypatch.setattr("requests.post", Late)
    assert witnessing.ask_witnesses() == 1
    assert "clock-skew: the witness" in caplog.text
    write(1, 6)
    assert witnessing.ask_witnesses() == 0, "a signature under another checkpoint is none"
    assert "does not fit" in caplog.text


@pytest.mark.parametrize(
    "path",
    [
        "x001/" * 1500 + "000",
        "x" * 9000,
        "000.p/\u0665",
        "\u0660\u0660\u0660",
        "x999/" * 6 + "999",
        "000.p/0001",
        "../keys",
    ],
)
def test_a_tile_that_cannot_be_is_simply_not_there(site: Client, path: str) -> None:
    write(2)
    assert site.get(f"/log/tile/0/{path}").status_code == 404


@pytest.mark.parametrize("level", ["9" * 5000, "99", "-1", "x"])
def test_a_level_that_cannot_be_is_simply_not_there(site: Client, level: str) -> None:
    assert site.get(f"/log/tile/{level}/000").status_code == 404


def test_a_record_whose_hashes_are_gone_says_so(site: Client) -> None:
    from commonweal.core.journal import triggers

    write(9)
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_node")
    triggers.install(connection)
    for asked in ("inclusion?index=3", "consistency?old=4"):
        answer = site.get(f"/log/proof/{asked}")
        assert answer.status_code == 503
        assert answer.json()["title"].startswith("tree-damaged")
    assert site.get("/log/tile/0/000.p/9").status_code == 404
