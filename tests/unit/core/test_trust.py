"""Keys in files, and signed notes."""

from __future__ import annotations

import base64
import hmac
import shutil
import stat
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_public_key,
)
from django.conf import settings

from commonweal.core.trust import algorithms, keys, notes, suites
from commonweal.core.trust.adapters.files import FileKeyStore
from commonweal.core.trust.adapters.keyring import Keyring, made_passphrase
from commonweal.core.trust.ports import KeyProblem


@pytest.fixture(autouse=True)
def _keys(settings: Any, tmp_path: Path) -> None:
    settings.KEYS_ROOT = tmp_path / "keys"


def _store(root: Path, passphrase: str = "") -> FileKeyStore:
    return FileKeyStore(root, Keyring(root, passphrase or settings.KEYS_PASSPHRASE))


def test_a_key_is_made_on_first_use_for_its_owner_only(tmp_path: Path) -> None:
    signature = keys.sign("seal", b"hello")
    assert keys.verify("seal", b"hello", signature)
    assert not keys.verify("seal", b"hullo", signature)
    assert not keys.verify("other", b"hello", signature), "purposes never share a key"
    path = tmp_path / "keys" / "seal" / "0001.ed25519"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


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
    mine, theirs = _store(tmp_path / "keys"), _store(tmp_path / "keys")
    first = mine.sign("seal", b"x").key_id
    assert theirs.sign("seal", b"x").key_id == first
    theirs.rotate("seal")
    assert mine.sign("seal", b"x").key_id != first


def test_many_at_once_agree_on_one_first_key(tmp_path: Path) -> None:
    made: list[str] = []
    gate = threading.Barrier(8)

    def meet() -> None:
        store = _store(tmp_path / "shared")
        gate.wait()
        made.append(store.sign("seal", b"x").key_id)

    threads = [threading.Thread(target=meet) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1
    assert sorted(path.name for path in (tmp_path / "shared" / "seal").iterdir()) == ["0001.ed25519"]


def test_a_seal_is_not_to_be_forged() -> None:
    code = keys.seal("seal", b"hello")
    assert keys.unbroken("seal", b"hello", code)
    assert not keys.unbroken("seal", b"hullo", code)
    for spoilt in (b"", b"\x00", code[:-1], code + b"\x00", b"\x00\x09" + code[2:]):
        assert not keys.unbroken("seal", b"hello", spoilt)


def test_a_key_others_can_read_is_refused_with_what_to_do(tmp_path: Path) -> None:
    keys.sign("seal", b"x")
    path = tmp_path / "keys" / "seal" / "0001.ed25519"
    path.chmod(0o644)
    with pytest.raises(KeyProblem, match=r"chmod 600 .*0001\.ed25519"):
        _store(tmp_path / "keys").sign("seal", b"x")


def test_a_damaged_key_is_named(tmp_path: Path) -> None:
    keys.sign("seal", b"x")
    path = tmp_path / "keys" / "seal" / "0001.ed25519"
    path.write_text("nonsense")
    with pytest.raises(KeyProblem, match=r"0001\.ed25519 is damaged"):
        _store(tmp_path / "keys").sign("seal", b"x")


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


def test_a_copy_of_the_folder_opens_nothing_without_the_passphrase(tmp_path: Path) -> None:
    root = tmp_path / "keys"
    key = _store(root).sign("seal", b"x").key_id
    for path in root.rglob("*.*"):
        assert b"PRIVATE KEY" not in path.read_bytes()
    with pytest.raises(KeyProblem, match="passphrase does not open"):
        _store(root, "another").sign("seal", b"x")
    assert _store(root).sign("seal", b"x").key_id == key


@pytest.mark.parametrize("new", ["correct horse battery staple", made_passphrase()], ids=["chosen", "made"])
def test_the_passphrase_can_change_and_the_keys_stay(tmp_path: Path, new: str) -> None:
    root = tmp_path / "keys"
    key = _store(root).sign("seal", b"x").key_id
    Keyring(root, settings.KEYS_PASSPHRASE).change_passphrase(new)
    assert _store(root, new).sign("seal", b"x").key_id == key
    with pytest.raises(KeyProblem, match="passphrase does not open"):
        _store(root).sign("seal", b"x")


def test_a_key_file_moved_to_another_purpose_does_not_open(tmp_path: Path) -> None:
    root = tmp_path / "keys"
    _store(root).sign("seal", b"x")
    (root / "other").mkdir(mode=0o700)
    (root / "seal" / "0001.ed25519").rename(root / "other" / "0001.ed25519")
    with pytest.raises(KeyProblem, match=r"other/0001\.ed25519 is damaged"):
        _store(root).sign("other", b"x")


def test_plain_keys_of_earlier_installations_are_taken_over_and_encrypted(tmp_path: Path) -> None:
    folder = tmp_path / "keys" / "journal"
    folder.mkdir(parents=True, mode=0o700)
    plain = Ed25519PrivateKey.generate()
    text = plain.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for name, content in (("0001.pem", text), ("0001.secret", bytes(range(32)))):
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o600)
    signature = keys.sign("journal", b"x")
    plain.public_key().verify(signature.bytes, b"x")
    assert keys.seal("journal", b"x")[2:] == hmac.digest(bytes(range(32)), b"x", "sha256")
    assert not (folder / "0001.pem").exists()
    assert bytes(range(32)) not in (folder / "0001.secret").read_bytes()
    assert keys.verify("journal", b"x", signature)


