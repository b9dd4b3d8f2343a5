"""Every write of this room: issuing, changing what a certificate is worth, giving credentials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from commonweal.core import clock
from commonweal.core.errors import Invalid, Refused, Stale
from commonweal.core.identity import queries as identity
from commonweal.core.identity.actor import Actor
from commonweal.core.journal.actions import record
from commonweal.office.certificates import access, credentials, events, listing, places, sealing
from commonweal.office.certificates.content import New, content_of, digest
from commonweal.office.certificates.models import Certificate, Proposal, StatusList

SUSPEND, LIFT, REVOKE, REISSUE = "suspend", "lift", "revoke", "reissue"
AFTER = {SUSPEND: Certificate.SUSPENDED, LIFT: Certificate.VALID, REVOKE: Certificate.REVOKED,
         REISSUE: Certificate.REPLACED}  # fmt: skip
BEFORE = {
    SUSPEND: {Certificate.VALID},
    LIFT: {Certificate.SUSPENDED},
    REVOKE: {Certificate.VALID, Certificate.SUSPENDED},
    REISSUE: {Certificate.VALID, Certificate.SUSPENDED},
}
"""From which states an act leads on. What is revoked or replaced stays so."""


def issue(actor: Actor, new: New) -> Certificate:
    """Write a certificate down. Inside the transaction of the act that issues it: both happen, or neither."""
    return _write(actor, new, 1, None)


@transaction.atomic
def change(actor: Actor, ref: str, act: str, reason: str, *, revision: int) -> Certificate:
    """Suspend, lift a suspension, revoke or reissue, with a reason the holder reads.

    Where the register wants four eyes, the first call only proposes; see `confirm`. Returns the certificate as it is
    now: after a reissue, the new one. Raises NotAllowed, Invalid, Stale, Refused `certificate-state`.
    """
    row = _to_change(actor, ref, revision)
    reason = reason.strip()
    if act not in AFTER:
        raise Invalid({"act": "Choose what to do"})
    if not reason or len(reason) > 2000:
        raise Invalid({"reason": "Say why, in up to 2,000 characters; the holder reads it"})
    _refuse_from(row, act)
    output = access.declared_output(row)
    if output is not None and output.four_eyes:
        Proposal.objects.filter(certificate=row).delete()
        Proposal.objects.create(certificate=row, act=act, reason=reason, by=actor.id, by_name=actor.name)
        _tell(actor, events.PROPOSED, row, {"act": act}, {"reason": reason})
        return row
    return _do(actor, row, act, reason)


@transaction.atomic
def confirm(actor: Actor, ref: str, *, revision: int) -> Certificate:
    """Carry out what another official proposed. Raises as `change`, and Refused `same-official`, `nothing-proposed`."""
    row = _to_change(actor, ref, revision)
    proposal = _proposal(row)
    if proposal.by == actor.id:
        raise Refused("same-official", "A second official has to confirm this")
    _refuse_from(row, proposal.act)
    act, reason = proposal.act, proposal.reason
    proposal.delete()
    return _do(actor, row, act, reason)


@transaction.atomic
def decline(actor: Actor, ref: str, *, revision: int) -> Certificate:
    """Drop what was proposed; the one who proposed it may as well. Raises as `confirm`."""
    row = _to_change(actor, ref, revision)
    proposal = _proposal(row)
    _tell(actor, events.DECLINED, row, {"act": proposal.act})
    proposal.delete()
    return row


@transaction.atomic
def credential(actor: Actor, ref: str, holder_key: Mapping[str, Any] | None = None) -> str:
    """The holder's SD-JWT VC, bound to their key where they give one. Each is fresh, so that two cannot be matched.

    Raises as `access.to_take`, and Malformed for a key that is none.
    """
    row = access.to_take(actor, ref)
    text, bound = credentials.of(row, holder_key)
    _tell(actor, events.GIVEN, row, {"bound": bound})
    return text


def _write(actor: Actor, new: New, version: int, replaces: Certificate | None) -> Certificate:
    def at(list_: StatusList, index: int) -> Certificate:
        content = content_of(new, version, list_.pk, index)
        row = Certificate(
            number=new.number, version=version, case=new.case, service=new.service, output=new.output,
            region=new.region, holder_id=new.holder, content=content, digest=digest(content), changed_at=clock.now(),
            issued_at=new.issued_at, valid_until=new.valid_until, replaces=replaces, status_list=list_,
            status_index=index,
        )  # fmt: skip
        row.seal = sealing.seal(row)
        row.save(force_insert=True)
        return row

    row = places.placed(at)
    _tell(actor, events.ISSUED, row, {"digest": row.digest, "replaces": replaces.ref if replaces else None})
    return row


def _do(actor: Actor, row: Certificate, act: str, reason: str) -> Certificate:
    before = row.status
    row.status, row.reason, row.changed_at = AFTER[act], reason, clock.now()
    row.revision += 1
    row.seal = sealing.seal(row)
    row.save(update_fields=["status", "reason", "changed_at", "revision", "seal"])
    listing.seal_again(row.status_list_id)
    Proposal.objects.filter(certificate=row).delete()
    _tell(actor, events.CHANGED, row, {"act": act, "before": before, "after": row.status}, {"reason": reason})
    return _write(actor, _again(row), row.version + 1, row) if act == REISSUE else row


def _again(row: Certificate) -> New:
    """The same certificate under the holder's name as it is written today, from today on."""
    kept = credentials.stated(row)
    name = identity.names([row.holder_id]).get(row.holder_id, kept.holder_name)
    return New(
        case=kept.case, service=kept.service, output=kept.output, number=kept.number, region=kept.region,
        name=kept.name, issuer=kept.issuer, issuer_name=kept.issuer_name, holder=kept.holder, holder_name=name,
        facts=kept.facts, issued_at=row.changed_at, valid_until=kept.valid_until,
    )  # fmt: skip


def _to_change(actor: Actor, ref: str, revision: int) -> Certificate:
    row = access.sound(access.to_change(actor, ref, lock=True))
    if row.revision != revision:
        raise Stale("stale-certificate", "Somebody changed this certificate first", at=row.changed_at)
    return row


def _refuse_from(row: Certificate, act: str) -> None:
    if row.status not in BEFORE[act]:
        raise Refused("certificate-state", "This cannot be done with the certificate as it is", status=row.status)
    if act in {SUSPEND, LIFT, REISSUE} and row.valid_until is not None and row.valid_until <= clock.now():
        raise Refused("certificate-state", "The certificate has expired", status="expired")


def _proposal(row: Certificate) -> Proposal:
    found = Proposal.objects.filter(certificate=row).first()
    if found is None:
        raise Refused("nothing-proposed", "Nothing waits to be confirmed")
    return found


def _tell(
    actor: Actor, type: str, row: Certificate, more: Mapping[str, Any], personal: Mapping[str, Any] | None = None
) -> None:
    """Under the case, where its applicant reads on."""
    data = {
        "certificate": row.ref, "number": row.number, "version": row.version, "case": row.case,
        "service": row.service, "output": row.output, **more,
    }  # fmt: skip
    record(actor, type, f"case:{row.case}", data, personal=personal, about=[row.holder_id])
