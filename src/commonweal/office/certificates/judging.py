"""From what was proved to one outcome (pure): the same rules with this deployment's records and without them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from commonweal.office.certificates import compact, sdjwt
from commonweal.office.certificates.compact import Essentials
from commonweal.office.certificates.jose import Malformed
from commonweal.office.certificates.views import Outcome, Verdict
from commonweal.register.base import Text

Reason = tuple[str, Mapping[str, Any]]
WORST: tuple[Outcome, ...] = (
    "unreadable", "forged", "swapped", "altered", "foreign", "damaged-record", "unknown", "revoked", "replaced",
    "suspended", "expired", "not-yet", "genuine",
)  # fmt: skip
"""The first that applies is what is said."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a certificate beyond what was handed in: from our records, or from a published status list.

    `outcome` is `genuine` when in force. `contradicts` names what our record says otherwise than the signed content.
    """

    outcome: Outcome
    known: bool = True
    name: Text | None = None
    issuer_name: Text | None = None
    holder: str = ""
    reason: str = ""
    changed: datetime | None = None
    contradicts: tuple[str, ...] = ()
    labels: Mapping[str, Text] | None = None
    shown: Mapping[str, Text] | None = None


Look = Callable[[Essentials], Standing]
"""Asks what became of a certificate: (essentials) -> its standing."""
UNKNOWN = Standing("genuine", known=False)
"""Of somebody who has no records and no list."""


def code(text: str, keys: Sequence[bytes], issuer: str | None, look: Look, now: datetime) -> Verdict:
    """Judge the text of a QR code. With `issuer` None, whoever holds one of `keys` is the issuer."""
    try:
        said, signed = compact.read(text, keys)
    except Malformed as wrong:
        return Verdict("unreadable", "qr", (("malformed", {"what": str(wrong)}),))
    verdict = Verdict(
        "genuine", "qr", number=said.number, version=said.version, holder=said.holder, issued=_moment(said.issued),
        valid_until=_moment(said.expires),
    )  # fmt: skip
    if not signed:
        foreign = issuer is not None and said.issuer != issuer
        reason: Reason = ("foreign", {"issuer": said.issuer[:120]}) if foreign else ("signature", {})
        return replace(verdict, outcome="foreign" if foreign else "forged", reasons=(reason,))
    return _standing(verdict, look(said), now)


def credential(
    text: str, keys: Sequence[bytes], issuer: str | None, look: Look, now: datetime, *,
    audience: str | None = None, nonce: str | None = None,
) -> Verdict:  # fmt: skip
    """Judge an SD-JWT; `audience` and `nonce` where this reader asked the holder to prove that it is theirs."""
    try:
        parsed = sdjwt.parse(text)
        checked = sdjwt.check(parsed, keys, int(now.timestamp()), audience=audience, nonce=nonce)
        essentials = _essentials(checked.claims)
    except Malformed as wrong:
        return Verdict("unreadable", "sd-jwt", (("malformed", {"what": str(wrong)}),))
    holder = checked.shown.get("holder")
    verdict = Verdict(
        "genuine", "sd-jwt", number=essentials.number, version=essentials.version,
        holder=holder if isinstance(holder, str) else "", issued=_moment(essentials.issued),
        valid_until=_moment(essentials.expires), hidden=checked.hidden, bound=checked.bound,
    )  # fmt: skip
    problems = checked.problems
    if any(what == "signature" for what, _ in problems):
        if issuer is not None and essentials.issuer != issuer:
            return replace(verdict, outcome="foreign", reasons=(("foreign", {"issuer": essentials.issuer[:120]}),))
        return replace(verdict, outcome="forged", reasons=problems)
    standing = look(replace(essentials, holder=verdict.holder))
    verdict = replace(verdict, facts=_facts(checked.shown, standing))
    if problems:
        outcome: Outcome = "forged" if any(what.startswith("binding") for what, _ in problems) else "altered"
        verdict = _standing(verdict, standing, now)
        return replace(verdict, outcome=_worse(outcome, verdict.outcome), reasons=(*problems, *verdict.reasons))
    return _standing(verdict, standing, now)


def worse(verdict: Verdict, outcome: Outcome, *reasons: Reason) -> Verdict:
    """The verdict with one more thing found."""
    return replace(verdict, outcome=_worse(outcome, verdict.outcome), reasons=(*reasons, *verdict.reasons))


def _worse(left: Outcome, right: Outcome) -> Outcome:
    return min(left, right, key=WORST.index)


def _standing(verdict: Verdict, standing: Standing, now: datetime) -> Verdict:
    outcome = standing.outcome
    reasons: list[Reason] = [("record-differs", {"what": each}) for each in standing.contradicts]
    if reasons:
        outcome = _worse("damaged-record", outcome)
    if verdict.valid_until is not None and verdict.valid_until <= now:
        outcome = _worse("expired", outcome)
    if verdict.issued is not None and (verdict.issued - now).total_seconds() > 300:
        outcome = _worse("not-yet", outcome)
    return replace(
        verdict, outcome=outcome, reasons=tuple(reasons), name=standing.name, issuer_name=standing.issuer_name,
        reason=standing.reason, changed=standing.changed, status_known=standing.known,
    )  # fmt: skip


def _facts(shown: Mapping[str, Any], standing: Standing) -> tuple[tuple[Text, Text], ...]:
    """The facts a presentation proved, in words where the record knows them."""
    labels, words = standing.labels or {}, standing.shown or {}
    return tuple(
        (labels.get(key) or Text({"en": key}), words.get(key) or Text({"en": str(value)[:500]}))
        for key, value in shown.items()
        if key != "holder"
    )


def _essentials(claims: Mapping[str, Any]) -> Essentials:
    """The open claims of a credential. Raises Malformed for one that is no certificate of this kind."""
    kind = str(claims.get("vct", "")).rsplit("/", 2)
    status = claims.get("status")
    entry = status.get("status_list") if isinstance(status, Mapping) else None
    place = entry if isinstance(entry, Mapping) else {}
    list_ = str(place.get("uri", "")).rpartition("/")[2]
    numbered = list_.isascii() and list_.isdigit()
    numbers = (claims.get("iat"), claims.get("version", 1), place.get("idx"))
    expires = claims.get("exp")
    whole = all(isinstance(each, int) and not isinstance(each, bool) and 0 <= each < 1 << 40 for each in numbers)
    if not whole or len(kind) != 3 or not isinstance(claims.get("number"), str) or not numbered:
        raise Malformed("this credential does not say what a certificate says")
    if expires is not None and (not isinstance(expires, int) or not 0 <= expires < 1 << 40):
        raise Malformed("this credential does not say what a certificate says")
    issued, version, index = (int(str(each)) for each in numbers)
    return Essentials(
        str(claims.get("iss", "")), claims["number"], version, "", kind[1], kind[2], issued, expires,
        int(list_[:12]), index,
    )  # fmt: skip


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None and seconds < 1 << 37 else None