@pytest.mark.parametrize("algorithm", algorithms.names())
def test_every_algorithm_signs_and_refuses_what_was_changed(algorithm: str) -> None:
    signature = keys.sign("seal", b"hello", algorithm)
    (public,) = keys.public_keys("seal", algorithm)
    assert keys.verify("seal", b"hello", signature)
    assert not keys.verify("seal", b"hullo", signature)
    check = algorithms.named(algorithm).verify
    for spoilt in (b"", signature.bytes[:-1], signature.bytes + b"0", bytes(len(signature.bytes))):
        assert not check(public.spki, b"hello", spoilt)
    for other in set(algorithms.names()) - {algorithm}:
        assert not algorithms.named(other).verify(public.spki, b"hello", signature.bytes)


def test_openssl_reads_sm2_keys_and_both_verify_each_other(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl program")
    private = algorithms.named("sm2").generate()
    key = algorithms.named("sm2").load(private)
    for name, content in (("k", private), ("p", key.public), ("m", b"hello"), ("s", key.sign(b"hello"))):
        (tmp_path / name).write_bytes(content)
    form = [openssl, "pkeyutl", "-keyform", "DER", "-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
    verify = [*form, "-verify", "-pubin", "-inkey", "p", "-in", "m", "-sigfile", "s"]
    assert b"Verified Successfully" in subprocess.run(verify, cwd=tmp_path, capture_output=True, check=True).stdout
    subprocess.run([*form, "-sign", "-inkey", "k", "-in", "m", "-out", "t"], cwd=tmp_path, check=True)
    assert algorithms.named("sm2").verify(key.public, b"hello", (tmp_path / "t").read_bytes())


def test_sm3_gives_the_digest_printed_in_its_standard() -> None:
    """GB/T 32905-2016, appendix A.1."""
    expected = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert suites.named("sm").digest(b"abc").hex() == expected


@pytest.mark.parametrize("suite", ["international", "sm"])
def test_what_is_encrypted_opens_only_in_its_place_and_whole(suite: str, settings: Any) -> None:
    settings.CRYPTO_SUITE = suite
    box = keys.encrypt("fields", "身份证".encode(), "person:P-1/number")
    assert keys.decrypt("fields", box, "person:P-1/number").decode() == "身份证"
    keys.rotate("fields")
    assert keys.decrypt("fields", box, "person:P-1/number").decode() == "身份证", "old boxes open after a rotation"
    with pytest.raises(suites.Broken):
        keys.decrypt("fields", box, "person:P-2/number")
    with pytest.raises(suites.Broken):
        keys.decrypt("other", box, "person:P-1/number")
    for place in range(len(box)):
        spoilt = box[:place] + bytes([box[place] ^ 1]) + box[place + 1 :]
        with pytest.raises(suites.Broken):
            keys.decrypt("fields", spoilt, "person:P-1/number")
    for length in range(len(box)):
        with pytest.raises(suites.Broken):
            keys.decrypt("fields", box[:length], "person:P-1/number")
    settings.CRYPTO_SUITE = {"international": "sm", "sm": "international"}[suite]
    assert keys.decrypt("fields", box, "person:P-1/number"), "a change of suite loses nothing"


def test_a_blind_index_finds_equal_values_across_rotations_only_in_one_purpose() -> None:
    before = keys.blind_index("fields", "330102199001011234")
    keys.seal("fields", b"x")
    keys.rotate("fields")
    assert keys.blind_index("fields", "330102199001011234") == before
    assert keys.blind_index("fields", "330102199001011235") != before
    assert keys.blind_index("other", "330102199001011234") != before


def test_a_retired_key_signs_what_belongs_to_its_own_time(tmp_path: Path) -> None:
    store = _store(tmp_path / "keys")
    before = store.public_keys("authority", "p256")[-1]
    store.rotate("authority", "p256")
    signature = store.sign("authority", b"a list of what it revoked", "p256", before.id)
    assert signature.key_id == before.id
    assert algorithms.named("p256").verify(before.spki, b"a list of what it revoked", signature.bytes)
    with pytest.raises(KeyProblem, match="restore"):
        store.sign("authority", b"anything", "p256", "0" * 16)
