"""What the reference implementation of SD-JWT makes of our credentials, and we of what it presents."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commonweal.core import clock
from commonweal.office.certificates import actions, jose, sealing, verifying
from tests.room.office.conftest import MONDAY
from tests.unit.certificates.wallet import Key

pytestmark = [pytest.mark.room, pytest.mark.django_db]
SHOP, NONCE = "https://shop.example", "n-1"


def presented(market, certificate, key: Key) -> str:
    """One fact chosen and bound to the shop by the reference library, with the holder's key."""
    from jwcrypto.jwk import JWK
    from sd_jwt.holder import SDJWTHolder

    with clock.travel(MONDAY + timedelta(days=1)):
        wallet = SDJWTHolder(actions.credential(market.holder, certificate.ref, key.jwk))
    private = JWK(**{name: key.private_jwk[name] for name in ("kty", "crv", "x", "y", "d")})
    wallet.create_presentation({"stall.name": True}, nonce=NONCE, aud=SHOP, holder_key=private, sign_alg="ES256")
    return wallet.sd_jwt_presentation


def test_the_reference_library_verifies_what_we_issue(market, certificate):
    from jwcrypto.jwk import JWK
    from sd_jwt.verifier import SDJWTVerifier

    ours = jose.jwk_of(sealing.public()[-1])
    public = JWK(**{name: ours[name] for name in ("kty", "crv", "x", "y")})
    text = presented(market, certificate, Key())
    read = SDJWTVerifier(text, lambda issuer, header: public, SHOP, NONCE).get_verified_payload()
    assert read["stall.name"] == "Ana's Noodles"
    assert read["number"] == "MP00001"
    assert "holder" not in read
    assert "stall.county" not in read


def test_we_verify_what_the_reference_library_presents(market, certificate):
    with clock.travel(MONDAY + timedelta(days=1)):
        verdict = verifying.judge(presented(market, certificate, Key()).encode())
    assert (verdict.outcome, verdict.bound, verdict.hidden, len(verdict.facts)) == ("genuine", True, 2, 1)
