"""How many certificate codes and credentials are signed and judged in a second, beside the bare ES256 operations."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from commonweal.office.certificates import compact, jose, judging, sdjwt
from commonweal.office.certificates.compact import Essentials

SECONDS = 1.0
ISSUER = "https://example.org"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
FACTS = {"holder": "Somebody", "kind": "Food", "county": "East Bank", "place": "Stall 7", "days": 30, "seats": 12}
ES256 = ec.ECDSA(hashes.SHA256())


def main() -> None:
    """Print the table: one thread, no database, so what is measured is what an offline reader does."""
    key = ec.generate_private_key(ec.SECP256R1())
    spki = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )  # fmt: skip
    kid = jose.jwk_of(spki)["kid"]

    def sign(message: bytes) -> bytes:
        return jose.raw_of(key.sign(message, ES256))

    issued = int(NOW.timestamp()) - 60
    said = Essentials(ISSUER, "PASS-1", 1, "Somebody", "market-day", "pass", issued, None, 1, 7)
    claims = {
        "iss": ISSUER, "iat": issued, "vct": f"{ISSUER}/credentials/market-day/pass", "number": "PASS-1", "version": 1,
        "status": {"status_list": {"idx": 7, "uri": f"{ISSUER}/status-lists/1"}},
    }  # fmt: skip

    def code() -> str:
        return compact.write(said, jose.decode(kid)[:8], sign, ISSUER)

    def credential() -> str:
        return sdjwt.issue(claims, FACTS, kid, sign)

    def judged(judge: Callable[..., judging.Verdict], text: str) -> Callable[[], None]:
        def once() -> None:
            verdict = judge(text, [spki], ISSUER, lambda _: judging.Standing("genuine"), NOW)
            assert verdict.outcome == "genuine", verdict

        return once

    signature, public = key.sign(b"x" * 300, ES256), key.public_key()
    print("| | signed a second | judged a second |\n|---|---:|---:|")
    bare = _rate(lambda: key.sign(b"x" * 300, ES256)), _rate(lambda: public.verify(signature, b"x" * 300, ES256))
    for name, make, judge in (
        ("code", code, judging.code),
        ("credential of six facts", credential, judging.credential),
    ):
        made, read = _rate(make), _rate(judged(judge, make()))
        print(f"| {name} | {made:,.0f} ({bare[0] / made:.1f}×) | {read:,.0f} ({bare[1] / read:.1f}×) |")
    print(f"| bare ES256 | {bare[0]:,.0f} (1) | {bare[1]:,.0f} (1) |")


def _rate(work: Callable[[], object]) -> float:
    work()
    done, began = 0, time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        work()
        done += 1
    return done / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
