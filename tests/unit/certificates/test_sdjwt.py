"""A credential: what its holder leaves out cannot be read or guessed, and a proof of the key is good for one reader."""

from __future__ import annotations

import json

import pytest

from commonweal.office.certificates import jose, sdjwt
from commonweal.office.certificates.jose import Malformed
from tests.unit.certificates.made import FACTS, NOW, SAID, credential
from tests.unit.certificates.wallet import Key

KEY, WALLET = Key(), Key()
SECONDS = int(NOW.timestamp())
SHOP, NONCE = "https://shop.example", "n-1"


def checked(text: str, key: Key = KEY, now: int = SECONDS, **asked: str) -> sdjwt.Checked:
    return sdjwt.check(sdjwt.parse(text), [key.spki], now, **asked)


def codes(found: sdjwt.Checked) -> list[str]:
    return [code for code, _ in found.problems]


def test_what_was_issued_is_shown_whole() -> None:
    found = checked(credential(KEY))
    assert (found.problems, found.shown, found.hidden, found.bound) == ((), FACTS, 0, False)
    assert found.claims["number"] == "MP00001"
    assert not {"_sd", "_sd_alg"} & found.claims.keys()


def test_what_is_not_disclosed_stands_nowhere_in_it() -> None:
    text = sdjwt.choose(credential(KEY), ["stall.name"])
    found = checked(text)
    assert (found.problems, found.shown, found.hidden) == ((), {"stall.name": "Noodles"}, 3)
    opened = [jose.decode(part) for piece in text.split("~") for part in piece.split(".")[:2] if part]
    for secret in (b"A Holder", b"stall.county", b"east-bank", b"stall.seats"):
        assert not any(secret in each for each in opened), secret


def test_nobody_can_guess_what_is_hidden() -> None:
    """Each fact is salted: the same fact has another digest each time, so that a list of guesses does not help."""
    first, second = (sdjwt.parse(credential(KEY)).token.payload["_sd"] for _ in range(2))
    assert not set(first) & set(second)
    assert first == sorted(first), "the order of digests does not tell which fact is which"


def test_a_fact_moved_from_another_credential_does_not_fit() -> None:
    mine, theirs = credential(KEY), credential(KEY, {"stall.seats": 900})
    token, *rest = mine.split("~")
    found = checked("~".join([token, theirs.split("~")[1], *rest]))
    assert found.problems == (("disclosure", {"name": "stall.seats"}),)
    assert found.shown["stall.seats"] == 12


def test_a_fact_stated_twice_is_told() -> None:
    token, first, *rest = credential(KEY).split("~")
    assert codes(checked("~".join([token, first, first, *rest]))) == ["twice"]


def test_a_fact_may_not_take_the_place_of_what_is_open() -> None:
    found = checked(credential(KEY, {"number": "MP99999"}))
    assert codes(found) == ["twice"]
    assert found.claims["number"] == "MP00001"


@pytest.mark.parametrize("name", sorted(sdjwt.PROTECTED))
def test_what_everybody_must_see_cannot_be_hidden(name: str) -> None:
    with pytest.raises(ValueError, match="may not be disclosed"):
        credential(KEY, {name: "x"})


def test_somebody_elses_signature_is_told() -> None:
    assert codes(checked(credential(Key()))) == ["signature"]


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES384", None, [], {}])
def test_another_algorithm_signs_nothing(algorithm: object) -> None:
    token, *rest = credential(KEY).split("~")
    _, payload, signature = token.split(".")
    head = jose.encode(json.dumps({"alg": algorithm, "typ": sdjwt.TYPE}).encode())
    assert "signature" in codes(checked("~".join([f"{head}.{payload}.{signature}", *rest])))


def test_the_proof_of_the_holder_is_good_for_its_reader_and_this_moment() -> None:
    shown = sdjwt.choose(credential(KEY, holder=WALLET), ["stall.name"])
    text = sdjwt.bind(shown, SHOP, NONCE, SECONDS, WALLET.sign)
    good = checked(text, audience=SHOP, nonce=NONCE)
    assert (good.problems, good.bound) == ((), True)
    assert codes(checked(text, audience="https://other.example", nonce=NONCE)) == ["binding-audience"]
    assert codes(checked(text, audience=SHOP, nonce="n-2")) == ["binding-audience"]
    assert codes(checked(text, now=SECONDS + 600, audience=SHOP, nonce=NONCE)) == []
    for late in (601, -601):
        assert codes(checked(text, now=SECONDS + late, audience=SHOP, nonce=NONCE)) == ["binding-old"]


