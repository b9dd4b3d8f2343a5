"""Passkeys, codes and sessions: what lets somebody in, what is refused, and what the record says of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from commonweal.core import clock
from commonweal.core.errors import Invalid, Refused
from commonweal.core.identity import assurance, codes, passkeys
from commonweal.core.identity.actions import add_person
from commonweal.core.identity.actor import SYSTEM
from commonweal.core.identity.models import Person
from commonweal.core.identity.passkeys import Origin
from commonweal.core.journal import queries as journal
from tests.room.core.authenticator import SoftPasskey

pytestmark = [pytest.mark.room, pytest.mark.django_db]
HERE = Origin("localhost", "http://localhost", "Testland")
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def ana() -> Person:
    return add_person(SYSTEM, "ana", "Ana Reed", password="three quiet rivers")


def with_key(person: Person, key: SoftPasskey) -> SoftPasskey:
    options, state = passkeys.begin_making(HERE, person)
    passkeys.finish_making(HERE, person, state, key.make(options), "my phone")
    return key


def told(prefix: str) -> list[dict[str, object]]:
    return [event.data for event in journal.events(None, type_prefix=prefix).rows]


def test_a_passkey_signs_its_owner_in(ana: Person) -> None:
    key = with_key(ana, SoftPasskey())
    options, state = passkeys.begin(HERE)
    used = passkeys.finish(HERE, state, key.use(options))
    assert used.person == ana
    assert used.verified
    assert told("identity.factor-added") == [{"factor": "passkey"}]


def test_an_answer_to_another_challenge_origin_or_person_is_refused(ana: Person) -> None:
    ben = add_person(SYSTEM, "ben", "Ben Hill")
    key = with_key(ana, SoftPasskey())
    options, state = passkeys.begin(HERE)
    answer = key.use(options)
    other = passkeys.begin(HERE)[1]
    elsewhere = with_key(ben, SoftPasskey())
    elsewhere.origin = "http://localhost.evil.example"
    attempts = [
        (other, answer, None), (state, answer, ben), (state, elsewhere.use(options), None), (None, answer, None),
        (state, {**answer, "response": {}}, None), (state, {}, None),
        (state, {**answer, "response": {**answer["response"], "signature": "AAAA"}}, None),
    ]  # fmt: skip
    for state_, answer_, person in attempts:
        with pytest.raises(Refused) as refused:
            passkeys.finish(HERE, state_, answer_, person)
        assert refused.value.code == "passkey-refused"
    assert len(told("identity.factor-refused")) == len(attempts)


def test_a_state_is_good_for_five_minutes(ana: Person) -> None:
    key = with_key(ana, SoftPasskey())
    options, state = passkeys.begin(HERE)
    with clock.travel(clock.now() + timedelta(minutes=6)), pytest.raises(Refused, match="could not be used"):
        passkeys.finish(HERE, state, key.use(options))


def test_a_copied_passkey_is_noticed_by_its_counter(ana: Person) -> None:
    key = with_key(ana, SoftPasskey())
    options, state = passkeys.begin(HERE)
    passkeys.finish(HERE, state, key.use(options))
    key.counter = 0
    options, state = passkeys.begin(HERE)
    with pytest.raises(Refused):
        passkeys.finish(HERE, state, key.use(options))
    assert told("identity.factor-refused")[0]["reason"] == "counter"


def test_a_passkey_that_does_not_check_its_holder_is_not_kept(ana: Person) -> None:
    with pytest.raises(Refused):
        with_key(ana, SoftPasskey(verifies=False))
    assert passkeys.of(ana) == []


def code_at(secret: str, moment: datetime) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(moment.timestamp()) // codes.PERIOD))


def with_app(person: Person, at: datetime = NOON) -> str:
    secret = codes.new_secret()
    with clock.travel(at):
        codes.turn_on(person, secret, code_at(secret, at))
    return secret


@pytest.mark.parametrize(("skew", "fits"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_phone_whose_clock_is_half_a_minute_off_still_fits(ana: Person, skew: int, fits: bool) -> None:
    secret = with_app(ana)
    later = NOON + timedelta(hours=1)
    with clock.travel(later):
        typed = code_at(secret, later + timedelta(seconds=skew))
        if fits:
            assert codes.check(ana, typed, "") == assurance.TOTP
        else:
            with pytest.raises(Refused, match="not right"):
                codes.check(ana, typed, "")


def test_a_code_is_good_once_even_where_it_was_set_up_with(ana: Person) -> None:
    secret = with_app(ana)
    with clock.travel(NOON), pytest.raises(Refused):
        codes.check(ana, code_at(secret, NOON), "")
    later = NOON + timedelta(minutes=5)
    with clock.travel(later):
        codes.check(ana, code_at(secret, later), "")
        with pytest.raises(Refused):
            codes.check(ana, code_at(secret, later), "")


def test_guessing_codes_is_slowed(ana: Person) -> None:
    secret = with_app(ana)
    later = NOON + timedelta(hours=1)
    with clock.travel(later):
        for _ in range(5):
            with pytest.raises(Refused, match="not right"):
                codes.check(ana, "000000", "10.0.0.1")
        with pytest.raises(Refused) as refused:
            codes.check(ana, code_at(secret, later), "10.0.0.1")
        assert refused.value.code == "locked-out"
        assert codes.check(ana, code_at(secret, later), "10.0.0.2") == assurance.TOTP
    assert len(told("identity.locked-out")) == 1


def test_the_wrong_first_code_turns_nothing_on(ana: Person) -> None:
    with pytest.raises(Invalid):
        codes.turn_on(ana, codes.new_secret(), "123")
    assert codes.second_factors(ana) == frozenset()


def test_recovery_codes_work_once_each_and_new_ones_void_the_old(ana: Person) -> None:
    with_app(ana)
    first = codes.new_recovery_codes(ana)
    assert len(set(first)) == 10
    assert codes.check(ana, f"{first[0][:4]} {first[0][4:]}", "") == assurance.RECOVERY
    with pytest.raises(Refused):
        codes.check(ana, first[0], "")
    assert codes.recovery_codes_left(ana) == 9
    codes.new_recovery_codes(ana)
    with pytest.raises(Refused):
        codes.check(ana, first[1], "")


def test_secrets_are_not_readable_in_the_database(ana: Person) -> None:
    from allauth.mfa.models import Authenticator

    secret = with_app(ana)
    made = codes.new_recovery_codes(ana)
    stored = "".join(str(each.data) for each in Authenticator.objects.filter(user=ana))
    assert secret not in stored
    assert made[0] not in stored


def test_the_last_way_in_cannot_be_removed() -> None:
    ben = add_person(SYSTEM, "ben", "Ben Hill")
    with_key(ben, SoftPasskey())
    (only,) = passkeys.of(ben)
    with pytest.raises(Refused) as refused:
        codes.remove(ben, only.pk)
    assert refused.value.code == "last-factor"
    with_key(ben, SoftPasskey())
    codes.remove(ben, only.pk)
    assert len(passkeys.of(ben)) == 1
    with pytest.raises(Refused):
        codes.remove(ben, only.pk)
