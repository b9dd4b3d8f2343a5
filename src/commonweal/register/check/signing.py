"""How an application is signed: who signs can be known, and the means fit the strength."""

from __future__ import annotations

from commonweal.register.check.context import Context
from commonweal.register.models import PublicService, Signer

APPLICANT = "applicant"
NAMES = ("string",)
"""Types of question that can say who somebody is."""


def check(context: Context, service: PublicService) -> None:
    """Judge the signature a service wants."""
    signature = service.signature
    if signature is None:
        return
    roles = [each.role for each in signature.hands]
    context.once(service, ("signature", "signers"), roles, "signer")
    for i, signer in enumerate(signature.signers):
        if signer.source is not None:
            _known(context, service, i, signer, signer.source)
        elif signer.role != APPLICANT:
            message = (
                f"“{signer.role}” could be anybody: write {{role: {signer.role}, from: <a question>}}, or applicant"
            )
            context.fault(service, ("signature", "signers", i), "unknown-signer", message, APPLICANT)
    if signature.level == "simple" and roles != [APPLICANT]:
        message = "At level simple only the applicant signs, by sending; others need level advanced or qualified"
        context.fault(service, ("signature", "level"), "too-simple", message, "advanced")
    if signature.level == "qualified" and "upload" not in signature.accepts:
        message = "A passkey makes no qualified signature: accept upload, or ask for level advanced"
        context.fault(service, ("signature", "accepts"), "too-simple", message, "upload")


def _known(context: Context, service: PublicService, i: int, signer: Signer, source: str) -> None:
    """Who a signer is follows from a question of the form that is answered in words."""
    path = ("signature", "signers", i, "from")
    asked = {field.key: field for field in service.form}
    field = asked.get(source)
    if field is None:
        message = f"The form asks no “{source}”, so nobody could know who signs as {signer.role}"
        context.fault(service, path, "unknown-signer", message, context.suggest(source, asked))
        return
    element = context.elements.get(source)
    type = field.type or (element.type if element else None)
    if type is not None and type not in NAMES:
        message = f"“{source}” is of type {type}; who signs is said in words, by a question of type string"
        context.fault(service, path, "unknown-signer", message)