def test_a_reader_who_asks_gets_no_credential_without_proof() -> None:
    bound = credential(KEY, holder=WALLET)
    assert codes(checked(bound, audience=SHOP)) == ["binding-missing"]
    assert codes(checked(bound)) == [], "nobody asked, as with a file sent by post"


def test_a_thief_cannot_prove_it() -> None:
    text = sdjwt.bind(credential(KEY, holder=WALLET), SHOP, NONCE, SECONDS, Key().sign)
    assert codes(checked(text, audience=SHOP, nonce=NONCE)) == ["binding-signature"]


def test_a_credential_without_a_key_cannot_be_bound_afterwards() -> None:
    text = sdjwt.bind(credential(KEY), SHOP, NONCE, SECONDS, WALLET.sign)
    found = checked(text)
    assert (codes(found), found.bound) == (["binding-signature"], False)


def test_a_proof_does_not_cover_other_facts_than_those_it_was_made_for() -> None:
    whole = credential(KEY, holder=WALLET)
    proof = sdjwt.bind(whole, SHOP, NONCE, SECONDS, WALLET.sign).removeprefix(whole)
    less = sdjwt.choose(whole, ["stall.name"])
    assert codes(checked(less + proof, audience=SHOP, nonce=NONCE)) == ["binding-other"]


def test_a_token_of_another_kind_is_no_proof() -> None:
    """What the wallet signed elsewhere, as for a sign-in, cannot be used here."""
    shown = credential(KEY, holder=WALLET)
    genuine = sdjwt.parse(sdjwt.bind(shown, SHOP, NONCE, SECONDS, WALLET.sign)).binding
    assert genuine is not None
    other = jose.sign({"typ": "JWT"}, genuine.payload, WALLET.sign)
    assert codes(checked(shown + other)) == ["binding-signature"]


def test_line_breaks_of_a_message_do_no_harm() -> None:
    text = credential(KEY)
    broken = "\n".join(text[at : at + 70] for at in range(0, len(text), 70))
    assert checked(broken).problems == ()
    assert sdjwt.choose(broken, ["stall.name"]) == sdjwt.choose(text, ["stall.name"])


def packed(value: object) -> str:
    return jose.encode(json.dumps(value).encode())


def hand_made(header: object, payload: object, *disclosures: str) -> str:
    token = f"{packed(header)}.{packed(payload)}.{jose.encode(bytes(64))}"
    return "~".join([token, *disclosures, ""])


@pytest.mark.parametrize(
    "text",
    [
        "", "~", "a.b~", "a.b.c.d~", hand_made({"typ": "JWT"}, {}), hand_made({"typ": []}, {}),
        hand_made({"typ": {}}, {}), hand_made([], {}), hand_made({"typ": sdjwt.TYPE}, "x"),
        hand_made({"typ": sdjwt.TYPE}, {}, ""), hand_made({"typ": sdjwt.TYPE}, {}, packed(["salt", "name"])),
        hand_made({"typ": sdjwt.TYPE}, {}, packed(["salt", 7, 7])),
        hand_made({"typ": sdjwt.TYPE}, {}, packed(["salt", "iss", 7])),
        hand_made({"typ": sdjwt.TYPE}, {}, packed(["salt", "\ud800", 7])),
        hand_made({"typ": sdjwt.TYPE}, {"iss": "\udfff"}),
        credential(KEY).rstrip("~").replace("~", "") , "x" * (sdjwt.LIMIT + 1),
    ],
)  # fmt: skip
def test_what_is_no_credential_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        sdjwt.parse(text)


def test_digests_of_another_kind_are_not_guessed_at() -> None:
    with pytest.raises(Malformed):
        checked(hand_made({"typ": sdjwt.TYPE}, {"_sd_alg": "md5"}))


def test_a_private_key_is_sent_back_unread() -> None:
    with pytest.raises(Malformed, match="private"):
        jose.spki_of(WALLET.private_jwk)


def test_the_dates_of_a_credential_are_those_of_the_code() -> None:
    claims = checked(credential(KEY)).claims
    assert (claims["iat"], claims["exp"]) == (SAID.issued, SAID.expires)
