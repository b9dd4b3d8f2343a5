"""Reads for windows. Every row comes through `access`; every list is cursor-paged.

Lists are in `listing`; what is shown of a case in `viewing` and `showing`; the rows themselves in `views`.
"""

from __future__ import annotations

from collections import Counter

from commonweal.core.declared import queries as declared
from commonweal.core.errors import NotAllowed
from commonweal.core.identity.actor import Actor
from commonweal.core.pages import Page
from commonweal.office.casework import access, drawing, files, signing, viewing
from commonweal.office.casework.drafting import subject
from commonweal.office.casework.history import note_file_read, note_read, story
from commonweal.office.casework.listing import inbox, my_applications, person_cases, search_cases
from commonweal.office.casework.models import Application, Output
from commonweal.office.casework.showing import output_row
from commonweal.office.casework.views import (
    ApplicantCase,
    ApplicationView,
    CaseView,
    Download,
    HistoryRow,
    OutputRow,
)
from commonweal.office.signing import queries as rounds
from commonweal.office.signing.views import RoundView
from commonweal.register.models import Signature

__all__ = [
    "applicant_case", "application", "asked_most", "attachment", "case", "case_signatures", "history", "inbox",
    "my_applications", "output", "person_cases", "search_cases", "signature_wanted", "signatures", "signed_document",
]  # fmt: skip


RECENT = 2000
"""How many of the newest applications say what is asked for often."""


def asked_most(limit: int = 6) -> tuple[str, ...]:
    """The services most often asked for by themselves among the newest applications, the most frequent first."""
    sent = Application.objects.filter(status=Application.SUBMITTED, target_kind="service").order_by("-id")
    counted = Counter(sent.values_list("target", flat=True)[:RECENT])
    return tuple(service for service, _ in counted.most_common(limit))


def application(actor: Actor, ref: str) -> ApplicationView:
    """The actor's own application, draft or submitted, with its cases. Raises NotAllowed."""
    return drawing.application(access.application_for(actor, ref))


def applicant_case(actor: Actor, case_ref: str) -> ApplicantCase:
    """One case as its applicant sees it. Raises NotAllowed for anybody else, officials included."""
    case = access.case_for(actor, case_ref)
    if actor.is_staff:
        raise NotAllowed("not-found", "There is nothing here, or it is not yours to see")
    return viewing.applicant_cases([case])[0]


def case(actor: Actor, ref: str) -> CaseView:
    """A case as an official with a seat in it sees it, and the acts they may do now.

    Reading somebody's case is journalled, once for each official, case and day. Raises NotAllowed.
    """
    found = access.case_for(actor, ref)
    if actor.kind == "person":
        raise NotAllowed("not-found", "There is nothing here, or it is not yours to see")
    note_read(actor, found)
    return viewing.case_view(actor, found)


def history(actor: Actor, case_ref: str, cursor: str | None = None, limit: int = 50) -> Page[HistoryRow]:
    """What happened to a case, the newest first. Raises NotAllowed."""
    found = access.case_for(actor, case_ref)
    bundle = declared.version(found.version).bundle
    return story(found, bundle, for_staff=actor.kind != "person", cursor=cursor, limit=limit)


def attachment(actor: Actor, ref: str) -> Download:
    """A file the actor handed in, or of a case they may see; an official's reading is journalled. Raises NotAllowed."""
    found, read_case = access.attachment_for(actor, ref)
    if read_case is not None:
        note_file_read(actor, read_case, found)
    return Download(found.name, found.media_type, found.size, files.place(found.sha256))


def signature_wanted(view: ApplicationView) -> Signature | None:
    """How a draft is signed before it is sent; None where sending is enough."""
    return signing.wanted_by_services(view.bundles)


def signatures(actor: Actor, ref: str) -> RoundView | None:
    """The newest document of the actor's application, and who has signed it. Raises NotAllowed."""
    found = access.application_for(actor, ref)
    return rounds.of_subject(subject(found), actor)


def case_signatures(actor: Actor, case_ref: str) -> RoundView | None:
    """The signed document of a case that the actor may see. Raises NotAllowed."""
    found = access.case_for(actor, case_ref)
    round = rounds.of_subject(subject(found.application))
    return round if round is not None and round.sealed else None


def signed_document(actor: Actor, case_ref: str) -> bytes:
    """The sealed PDF of a case, for those who may see the case. Raises NotAllowed, Refused `document-damaged`."""
    found = access.case_for(actor, case_ref)
    if actor.is_staff:
        note_read(actor, found)
    return rounds.sealed_of_subject(subject(found.application))


def output(actor: Actor, case_ref: str, output_id: str) -> OutputRow:
    """What a case issued. Raises NotAllowed."""
    found = access.case_for(actor, case_ref)
    issued = Output.objects.filter(case=found, output=output_id).first()
    if issued is None:
        raise NotAllowed("not-found", "Nothing has been issued here")
    return output_row(declared.version(found.version).bundle, issued)
