"""Saying what something handed in is worth, with this deployment's own keys and records. Reads only; keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from commonweal.core import clock
from commonweal.core.declared import queries as declared
from commonweal.office.certificates import credentials, guessing, judging, paper, reading, sealing
from commonweal.office.certificates.compact import Essentials
from commonweal.office.certificates.judging import Standing
from commonweal.office.certificates.models import Certificate
from commonweal.office.certificates.views import Outcome, Verdict

OUTCOMES: Mapping[str, Outcome] = {
    Certificate.VALID: "genuine", Certificate.SUSPENDED: "suspended", Certificate.REVOKED: "revoked",
    Certificate.REPLACED: "replaced",
}  # fmt: skip


def judge(content: bytes, *, number: str = "") -> Verdict:
    """The verdict on an upload or a text. `number` is what the paper in hand says, where somebody typed it."""
    given = reading.handed(content)
    now = clock.now()
    if given.form == "pdf":
        verdict = _paper(given.pdf, given.codes, now)
    elif given.form == "qr":
        verdict = _code(given.text, now)
    elif given.form == "sd-jwt":
        verdict = judging.credential(given.text, sealing.public(), sealing.issuer(), look, now)
    else:
        what = "no-code" if given.picture else "nothing-known"
        return Verdict("unreadable", "none", ((what, {}),))
    number = _tidy(number)
    if number and verdict.number and verdict.number.upper() != number:
        verdict = judging.worse(verdict, "swapped", ("other-number", {"typed": number, "found": verdict.number}))
    return verdict


def by_number(number: str, fact: str) -> Verdict:
    """The verdict on a number read from a paper, for somebody who also knows the holder's name or the day of issue.

    Whatever does not fit is answered alike, so that nobody learns which numbers exist. Raises Refused `too-many-tries`
    for a number that was tried with wrong facts too often.
    """
    number, fact = _tidy(number), " ".join(fact.split()).casefold()
    guessing.refuse_when_guessed(number.casefold())
    rows = list(Certificate.objects.filter(number__iexact=number).order_by("-version", "-id")[:20]) if number else []
    row = next((each for each in rows if fact and _fits(each, fact)), None)
    if row is None:
        guessing.wrong(number.casefold())
        return Verdict("unknown", "number", (("no-match", {}),), number=number)
    standing = _standing_of(row)
    named = _named(row) == fact  # a day can be guessed: who guessed one is not told the name
    verdict = Verdict(
        standing.outcome, "number", number=row.number, version=row.version, holder=standing.holder if named else "",
        name=standing.name, issuer_name=standing.issuer_name, issued=row.issued_at, valid_until=row.valid_until,
        reason=standing.reason, changed=standing.changed,
    )  # fmt: skip
    expired = row.valid_until is not None and row.valid_until <= clock.now()
    return judging.worse(verdict, "expired") if expired else verdict


def look(said: Essentials) -> Standing:
    """What our records say of a certificate that we signed."""
    row = Certificate.objects.filter(output=said.output, number=said.number, version=said.version).first()
    if row is None:
        return Standing("damaged-record", contradicts=("missing",))
    standing = _standing_of(row)
    differs = [
        name for name, same in (
            ("holder", not said.holder or row.content["holder"]["name"][:60] == said.holder[:60]),
            ("issued", int(row.issued_at.timestamp()) == said.issued),
            ("valid-until", (int(row.valid_until.timestamp()) if row.valid_until else None) == said.expires),
            ("place", (row.status_list_id, row.status_index) == (said.list, said.index)),
        ) if not same
    ]  # fmt: skip
    return replace(standing, contradicts=(*standing.contradicts, *differs))


def _standing_of(row: Certificate) -> Standing:
    stated = credentials.stated(row)
    return Standing(
        OUTCOMES.get(row.status, "damaged-record"),
        name=stated.name, issuer_name=stated.issuer_name, holder=stated.holder_name, reason=row.reason,
        changed=row.changed_at if row.status != Certificate.VALID else None,
        contradicts=() if sealing.unbroken(row) else ("seal",),
        labels={each.key: each.label for each in stated.facts}, shown={each.key: each.shown for each in stated.facts},
    )  # fmt: skip


def _code(text: str, now: datetime) -> Verdict:
    return judging.code(text, sealing.public(), sealing.issuer(), look, now)


def _paper(pdf: bytes, codes: tuple[str, ...], now: datetime) -> Verdict:
    """A PDF: its seals first, then the code on it, then whether the two speak of the same certificate."""
    seals = paper.inspect(pdf)
    inner = next((each for each in (_code(text, now) for text in codes) if each.outcome != "unreadable"), None)
    verdict = replace(inner, form="pdf") if inner is not None else Verdict("genuine", "pdf")
    verdict = replace(verdict, seals=seals.signatures)
    for outcome, reason in seals.problems:
        verdict = judging.worse(verdict, outcome, reason)
    if inner is None and not seals.problems:
        return judging.worse(verdict, "foreign", ("no-certificate", {}))
    if inner is None:
        return verdict
    if not seals.sealed and not seals.problems and inner.outcome not in {"forged", "foreign"}:
        verdict = replace(verdict, reasons=(("only-code", {}), *verdict.reasons))
    titled = seals.number
    if titled and verdict.number and titled.upper() != verdict.number.upper():
        return judging.worse(verdict, "swapped", ("other-number", {"typed": titled, "found": verdict.number}))
    return verdict


def _fits(row: Certificate, fact: str) -> bool:
    if _named(row) == fact:
        return True
    try:
        return date.fromisoformat(fact) == row.issued_at.astimezone(_zone()).date()
    except ValueError:
        return False


def _named(row: Certificate) -> str:
    return " ".join(str(row.content["holder"]["name"]).split()).casefold()


def _tidy(number: str) -> str:
    return "".join(number.replace("\0", "").split()).upper()[:80]


def _zone() -> ZoneInfo:
    return ZoneInfo(declared.current().jurisdiction.timezone)
