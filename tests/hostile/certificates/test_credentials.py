"""A credential in hostile hands: facts cannot be changed, lent or invented, and whatever is shown is answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.office.certificates import jose, sdjwt, statuslist
from commonweal.office.certificates.jose import Malformed
from commonweal.office.certificates.views import Verdict
from commonweal.windows.counter import verdicts
from tests.unit.certificates.made import CLAIMS, FACTS, NOW, credential, judged
from tests.unit.certificates.wallet import Key

pytestmark = pytest.mark.hostile
MANY = settings(max_examples=300, deadline=None, derandomize=True)
KEY, WALLET = Key(), Key()
SECONDS = int(NOW.timestamp())
ASKED = {"audience": "https://shop.example", "nonce": "n-1"}
TRUE = credential(KEY)
OTHER = credential(KEY, {"holder": "B Holder", "stall.name": "Books", "stall.seats": 900}, number="MP00002")
BOUND = sdjwt.bind(
    sdjwt.choose(credential(KEY, holder=WALLET), ["stall.name"]),
    ASKED["audience"],
    ASKED["nonce"],
    SECONDS,
    WALLET.sign,
)
BAD = {"forged", "foreign", "unreadable", "altered"}
PIECES = [*TRUE.split("~")[1:-1], *OTHER.split("~")[1:-1]]
MINE = dict(zip(PIECES, FACTS.items(), strict=False))


def answered(text: str, **asked: str) -> Verdict:
    """The verdict, which can also be said: a page made of it can be written down."""
    verdict = judged(text, KEY, **asked)
    said = [verdicts.title(verdict), *verdicts.reasons(verdict), verdict.holder, verdict.number]
    said += [words.say("en") for fact in verdict.facts for words in fact]
    assert "\n".join(said).encode()
    try:
        sdjwt.check(sdjwt.parse(text), [KEY.spki], SECONDS, **asked)
    except Malformed:
        assert verdict.outcome == "unreadable"
    return verdict


def flips(text: str) -> list[str]:
    """The text with each bit of each character changed in turn, where that leaves ASCII."""
    return [
        text[:at] + chr(ord(text[at]) ^ 1 << bit) + text[at + 1 :] for at, bit in product(range(len(text)), range(7))
    ]


def test_the_true_ones_are_genuine() -> None:
    assert answered(TRUE).outcome == answered(OTHER).outcome == answered(BOUND, **ASKED).outcome == "genuine"


def test_no_bit_of_a_credential_can_be_changed() -> None:
    for changed in flips(TRUE):
        assert judged(changed, KEY).outcome in BAD, changed


def test_no_bit_of_a_proof_can_be_changed() -> None:
    for changed in flips(BOUND):
        assert judged(changed, KEY, **ASKED).outcome in BAD, changed


@pytest.mark.parametrize(("text", "asked"), [(TRUE, {}), (BOUND, ASKED)], ids=["open", "bound"])
def test_a_cut_credential_shows_less_and_never_else(text: str, asked: dict[str, str]) -> None:
    """Only between two facts can it be cut, which is what the holder may do; a reader who asked for proof notices."""
    for at in range(len(text)):
        verdict = judged(text[:at], KEY, **asked)
        if text[:at].endswith("~") and not asked:
            assert verdict.outcome == "genuine"
            assert verdict.hidden == len(FACTS) - (text[:at].count("~") - 1)
        else:
            assert verdict.outcome in BAD, at


@MANY
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=8))
def test_facts_cannot_be_lent_to_another_certificate(pieces: list[str]) -> None:
    """Any choice of the facts of two certificates behind the token of one: only its own, each once, are genuine."""
    verdict = answered("~".join([TRUE.split("~")[0], *pieces, ""]))
    own = set(pieces) <= set(MINE) and len(pieces) == len(set(pieces))
    assert verdict.outcome == ("genuine" if own else "altered")
    told = {shown.say("en") for _, shown in verdict.facts} | ({verdict.holder} - {""})
    assert told == {str(MINE[piece][1]) for piece in pieces if piece in MINE}


def test_parts_of_two_tokens_do_not_make_a_third() -> None:
    tokens = [text.split("~")[0].split(".") for text in (TRUE, OTHER, credential(Key()))]
    for head, content, signature in product(range(3), repeat=3):
        mixed = ".".join([tokens[head][0], tokens[content][1], tokens[signature][2]])
        expected = "genuine" if content == signature != 2 else "forged"
        assert answered(mixed + "~").outcome == expected, (head, content, signature)


def test_a_proof_cannot_be_lent() -> None:
    """A proof made for one certificate, one choice of facts or one reader is good for no other."""
    proof = BOUND.rpartition("~")[2]
    for other in (TRUE, credential(KEY, holder=WALLET), BOUND.rpartition("~")[0].split("~")[0] + "~"):
        assert answered(other + proof, **ASKED).outcome == "forged"
    assert answered(BOUND, audience="https://other.example", nonce="n-1").outcome == "forged"


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
NAMES = st.sampled_from([*CLAIMS, "cnf", "_sd", "_sd_alg", "nbf", "..."])


def packed(value: Any) -> str:
    return jose.encode(json.dumps(value).encode())


def put_together(header: Any, payload: Any, sign: Callable[[bytes], bytes], disclosures: list[Any]) -> str:
    message = f"{packed(header)}.{packed(payload)}"
    token = f"{message}.{jose.encode(sign(message.encode()))}"
    return "~".join([token, *map(packed, disclosures), ""])


@MANY
@given(
    changes=st.dictionaries(NAMES, JSON, min_size=1),
    header=st.dictionaries(st.sampled_from(["typ", "alg", "crit", "kid"]), JSON),
)
def test_a_forger_may_claim_anything(changes: dict[str, Any], header: dict[str, Any]) -> None:
    head = {"alg": "ES256", "typ": sdjwt.TYPE, **header}
    facts = [["salt", "holder", "B Holder"], ["salt", *list(changes.values())[:2]]]
    assert answered(put_together(head, {**CLAIMS, **changes}, Key().sign, facts[:1])).outcome in BAD
    assert answered(put_together(head, {**CLAIMS, **changes}, Key().sign, facts)).outcome in BAD


@MANY
@given(changes=st.dictionaries(NAMES, JSON, min_size=1))
def test_anything_signed_is_answered(changes: dict[str, Any]) -> None:
    """Even from a key of ours, odd claims end in a verdict."""
    assert answered(put_together({"alg": "ES256", "typ": sdjwt.TYPE}, {**CLAIMS, **changes}, KEY.sign, [])).outcome


@MANY
@given(parts=st.lists(JSON, min_size=1, max_size=4), proof=JSON)
def test_parts_of_any_shape_are_answered(parts: list[Any], proof: Any) -> None:
    assert answered(".".join(map(packed, parts)) + "~").outcome == "unreadable"
    assert answered(TRUE + ".".join([packed(proof)] * 3)).outcome in BAD
    assert answered(TRUE + packed(parts) + "~").outcome in BAD


@MANY
@given(text=st.text(max_size=200), at=st.integers(0, len(TRUE)))
def test_any_text_is_answered(text: str, at: int) -> None:
    assert answered(text).outcome == "unreadable"
    inserted = TRUE[:at] + text + TRUE[at:]
    assert answered(inserted).outcome in BAD or not text.split()


@MANY
@given(content=JSON, cut=st.floats(0, 1))
def test_a_status_list_is_read_or_malformed(content: Any, cut: float) -> None:
    true = statuslist.token(
        "https://pondland.example/status-lists/1", statuslist.pack([(7, 1)]), "k", KEY.sign, SECONDS
    )
    payload = {**jose.parse(true).payload, "status_list": content}
    odd = f"{packed({'alg': 'ES256', 'typ': statuslist.TYPE})}.{packed(payload)}"
    odd = f"{odd}.{jose.encode(KEY.sign(odd.encode()))}"
    for text in (true[: int(cut * (len(true) - 1))], odd):
        with pytest.raises(Malformed):
            statuslist.read(text, [KEY.spki], SECONDS)


@pytest.mark.parametrize("depth", [300, 900, 5_000, 40_000])
@pytest.mark.parametrize(("open", "shut"), [("[", "]"), ('{"a":', "}")])
def test_depths_that_nobody_means_are_answered(depth: int, open: str, shut: str) -> None:
    deep = jose.encode(f'{{"vct":{open * depth}7{shut * depth}}}'.encode())
    head = packed({"alg": "ES256", "typ": sdjwt.TYPE})
    assert answered(f"{head}.{deep}.{deep}~").outcome in BAD
    assert answered(f"{TRUE}{deep}~").outcome in BAD
