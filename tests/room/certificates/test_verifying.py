"""What each way of tampering is called, and what an intact certificate says."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
import segno
from django.core.cache import cache
from django.test import Client

from commonweal.core import clock
from commonweal.core.errors import Refused
from commonweal.office.certificates import actions, compact, credentials, jose, queries, sdjwt, sealing, verifying
from commonweal.office.certificates.models import Certificate
from tests.room.office.conftest import MONDAY
from tests.unit.certificates.wallet import Key

pytestmark = [pytest.mark.room, pytest.mark.django_db]
LATER = MONDAY + timedelta(days=10)


@pytest.fixture(autouse=True)
def _later(certificate):
    with clock.travel(LATER):
        yield


def judged(text: str):
    return verifying.judge(text.encode())


def codes(verdict) -> list[str]:
    return [code for code, _ in verdict.reasons]


def test_the_code_of_a_certificate_in_force_is_genuine(certificate):
    verdict = judged(credentials.code(certificate))
    assert (verdict.outcome, verdict.form, verdict.reasons) == ("genuine", "qr", ())
    assert (verdict.number, verdict.holder) == ("MP00001", "Ana Reed")
    assert verdict.name.say("zh-hans") == "集市通行证"


def test_the_code_is_read_from_a_photo(certificate):
    picture = io.BytesIO()
    segno.make(credentials.code(certificate), error="m").save(picture, kind="png", scale=4)
    assert verifying.judge(picture.getvalue()).outcome == "genuine"


def test_a_code_with_one_letter_changed_is_named(certificate):
    code = credentials.code(certificate)
    outcomes = set()
    for at in range(code.index("/V/") + 10, len(code), 23):
        changed = code[:at] + ("A" if code[at] != "A" else "B") + code[at + 1 :]
        outcomes.add(judged(changed).outcome)
    assert outcomes <= {"forged", "unreadable", "foreign"}
    assert "forged" in outcomes


def test_a_code_signed_by_somebody_else_is_not_genuine(certificate):
    said, _ = compact.read(credentials.code(certificate), sealing.public())
    forger = Key()
    forged = compact.write(said, b"12345678", forger.sign, "https://commonweal.local")
    assert judged(forged).outcome == "forged"


def test_the_code_of_another_paper_is_named_by_its_number(certificate):
    verdict = verifying.judge(credentials.code(certificate).encode(), number="MP00077")
    assert verdict.outcome == "swapped"
    assert ("other-number", {"typed": "MP00077", "found": "MP00001"}) in verdict.reasons


def test_a_credential_shows_what_its_holder_chose(market, certificate):
    text = actions.credential(market.holder, certificate.ref)
    whole = judged(text)
    assert (whole.outcome, whole.form, whole.hidden) == ("genuine", "sd-jwt", 0)
    assert "Ana's Noodles" in {shown.say("en") for _, shown in whole.facts}
    assert whole.holder == "Ana Reed"
    some = judged(sdjwt.choose(text, ["stall.name"]))
    assert (some.outcome, some.hidden, some.holder, len(some.facts)) == ("genuine", 2, "", 1)


def test_a_changed_disclosure_is_named(market, certificate):
    token, *rest = actions.credential(market.holder, certificate.ref).split("~")
    salt, name, _ = json.loads(jose.decode(rest[1]))
    rest[1] = jose.encode(json.dumps([salt, name, "Ana's Palace"]).encode())
    verdict = judged("~".join([token, *rest]))
    assert verdict.outcome == "altered"
    assert ("disclosure", {"name": name}) in verdict.reasons
    assert "Ana's Palace" not in {shown.say("en") for _, shown in verdict.facts}


def test_a_credential_bound_to_a_key_is_useless_in_other_hands(market, certificate):
    mine, thief = Key(), Key()
    text = actions.credential(market.holder, certificate.ref, mine.jwk)
    now = int(LATER.timestamp())
    good = judged(sdjwt.bind(text, "https://shop.example", "n-1", now, mine.sign))
    assert (good.outcome, good.bound) == ("genuine", True)
    stolen = judged(sdjwt.bind(text, "https://shop.example", "n-1", now, thief.sign))
    assert (stolen.outcome, codes(stolen)) == ("forged", ["binding-signature"])


def test_the_status_of_today_decides(market, certificate):
    code = credentials.code(certificate)
    row = Certificate.objects.get(pk=certificate.pk)
    row.status, row.changed_at = "suspended", LATER
    row.seal = sealing.seal(row)
    row.save()
    assert judged(code).outcome == "suspended"
    with clock.travel(MONDAY + timedelta(days=500)):
        assert judged(code).outcome == "suspended"


def test_what_has_run_out_is_expired(certificate):
    code = credentials.code(certificate)
    with clock.travel(MONDAY + timedelta(days=500)):
        assert judged(code).outcome == "expired"


@pytest.mark.parametrize("change", [{"status": "valid", "reason": "x"}, {"number": "MP00002"}, {"digest": "0" * 64}])
def test_a_row_changed_behind_the_software_vouches_for_nothing(certificate, change):
    Certificate.objects.filter(pk=certificate.pk).update(**change)
    said, _ = compact.read(credentials.code(Certificate.objects.get(pk=certificate.pk)), sealing.public())
    assert verifying.look(said).contradicts == ("seal",)


def test_changed_facts_in_the_database_are_found_out(market, certificate):
    text = actions.credential(market.holder, certificate.ref)
    row = Certificate.objects.get(pk=certificate.pk)
    row.content["holder"]["name"] = "Somebody Else"
    row.save()
    verdict = judged(text)
    assert verdict.outcome == "damaged-record"
    assert {what["what"] for _, what in verdict.reasons} == {"seal", "holder"}


def test_a_certificate_that_a_rolled_back_database_forgot_is_not_vouched_for(certificate):
    code = credentials.code(certificate)
    Certificate.objects.all().delete()
    assert judged(code).outcome == "damaged-record"


def test_whoever_guesses_a_day_is_not_told_the_name():
    assert verifying.by_number("MP00001", "2026-03-02").holder == ""
    assert verifying.by_number("MP00001", "ANA REED").holder == "Ana Reed"


def test_a_number_tells_nothing_without_a_fact_that_fits():
    assert verifying.by_number("mp00001", "ana  reed").outcome == "genuine"
    assert verifying.by_number("MP00001", "2026-03-02").outcome == "genuine"
    assert verifying.by_number("MP00001", "Bo Reed") == verifying.by_number("MP00001", "")
    assert verifying.by_number("MP00099", "Ana Reed").outcome == "unknown"


def test_trying_out_names_ends_after_five_for_that_number_alone_and_begins_again_later():
    for name in ("Abe", "Bea", "Cid", "Dot", "Eve"):
        assert verifying.by_number("MP00001", f"{name} Reed").outcome == "unknown"
    with pytest.raises(Refused, match="too often"):
        verifying.by_number("mp00001", "Ana Reed")
    page = Client().post("/verify", {"number": "MP00001", "fact": "Ana Reed"})
    assert page.status_code == 429
    assert b"tried too often" in page.content
    assert b"<dd>MP00001" not in page.content
    assert verifying.by_number("MP00002", "Ana Reed").outcome == "unknown", "another number is not locked"
    cache.clear()
    assert verifying.by_number("MP00001", "Ana Reed").outcome == "genuine"


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 50, b"%PDF-1.7", b"\x89PNG\r\n\x1a\nxx", b"eyJ.e.e~", b"HTTPS://X/V/" + b"A" * 80, b"\xff" * 9000],
)  # fmt: skip
def test_whatever_is_given_is_answered(content):
    assert verifying.judge(content).outcome in {"unreadable", "forged", "foreign"}


def test_page_and_paper_agree_on_the_moment_it_runs_out(market, certificate):
    code = credentials.code(certificate)
    with clock.travel(certificate.valid_until):
        assert judged(code).outcome == verifying.by_number("MP00001", "Ana Reed").outcome == "expired"
        assert queries.own(market.holder, certificate.ref).state == "expired"
