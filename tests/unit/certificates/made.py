"""Codes and credentials as a government issues them, made in memory: what the tests change, cut and judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from commonweal.office.certificates import compact, judging, sdjwt
from commonweal.office.certificates.compact import Essentials
from commonweal.office.certificates.judging import Look, Standing
from commonweal.office.certificates.views import Verdict
from tests.unit.certificates.wallet import Key

ISSUER = "https://pondland.example"
ISSUED = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
UNTIL = ISSUED + timedelta(days=365)
NOW = ISSUED + timedelta(days=10)
FACTS = {"holder": "A Holder", "stall.name": "Noodles", "stall.county": "east-bank", "stall.seats": 12}
SAID = Essentials(
    ISSUER, "MP00001", 1, "A Holder", "market-day", "market-pass", int(ISSUED.timestamp()), int(UNTIL.timestamp()), 1, 7
)
CLAIMS: Mapping[str, Any] = {
    "iss": ISSUER, "iat": SAID.issued, "exp": SAID.expires, "vct": f"{ISSUER}/credentials/market-day/market-pass",
    "number": "MP00001", "version": 1, "issuing_authority": "market-office",
    "status": {"status_list": {"idx": 7, "uri": f"{ISSUER}/status-lists/1"}},
}  # fmt: skip


def code(key: Key, **changes: Any) -> str:
    """The text of a signed code."""
    return compact.write(replace(SAID, **changes), b"12345678", key.sign, ISSUER)


def credential(key: Key, facts: Mapping[str, Any] = FACTS, holder: Key | None = None, **claims: Any) -> str:
    """A signed credential; a claim given as None is left out."""
    said = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    return sdjwt.issue(said, facts, "a-key", key.sign, holder=holder.jwk if holder else None)


def in_force(_: Essentials) -> Standing:
    """What somebody knows who finds the certificate in force."""
    return Standing("genuine")


def judged_code(text: str, key: Key, *, look: Look = in_force, now: datetime = NOW) -> Verdict:
    """The verdict on a code of the issuer who holds `key`."""
    return judging.code(text, [key.spki], ISSUER, look, now)


def judged(text: str, key: Key, *, look: Look = in_force, now: datetime = NOW, **asked: str) -> Verdict:
    """The verdict on a credential of the issuer who holds `key`; `asked` are the audience and nonce."""
    return judging.credential(text, [key.spki], ISSUER, look, now, **asked)


def reasons(verdict: Verdict) -> list[str]:
    """The codes of why."""
    return [what for what, _ in verdict.reasons]
