"""A signed code in hostile hands: no bit of it can be changed, no part cut off or exchanged, and it stays genuine."""

from __future__ import annotations

from base64 import b32decode, b32encode
from itertools import product
from typing import Any

import pytest
from fido2 import cbor
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.office.certificates import compact
from commonweal.office.certificates.jose import Malformed
from tests.unit.certificates.made import code, judged_code
from tests.unit.certificates.wallet import Key

pytestmark = pytest.mark.hostile
MANY = settings(max_examples=400, deadline=None, derandomize=True)
KEY = Key()
TRUE = code(KEY)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
START = TRUE.index("/V/") + 3
BAD = {"forged", "foreign", "unreadable"}


def body_of(text: str) -> bytes:
    last = text.rpartition("/")[2]
    return b32decode(last + "=" * (-len(last) % 8))


def text_of(body: bytes) -> str:
    return f"HTTPS://PONDLAND.EXAMPLE/V/{b32encode(body).decode().rstrip('=')}"


BODY = body_of(TRUE)


def outcome(text: str) -> str:
    """What the judge says; `compact.read` itself may only read it or say Malformed."""
    try:
        compact.read(text, [KEY.spki])
    except Malformed:
        assert judged_code(text, KEY).outcome == "unreadable"
    return judged_code(text, KEY).outcome


def test_the_true_one_is_genuine() -> None:
    assert outcome(TRUE) == outcome(text_of(BODY)) == "genuine"


def test_no_bit_can_be_changed() -> None:
    for at, bit in product(range(len(BODY)), range(8)):
        changed = BODY[:at] + bytes([BODY[at] ^ 1 << bit]) + BODY[at + 1 :]
        assert outcome(text_of(changed)) in BAD, (at, bit)


def test_no_letter_can_be_changed() -> None:
    """Also the last one, some bits of which stand for nothing."""
    for at in range(START, len(TRUE)):
        for letter in {*LETTERS[at % 7 :: 7], LETTERS[LETTERS.index(TRUE[at]) ^ 1]} - {TRUE[at]}:
            assert outcome(TRUE[:at] + letter + TRUE[at + 1 :]) in BAD, (at, letter)


def test_it_can_be_cut_nowhere() -> None:
    for at in range(len(TRUE)):
        assert outcome(TRUE[:at]) in BAD, at
    for at in range(len(BODY)):
        assert outcome(text_of(BODY[:at])) in BAD, at
        assert outcome(text_of(BODY[at + 1 :])) in BAD, at


def test_parts_of_two_codes_do_not_make_a_third() -> None:
    """Header, content and signature of three codes, one by a forger: only those that belong together are genuine."""
    codes = [TRUE, code(KEY, number="MP00002", holder="B Holder"), code(Key(), number="MP00003")]
    parts = [cbor.decode(body_of(each)) for each in codes]
    for head, content, signature in product(range(3), repeat=3):
        mixed = cbor.encode([parts[head][0], {}, parts[content][2], parts[signature][3]])
        expected = "genuine" if content == signature != 2 else "forged"
        assert outcome(text_of(mixed)) == expected, (head, content, signature)


@MANY
@given(at=st.integers(0, len(BODY)), length=st.integers(0, 60), content=st.binary(max_size=60))
def test_bytes_put_in_or_over_are_named(at: int, length: int, content: bytes) -> None:
    changed = BODY[:at] + content + BODY[at + length :]
    assert changed == BODY or outcome(text_of(changed)) in BAD


ITEMS: Any = st.recursive(
    st.integers(-(1 << 63), (1 << 63) - 1) | st.booleans() | st.binary(max_size=20) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.integers(-8, 8) | st.text(max_size=3), inner),
    max_leaves=10,
)


@MANY
@given(header=ITEMS, content=ITEMS)
def test_anything_signed_is_answered(header: Any, content: Any) -> None:
    """Even from a key of ours: content that is no certificate never becomes one."""
    protected, payload = cbor.encode(header), cbor.encode(content)
    signature = KEY.sign(cbor.encode(["Signature1", protected, b"", payload]))
    assert outcome(text_of(cbor.encode([protected, {}, payload, signature]))) == "unreadable"


@MANY
@given(body=ITEMS.map(cbor.encode) | st.binary(max_size=400) | st.binary(max_size=60).map(lambda more: BODY[:3] + more))
def test_any_bytes_in_a_code_are_answered(body: bytes) -> None:
    assert outcome(text_of(body)) in BAD


@MANY
@given(
    text=st.text(max_size=300) | st.text(LETTERS, min_size=40, max_size=300) | st.text().map(lambda more: TRUE + more)
)
def test_any_text_is_answered(text: str) -> None:
    assert outcome(text) in BAD or "".join(text.split()).upper() == TRUE


@pytest.mark.parametrize(
    "head", [b"\x9b" + b"\xff" * 8, b"\x81" * 900, b"\xa1" * 900, b"\xbb\x7f" + b"\xff" * 7, b"\xc1"]
)
def test_lengths_and_depths_that_nobody_means_are_answered(head: bytes) -> None:
    assert outcome(text_of(head + bytes(60))) == "unreadable"
