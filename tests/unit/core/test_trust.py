"""Keys in files, and signed notes."""

from __future__ import annotations

import base64
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from commonweal.core.trust import keys, notes
from commonweal.core.trust.adapters.files import FileKeyStore
from commonweal.core.trust.ports import KeyProblem


@pytest.fixture(autouse=True)
def _keys(settings: Any, tmp_path: Path) -> None:
    settings.KEYS_ROOT = tmp_path / "keys"


def test_a_key_is_made_on_first_use_for_its_owner_only(tmp_path: Path) -> None:
    signature = keys.sign("seal", b"hello")
    assert keys.verify("seal", b"hello", signature)
    assert not keys.verify("seal", b"hullo", signature)
    assert not keys.verify("other", b"hello", signature), "purposes never share a key"
    path = tmp_path / "keys" / "seal" / "0001.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.read_text().startswith("-----BEGIN PRIVATE KEY-----")


def test_public_keys_can_be_read_by_any_library() -> None:
    signature = keys.sign("seal", b"hello")
    (public,) = keys.public_keys("seal")
    load_pem_public_key(public.pem.encode()).verify(signature.bytes, b"hello")  # type: ignore[union-attr, call-arg]


def test_what_an_old_key_signed_still_verifies() -> None:
    before = keys.sign("seal", b"hello")
    code = keys.seal("seal", b"hello")
    fresh = keys.rotate("seal")
    after = keys.sign("seal", b"hello")
    assert (before.key_id, after.key_id) == (keys.public_keys("seal")[0].id, fresh.id)
    assert keys.verify("seal", b"hello", before)
    assert keys.verify("seal", b"hello", after)
    assert keys.unbroken("seal", b"hello", code)
    assert keys.seal("seal", b"hello") != code


def test_a_rotation_by_another_process_is_seen(tmp_path: Path) -> None:
    mine, theirs = FileKeyStore(tmp_path / "keys"), FileKeyStore(tmp_path / "keys")
    first = mine.sign("seal", b"x").key_id
    assert theirs.sign("seal", b"x").key_id == first
    theirs.rotate("seal")
    assert mine.sign("seal", b"x").key_id != first


def test_many_at_once_agree_on_one_first_key(tmp_path: Path) -> None:
    made: list[str] = []
    gate = threading.Barrier(8)

    def meet() -> None:
        store = FileKeyStore(tmp_path / "shared")
        gate.wait()
        made.append(store.sign("seal", b"x").key_id)

    threads = [threading.Thread(target=meet) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1
    assert sorted(path.name for path in (tmp_path / "shared" / "seal").iterdir()) == ["0001.pem"]


def test_a_seal_is_not_to_be_forged() -> None:
    code = keys.seal("seal", b"hello")
    assert keys.unbroken("seal", b"hello", code)
    assert not keys.unbroken("seal", b"hullo", code)
    for spoilt in (b"", b"\x00", code[:-1], code + b"\x00", b"\x00\x09" + code[2:]):
        assert not keys.unbroken("seal", b"hello", spoilt)


def test_a_key_others_can_read_is_refused_with_what_to_do(tmp_path: Path) -> None:
    keys.sign("seal", b"x")
    path = tmp_path / "keys" / "seal" / "0001.pem"
    path.chmod(0o644)
    with pytest.raises(KeyProblem, match=r"chmod 600 .*0001\.pem"):
        FileKeyStore(tmp_path / "keys").sign("seal", b"x")


def test_a_damaged_key_is_named(tmp_path: Path) -> None:
    keys.sign("seal", b"x")
    path = tmp_path / "keys" / "seal" / "0001.pem"
    path.write_text("nonsense")
    with pytest.raises(KeyProblem, match=r"0001\.pem is damaged"):
        FileKeyStore(tmp_path / "keys").sign("seal", b"x")


@pytest.mark.parametrize("purpose", ["../seal", "", "a/b", "."])
def test_a_purpose_is_a_plain_name(purpose: str) -> None:
    with pytest.raises(KeyProblem, match="no name for a key"):
        keys.sign(purpose, b"x")


TEXT = "example.com/log\n3\nAAAA\n"


def test_a_note_can_be_read_by_who_knows_the_key() -> None:
    note = notes.write("log", "example.com/log", TEXT)
    (verifier,) = notes.verifiers("log", "example.com/log")
    assert notes.read(note, verifier) == TEXT
    assert notes.read(note, notes.Verifier.parse(str(verifier))) == TEXT
    assert note.startswith(TEXT + "\n\u2014 example.com/log ")


def test_the_published_example_verifies() -> None:
    """The note and key printed in the signed-note specification of Go's sumdb."""
    key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    signed = (
        text + "\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotp"
        "RZb6KE6RyyBwJnAM=\n"
    )
    assert notes.read(signed, notes.Verifier.parse(key)) == text


def test_a_changed_note_and_a_foreign_key_are_refused() -> None:
    note = notes.write("log", "example.com/log", TEXT)
    (verifier,) = notes.verifiers("log", "example.com/log")
    with pytest.raises(notes.BadNote, match="does not fit"):
        notes.read(note.replace("\n3\n", "\n4\n"), verifier)
    (stranger,) = notes.verifiers("other", "example.com/log")
    with pytest.raises(notes.BadNote, match="no known key"):
        notes.read(note, stranger)


def test_signatures_by_others_are_passed_over() -> None:
    note = notes.write("log", "example.com/log", TEXT)
    witness = f"\u2014 witness.example {base64.b64encode(bytes(80)).decode()}\n"
    (verifier,) = notes.verifiers("log", "example.com/log")
    assert notes.read(note + witness, verifier) == TEXT
    assert notes.signer_names(note + witness) == ("example.com/log", "witness.example")


@pytest.mark.parametrize(
    "broken",
    ["", "text", "text\n", "text\n\n", "text\n\nno dash\n", "text\n\n\u2014 a !!\n", "text\n\n\u2014 a AAAA\n"],
)
def test_what_is_no_note_is_refused(broken: str) -> None:
    with pytest.raises(notes.BadNote):
        notes.read(broken, *notes.verifiers("log", "a"))


@pytest.mark.parametrize("broken", ["", "a+b", "a+00000000+AAAA", "a+00000000+" + "A" * 44, "+x+y"])
def test_what_is_no_verifier_key_is_refused(broken: str) -> None:
    with pytest.raises(notes.BadNote):
        notes.Verifier.parse(broken)


def test_a_note_needs_a_proper_name_and_text() -> None:
    with pytest.raises(notes.BadNote, match="newline"):
        notes.write("log", "a", "text")
    with pytest.raises(notes.BadNote, match="spaces"):
        notes.write("log", "a b", "text\n")
