"""Turns, marks, names and the check of a passkey's signature, without a database."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.office.signing.assertions import NotHeld, check, kept, text
from commonweal.office.signing.engine import Turn, complete, whose_turn
from commonweal.office.signing.spoken import aloud, short
from commonweal.office.signing.uploads import same_name
from tests.room.core.authenticator import SoftPasskey

DOCUMENT = hashlib.sha256(b"a document").digest()


def evidence(challenge: bytes = DOCUMENT, *, verifies: bool = True, origin: str = "http://localhost") -> dict[str, str]:
    from fido2 import cbor

    key = SoftPasskey(origin, verifies=verifies)
    answer = key.use({"publicKey": {"rpId": "localhost", "challenge": text(challenge)}})
    numbers = key.key.public_key().public_numbers()
    cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
    return kept(answer, cbor.encode(cose), "localhost", "http://localhost")


def test_a_signature_over_the_document_holds() -> None:
    assert check(evidence(), DOCUMENT) == "ES256"


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (evidence(hashlib.sha256(b"another").digest()), "other-document"),
        (evidence(verifies=False), "holder-not-checked"),
        (evidence(origin="https://evil.example"), "other-site"),
        (evidence() | {"relying_party": "evil.example"}, "other-site"),
        (evidence() | {"public_key": evidence()["public_key"]}, "wrong-signature"),
        (evidence() | {"public_key": ""}, "wrong-signature"),
        (evidence() | {"authenticator_data": "AAAA"}, "cut-short"),
        (evidence() | {"client_data": text(b"{}")}, "unreadable"),
        ({}, "unreadable"),
    ],
)
def test_anything_else_is_refused_by_name(made: dict[str, str], code: str) -> None:
    with pytest.raises(NotHeld) as refused:
        check(made, DOCUMENT)
    assert refused.value.code == code


@given(st.sampled_from(["client_data", "authenticator_data", "signature"]), st.integers(0, 10_000), st.integers(1, 255))
def test_no_changed_byte_goes_through(part: str, at: int, change: int) -> None:
    from commonweal.office.signing.assertions import binary

    made = evidence()
    content = bytearray(binary(made, part))
    content[at % len(content)] ^= change
    with pytest.raises(NotHeld):
        check(made | {part: text(bytes(content))}, DOCUMENT)


def test_turns() -> None:
    first, second = Turn(1, "waiting"), Turn(2, "waiting")
    assert whose_turn([first, second], "parallel") == {1, 2}
    assert whose_turn([first, second], "sequence") == {1}
    assert whose_turn([Turn(1, "signed"), second], "sequence") == {2}
    assert whose_turn([Turn(1, "declined"), second], "parallel") == frozenset()
    assert complete([Turn(1, "signed"), Turn(2, "signed")])
    assert not complete([])


def test_a_mark_is_seen_and_heard() -> None:
    assert short("3f9a04c1" + "0" * 56) == "3F9A 04C1"
    assert aloud("3f9a04c1" + "0" * 56, "en") == "three Foxtrot nine Alfa, zero four Charlie one"
    assert aloud("3f9a04c1" + "0" * 56, "zh-hans") == "三己九甲，零四丙一"


def test_names_match_in_any_order() -> None:
    assert same_name("DEMO, Mei", "Mei Demo")
    assert same_name("MEI DEMO 12345", "Mei Demo")
    assert not same_name("Mei Other", "Mei Demo")
    assert not same_name("Anything", "")
