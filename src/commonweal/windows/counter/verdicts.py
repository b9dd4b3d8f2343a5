"""What a verdict says to somebody who was handed a certificate: one sentence, then why. In the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from commonweal.office.certificates.views import Verdict
from commonweal.windows.look import words
from commonweal.windows.look.templatetags.look import say

KINDS = {"genuine": "good", "suspended": "warn", "replaced": "warn", "expired": "warn", "not-yet": "warn",
         "foreign": "warn", "unreadable": "info", "unknown": "info"}  # fmt: skip
"""How the notice looks; `bad` for the rest."""


def kind(verdict: Verdict) -> str:
    """The look of the notice."""
    if verdict.outcome == "genuine" and (not verdict.status_known or _only_code(verdict)):
        return "info"
    return KINDS.get(verdict.outcome, "bad")


def title(verdict: Verdict) -> str:
    """The first words, large. Of a file without a seal only the code is vouched for, not what is printed around it."""
    if verdict.outcome == "genuine" and _only_code(verdict):
        return _("The code on it is genuine: compare the paper with what stands below")
    return {
        "genuine": _("Genuine and in force"),
        "suspended": _("Genuine, but suspended"),
        "revoked": _("Revoked: no longer valid"),
        "replaced": _("Replaced by a newer one"),
        "expired": _("Genuine, but expired"),
        "not-yet": _("Not valid yet"),
        "altered": _("Altered: do not rely on it"),
        "swapped": _("This code belongs to another certificate"),
        "forged": _("Not genuine: do not rely on it"),
        "foreign": _("Not a certificate of this government"),
        "damaged-record": _("We cannot vouch for it"),
        "unknown": _("We find no such certificate"),
        "unreadable": _("We could not read a certificate here"),
    }[verdict.outcome]


def _only_code(verdict: Verdict) -> bool:
    return any(code == "only-code" for code, _params in verdict.reasons)


def sentence(verdict: Verdict) -> str:
    """The one sentence that says what to make of it."""
    name = say(verdict.name) or _("this certificate")
    day = words.day(verdict.changed) if verdict.changed else ""
    until = words.day(verdict.valid_until) if verdict.valid_until else ""
    values = {
        "name": name, "number": verdict.number, "holder": verdict.holder, "day": day, "until": until,
        "issuer": say(verdict.issuer_name) or _("the authority named on it"),
    }  # fmt: skip
    known = {
        "genuine": _genuine(verdict),
        "suspended": _("%(issuer)s suspended %(name)s %(number)s on %(day)s; it may not be used until that is lifted."),
        "revoked": _("%(issuer)s revoked %(name)s %(number)s on %(day)s; it may not be used any more."),
        "replaced": _(
            "A newer copy of %(name)s %(number)s was issued on %(day)s; ask the holder for that one."
        ),
        "expired": _("%(name)s %(number)s was valid until %(until)s."),
        "not-yet": _("%(name)s %(number)s says that it was issued in the future; check the date of your device."),
        "altered": _("Something in it was changed after it was issued; what it says below is not what was signed."),
        "swapped": _(
            "The paper says one number and the code on it another: it is the code of %(name)s %(number)s,"
            " issued to %(holder)s."
        ),
        "forged": _("It was not signed by this government, or not for whoever shows it."),
        "foreign": _("It carries no signature of ours; ask whoever it names as its issuer."),
        "damaged-record": _("It was signed here, but our own record disagrees; call the authority first."),
        "unknown": _("No certificate has this number with this name or day of issue; check both on the paper."),
        "unreadable": _("Nothing in what you gave us looks like a certificate issued here."),
    }[verdict.outcome]  # fmt: skip
    return known % values


def _genuine(verdict: Verdict) -> str:
    if not verdict.status_known:
        return _(
            "%(name)s %(number)s was signed by this government; whether it has been revoked since is not known here."
        )
    if verdict.holder:
        return _("%(issuer)s issued %(name)s %(number)s to %(holder)s, and it is in force today.")
    return _("%(issuer)s issued %(name)s %(number)s, and it is in force today.")


def reasons(verdict: Verdict) -> list[str]:
    """Why, one line each; nothing where the sentence says it all."""
    lines = [_reason(code, params) for code, params in verdict.reasons]
    if verdict.reason and verdict.outcome in {"suspended", "revoked", "replaced"}:
        # The reason itself is between the office and the holder.
        lines.append(_("The authority told the holder why."))
    return [each for each in lines if each]


def _reason(code: str, params: Mapping[str, Any]) -> str:
    known = {
        "signature": _("The signature does not fit what it says."),
        "foreign": _("It names %(issuer)s as its issuer."),
        "disclosure": _("The fact “%(name)s” was changed or does not belong to it."),
        "twice": _("The fact “%(name)s” is stated twice."),
        "binding-missing": _("Nothing proves that it belongs to whoever shows it."),
        "binding-signature": _("It is bound to another person's key: whoever showed it is not its holder."),
        "binding-other": _("The holder's proof was made for other facts than those shown."),
        "binding-audience": _("The holder's proof was made for somebody else."),
        "binding-old": _("The holder's proof is too old."),
        "other-number": _("The paper says %(typed)s; the code says %(found)s."),
        "only-code": _(
            "This file has no seal, as with a photo or a scan, so only the code on it was checked: compare every"
            " line of the paper with what stands below."
        ),
        "no-certificate": _("The document is sealed by this government, but it is not a certificate."),
        "no-seal": _("The PDF has no seal and no code of ours."),
        "added-after": _("Something was added or changed after it was sealed on %(when)s."),
        "broken-seal": _("Its seal is broken: the content is not what was sealed."),
        "untrusted-signer": _("It is sealed by “%(signer)s”, whom this government does not vouch for."),
        "revoked-signer": _("The key it is sealed with had been withdrawn."),
        "expired-signer": _("The key it is sealed with had expired when it was sealed."),
        "unreadable-pdf": _("The PDF is damaged or cut short."),
        "record-differs": _("Our record says otherwise: %(what)s."),
        "no-code": _("No code can be read on this picture: take it closer, straight and in good light."),
        "nothing-known": _("Choose the PDF, a photo of the code, or paste the whole text."),
        "malformed": _("It is damaged or cut short."),
        "no-match": "",
    }.get(code, "")  # fmt: skip
    return known % _told(params)


def _told(params: Mapping[str, Any]) -> dict[str, Any]:
    record = {
        "missing": _("it has no such certificate"), "seal": _("the record was changed outside our rules"),
        "holder": _("the holder"), "issued": _("the day of issue"), "valid-until": _("the last day"),
        "place": _("the place of its status"),
    }  # fmt: skip
    shown = {key: words.day(value) if hasattr(value, "year") else value for key, value in params.items()}
    if "what" in shown:
        shown["what"] = record.get(shown["what"], shown["what"])
    return shown
