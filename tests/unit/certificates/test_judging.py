"""From proof to one outcome: who signed it, when it counts, what became of it, which of two faults is told first."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from commonweal.office.certificates import judging, sdjwt
from commonweal.office.certificates.compact import Essentials
from commonweal.office.certificates.judging import UNKNOWN, Standing
from commonweal.office.certificates.views import Outcome
from tests.unit.certificates.made import (
    ISSUED,
    ISSUER,
    NOW,
    UNTIL,
    code,
    credential,
    in_force,
    judged,
    judged_code,
    reasons,
)
from tests.unit.certificates.wallet import Key

KEY, WALLET = Key(), Key()
SECOND = timedelta(seconds=1)
MOMENTS: list[tuple[datetime, Outcome]] = [
    (ISSUED, "genuine"),
    (ISSUED - timedelta(seconds=300), "genuine"),  # clocks differ by minutes
    (ISSUED - timedelta(seconds=301), "not-yet"),
    (UNTIL - SECOND, "genuine"),
    (UNTIL, "expired"),
    (UNTIL + timedelta(days=9999), "expired"),
]


@pytest.mark.parametrize(("now", "outcome"), MOMENTS)
def test_when_it_counts(now: datetime, outcome: Outcome) -> None:
    assert judged_code(code(KEY), KEY, now=now).outcome == outcome
    assert judged(credential(KEY), KEY, now=now).outcome == outcome


def test_without_a_last_day_it_never_expires() -> None:
    far = UNTIL + timedelta(days=30_000)
    for verdict in (
        judged_code(code(KEY, expires=None), KEY, now=far),
        judged(credential(KEY, exp=None), KEY, now=far),
    ):
        assert (verdict.outcome, verdict.valid_until) == ("genuine", None)


@pytest.mark.parametrize("outcome", ["suspended", "revoked", "replaced", "genuine", "damaged-record"])
def test_what_became_of_it_decides(outcome: Outcome) -> None:
    def look(said: Essentials) -> Standing:
        assert (said.list, said.index, said.number, said.version) == (1, 7, "MP00001", 1)
        return Standing(outcome, reason="The stall was given up")

    for verdict in (judged_code(code(KEY), KEY, look=look), judged(credential(KEY), KEY, look=look)):
        assert (verdict.outcome, verdict.reason) == (outcome, "The stall was given up")
        assert verdict.good == (outcome == "genuine")


@pytest.mark.parametrize("outcome", ["suspended", "revoked", "replaced"])
def test_what_was_ended_is_told_before_what_ran_out(outcome: Outcome) -> None:
    late = judged_code(code(KEY), KEY, look=lambda _: Standing(outcome), now=UNTIL + SECOND)
    assert late.outcome == outcome


def test_offline_the_signature_counts_and_the_status_is_called_unknown() -> None:
    verdict = judging.code(code(KEY), [KEY.spki], None, lambda _: UNKNOWN, NOW)
    assert (verdict.outcome, verdict.status_known) == ("genuine", False)


@pytest.mark.parametrize(("issuer", "outcome"), [(ISSUER, "forged"), ("https://elsewhere.example", "foreign")])
def test_a_stranger_who_names_us_forged_it_and_one_who_does_not_is_foreign(issuer: str, outcome: Outcome) -> None:
    stranger = Key()
    for verdict in (
        judged_code(code(stranger, issuer=issuer), KEY),
        judged(credential(stranger, iss=issuer), KEY),
    ):
        assert verdict.outcome == outcome
        assert verdict.facts == (), "what nobody of ours signed is not repeated as a fact"


def test_whoever_holds_a_known_key_is_the_issuer_where_none_is_named() -> None:
    stranger = Key()
    foreign = code(stranger, issuer="https://elsewhere.example")
    assert judging.code(foreign, [KEY.spki], None, in_force, NOW).outcome == "forged"
    assert judging.code(foreign, [stranger.spki], None, in_force, NOW).outcome == "genuine"


def test_nothing_of_ours_is_asked_about_what_we_did_not_sign() -> None:
    """A forger learns nothing of our records from the answer or the time it takes."""

    def look(_: Essentials) -> Standing:
        raise AssertionError("asked")

    assert judged_code(code(Key()), KEY, look=look).outcome == "forged"
    assert judged(credential(Key()), KEY, look=look).outcome == "forged"


def test_our_record_saying_otherwise_is_told_before_what_it_says() -> None:
    verdict = judged_code(code(KEY), KEY, look=lambda _: Standing("suspended", contradicts=("holder", "place")))
    assert (verdict.outcome, reasons(verdict)) == ("damaged-record", ["record-differs"] * 2)


def test_a_fact_left_out_is_counted_and_not_told() -> None:
    verdict = judged(sdjwt.choose(credential(KEY), ["stall.name"]), KEY)
    assert (verdict.outcome, verdict.hidden, verdict.holder) == ("genuine", 3, "")
    assert [(label.say("en"), shown.say("en")) for label, shown in verdict.facts] == [("stall.name", "Noodles")]


def test_a_changed_fact_is_altered_and_is_not_among_the_facts() -> None:
    token, *rest = credential(KEY).split("~")
    other = credential(KEY, {"stall.seats": 900}).split("~")[1]
    verdict = judged("~".join([token, other, *rest]), KEY)
    assert (verdict.outcome, reasons(verdict)) == ("altered", ["disclosure"])
    assert "900" not in {shown.say("en") for _, shown in verdict.facts}


def test_the_worst_is_told_first() -> None:
    """Altered and revoked at once is altered; both are among the reasons or the words that follow."""
    token, *rest = credential(KEY).split("~")
    other = credential(KEY, {"stall.seats": 900}).split("~")[1]
    verdict = judged("~".join([token, other, *rest]), KEY, look=lambda _: Standing("revoked", reason="Given up"))
    assert (verdict.outcome, verdict.reason) == ("altered", "Given up")
    assert judging.worse(verdict, "expired").outcome == "altered"
    assert judging.worse(verdict, "swapped", ("other-number", {})).outcome == "swapped"


def test_a_reader_who_asked_for_proof_is_told_when_it_fails() -> None:
    text = credential(KEY, holder=WALLET)
    asked = {"audience": "https://shop.example", "nonce": "n-1"}
    bound = sdjwt.bind(text, asked["audience"], asked["nonce"], int(NOW.timestamp()), WALLET.sign)
    good = judged(bound, KEY, **asked)
    assert (good.outcome, good.bound) == ("genuine", True)
    missing = judged(text, KEY, **asked)
    assert (missing.outcome, reasons(missing)) == ("forged", ["binding-missing"])
    replayed = judged(bound, KEY, audience=asked["audience"], nonce="n-2")
    assert (replayed.outcome, reasons(replayed)) == ("forged", ["binding-audience"])


@pytest.mark.parametrize(
    "claims",
    [
        {"number": None}, {"number": 7}, {"vct": "x"}, {"iat": None}, {"iat": "1"}, {"iat": -1},
        {"iat": True}, {"version": 1.5}, {"exp": "never"}, {"exp": -1}, {"exp": 1 << 40}, {"status": None},
        {"status": []}, {"status": {"status_list": []}}, {"status": {"status_list": {"idx": 7, "uri": "/x"}}},
        {"status": {"status_list": {"idx": 7, "uri": "/²"}}}, {"status": {"status_list": {"idx": 7, "uri": "/٣"}}},
        {"status": {"status_list": {"idx": -1, "uri": "/1"}}},
    ],
)  # fmt: skip
def test_a_credential_of_another_kind_is_unreadable_although_we_signed_it(claims: dict[str, object]) -> None:
    verdict = judged(credential(KEY, **claims), KEY)
    assert (verdict.outcome, reasons(verdict)) == ("unreadable", ["malformed"])
