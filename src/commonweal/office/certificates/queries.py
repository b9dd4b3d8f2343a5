"""Reads of certificates, for their holders and the officials who keep them."""

from __future__ import annotations

from commonweal.core import clock, pages
from commonweal.core.errors import Invalid
from commonweal.core.identity.actor import Actor
from commonweal.core.journal import queries as journal
from commonweal.core.pages import Page
from commonweal.office.certificates import access, actions, credentials, sealing
from commonweal.office.certificates.models import Certificate, Proposal
from commonweal.office.certificates.views import CertificateRow, DeskView, ProposalRow, State

LIMIT = 100


def mine(actor: Actor, cursor: str | None = None, limit: int = 20) -> Page[CertificateRow]:
    """The actor's certificates, the newest first. Raises Invalid for a cursor that was not made here."""
    return _page(access.held(actor), cursor, limit)


def own(actor: Actor, ref: str) -> CertificateRow:
    """One of the actor's certificates with what it states. Raises NotAllowed."""
    return row_of(access.own(actor, ref))


def code(actor: Actor, ref: str) -> str:
    """The text of the QR code of one of the actor's certificates. Raises as `access.to_take`."""
    return credentials.code(access.to_take(actor, ref))


def document(actor: Actor, ref: str, language: str) -> tuple[str, bytes]:
    """The number and the sealed PDF of one of the actor's certificates. Raises as `access.to_take`.

    Made anew each time: it is for the holder, and what it is worth is asked of the record when it is checked.
    """
    from commonweal.office.certificates import paper

    row = access.to_take(actor, ref)
    return row.number, paper.compose(row, language)


def kept(actor: Actor, text: str = "", cursor: str | None = None, limit: int = 50) -> Page[CertificateRow]:
    """What an official has power over, the newest first; with `text`, those whose number begins with it."""
    rows = access.kept(actor)
    text = text.strip().replace("\0", "")[:80]
    if text:
        rows = rows.filter(number__istartswith=text)
    return _page(rows, cursor, limit)


def to_change(actor: Actor, ref: str) -> DeskView:
    """One certificate before an official. Raises NotAllowed."""
    row = access.to_change(actor, ref)
    shown = row_of(row)
    output = access.declared_output(row)
    proposal = Proposal.objects.filter(certificate=row).first()
    acts = tuple(act for act, states in actions.BEFORE.items() if row.status in states)
    if shown.state == "expired":
        acts = tuple(act for act in acts if act == actions.REVOKE)
    told = journal.history(f"case:{row.case}", None, 100)
    return DeskView(
        certificate=shown,
        acts=() if shown.state == "damaged" or proposal else acts,
        four_eyes=output is not None and output.four_eyes,
        proposal=ProposalRow(
            proposal.act, proposal.reason, proposal.by_name, proposal.at, proposal.by == actor.id
        ) if proposal else None,
        history=tuple(
            {"code": each.type.split(".")[1], "at": each.time, "act": each.data.get("act"),
             "reason": (each.personal or {}).get("reason", "")}
            for each in told.rows
            if each.type.startswith("certificates.") and each.data.get("certificate") == row.ref
        ),
    )  # fmt: skip


def keeps_any(actor: Actor) -> bool:
    """Whether the official has power over any certificate at all."""
    return access.keeps_any(actor)


def row_of(row: Certificate) -> CertificateRow:
    """The certificate as it is shown, to whoever has been let through to it."""
    stated = credentials.stated(row)
    newer = Certificate.objects.filter(replaces=row).values_list("ref", flat=True).first()
    return CertificateRow(
        ref=row.ref, number=row.number, version=row.version, name=stated.name, holder_name=stated.holder_name,
        issuer_name=stated.issuer_name, issued=row.issued_at, valid_until=row.valid_until, state=state_of(row),
        reason=row.reason, changed=row.changed_at, case=row.case, service=row.service, output=row.output,
        revision=row.revision, facts=tuple(stated.facts), newer=newer,
    )  # fmt: skip


def state_of(row: Certificate) -> State:
    """What the certificate is worth now."""
    if not sealing.unbroken(row):
        return "damaged"
    if row.status == Certificate.VALID and row.valid_until is not None and row.valid_until <= clock.now():
        return "expired"
    return row.status  # type: ignore[return-value]


def _page(rows: object, cursor: str | None, limit: int) -> Page[CertificateRow]:
    query = rows.order_by("-id")  # type: ignore[attr-defined]
    if cursor:
        (last,) = pages.decode(cursor, 1)
        if not isinstance(last, int) or isinstance(last, bool) or not 0 < last < 1 << 62:
            raise Invalid({"cursor": "Start again from the first page"})
        query = query.filter(id__lt=last)
    limit = max(1, min(limit, LIMIT))
    found = list(query[: limit + 1])
    return pages.page(found, limit, lambda row: (row.pk,)).map(row_of)
