"""The text of a QR code: it says back what was written, to whoever has the key, and in one spelling only."""

from __future__ import annotations

from base64 import b32decode, b32encode

import pytest
from fido2 import cbor

from commonweal.office.certificates import compact
from commonweal.office.certificates.jose import Malformed
from tests.unit.certificates.made import ISSUER, SAID, code
from tests.unit.certificates.wallet import Key

KEY = Key()


def bytes_of(text: str) -> bytes:
    last = text.rpartition("/")[2]
    return b32decode(last + "=" * (-len(last) % 8))


def text_of(body: bytes) -> str:
    return f"/V/{b32encode(body).decode().rstrip('=')}"


@pytest.mark.parametrize("expires", [None, SAID.expires, 0, (1 << 40) - 1])
@pytest.mark.parametrize("holder", ["", "A Holder", "持证人"])
def test_what_was_written_is_read(expires: int | None, holder: str) -> None:
    said, signed = compact.read(code(KEY, expires=expires, holder=holder), [KEY.spki])
    assert signed
    assert (said.expires, said.holder, said.number, said.list, said.index) == (expires, holder, "MP00001", 1, 7)
    assert said.issuer == ISSUER


def test_it_is_an_address_in_the_letters_a_code_packs_closest() -> None:
    text = code(KEY)
    assert text.startswith("HTTPS://PONDLAND.EXAMPLE/V/")
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert len(text) < 400, "a phone reads it from paper"


def test_the_key_of_somebody_else_did_not_sign_it() -> None:
    said, signed = compact.read(code(Key()), [KEY.spki])
    assert not signed
    assert said == SAID


def test_an_older_key_still_counts() -> None:
    newer = Key()
    assert compact.read(code(KEY), [KEY.spki, newer.spki])[1]
    assert compact.read(code(KEY), [newer.spki, KEY.spki])[1]


def test_no_key_at_all_signs_nothing() -> None:
    assert not compact.read(code(KEY), [])[1]


def test_what_a_typist_or_an_application_does_to_it_is_put_right() -> None:
    text = code(KEY)
    last = text.rpartition("/")[2]
    for spelt in (text.lower(), f"  {text}\n", "\n".join(text[at : at + 40] for at in range(0, len(text), 40)), last):
        assert compact.recognises(spelt)
        assert compact.read(spelt, [KEY.spki]) == (SAID, True)


def test_only_one_spelling_is_read() -> None:
    """The unsigned header, the spare bits of the last letter and a longer length could say the same otherwise."""
    protected, _, payload, signature = cbor.decode(bytes_of(code(KEY)))
    usual = cbor.encode([protected, {}, payload, signature])
    assert compact.read(text_of(usual), [KEY.spki])[1]
    others = [
        cbor.encode([protected, {4: b"x"}, payload, signature]),
        cbor.encode([protected, [], payload, signature]),
        b"\x98\x04" + usual[1:],
        usual + b"\x00",
    ]
    for other in others:
        with pytest.raises(Malformed):
            compact.read(text_of(other), [KEY.spki])


def test_another_algorithm_is_not_believed() -> None:
    """A header that names another kind of signature signs nothing, though key and signature fit."""
    payload = cbor.decode(bytes_of(code(KEY)))[2]
    protected = cbor.encode({1: -8, 4: b"12345678"})
    signature = KEY.sign(cbor.encode(["Signature1", protected, b"", payload]))
    body = text_of(cbor.encode([protected, {}, payload, signature]))
    assert compact.read(body, [KEY.spki]) == (SAID, False)


@pytest.mark.parametrize(
    "claims",
    [
        7, [], {}, {1: "x"}, "text",
        {1: ISSUER, 2: "MP1", 6: True, -70001: "", -70002: "", -70003: "", -70004: 1, -70005: 1, -70006: 1},
        {1: ISSUER, 2: "MP1", 6: -1, -70001: "", -70002: "", -70003: "", -70004: 1, -70005: 1, -70006: 1},
        {1: ISSUER, 2: "MP1", 6: 1 << 40, -70001: "", -70002: "", -70003: "", -70004: 1, -70005: 1, -70006: 1},
        {1: ISSUER, 2: 1, 6: 1, -70001: "", -70002: "", -70003: "", -70004: 1, -70005: 1, -70006: 1},
        {1: ISSUER, 2: "MP1", 4: "x", 6: 1, -70001: "", -70002: "", -70003: "", -70004: 1, -70005: 1, -70006: 1},
    ],
)  # fmt: skip
def test_what_says_something_else_is_no_certificate_although_it_is_signed(claims: object) -> None:
    protected, payload = cbor.encode({1: -7, 4: b"12345678"}), cbor.encode(claims)  # type: ignore[arg-type]
    signature = KEY.sign(cbor.encode(["Signature1", protected, b"", payload]))
    with pytest.raises(Malformed, match=r"does not say|is not a signed"):
        compact.read(text_of(cbor.encode([protected, {}, payload, signature])), [KEY.spki])


@pytest.mark.parametrize("text", ["", "/V/", "HTTPS://X/V/AAAA", "/V/" + "A" * 5000, "/V/" + "1" * 80, "MP00001"])
def test_what_is_no_code_is_not_recognised(text: str) -> None:
    assert not compact.recognises(text)
    with pytest.raises(Malformed):
        compact.read(text, [KEY.spki])
