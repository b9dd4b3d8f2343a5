"""Documents with legal force: set, sealed as PAdES B-LTA, and judged when they come back.

    pdf = documents.seal(documents.compose(template, data, language="en", title="Permit"), reason="Issued")
    report = documents.validate(pdf)           # never raises, whatever it is given

A seal holds after its certificate has ended and its authority is gone: the signature carries a time stamp, what says
that nothing was revoked then, and a last time stamp over all of it (ETSI EN 319 142-1, baseline level B-LTA).
"""

from __future__ import annotations

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from django.conf import settings

from commonweal.core import clock
from commonweal.core.errors import Refused
from commonweal.core.trust import authority, shelf
from commonweal.core.trust.composing import compose
from commonweal.core.trust.judging import Report, SignatureReport, validate
from commonweal.core.trust.ports import KeyProblem
from commonweal.core.trust.profiles import TIMESTAMPING

if TYPE_CHECKING:
    from collections.abc import Coroutine

__all__ = ["Report", "SignatureReport", "compose", "seal", "validate"]

ROOM = 16_384
"""Bytes kept in the document for a signature with its time stamp and certificates."""
FIELD = "Seal"


def seal(pdf: bytes, *, purpose: str = "document-seal", reason: str, field: str | None = None) -> bytes:
    """The PDF with this deployment's seal, PAdES B-LTA, added behind what is there; signatures in it stay valid.

    `reason` is shown by readers. Raises Refused `unreadable` for what is no PDF, `no-timestamp` where the outside
    authority cannot be reached, `no-seal` where the key or its certificate is not good, with what to do.
    """
    try:
        return _run(_seal(pdf, purpose, reason, field))
    except KeyProblem as problem:
        raise Refused("no-seal", str(problem)) from problem


async def _seal(pdf: bytes, purpose: str, reason: str, field: str | None) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import PdfSignatureMetadata, PdfSigner
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers.pdf_signer import DSSContentSettings, TimestampDSSContentSettings
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.fetchers.requests_fetchers import RequestsFetcherBackend

    from commonweal.core.trust.signing import StoreSigner, stamper

    chain, stamps = (shelf.parsed(authority.usable(each)) for each in (purpose, TIMESTAMPING))
    context = ValidationContext(
        moment=clock.now(),
        trust_roots=shelf.parsed(authority.roots()),
        other_certs=[*chain, *stamps],
        crls=authority.lists(),
        fetcher_backend=RequestsFetcherBackend(),
        allow_fetching=authority.outside(purpose) or settings.TIMESTAMPS != "embedded",
        revocation_mode="soft-fail",
    )
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        first = not writer.prev.embedded_signatures
    except (PdfError, ValueError, KeyError, RecursionError) as error:
        raise Refused("unreadable", "This is no PDF that can be sealed") from error
    wanted: dict[str, Any] = {"certify": True, "docmdp_permissions": MDPPerm.FILL_FORMS} if first else {}
    metadata = PdfSignatureMetadata(
        field_name=field or (FIELD if first else f"{FIELD}{len(writer.prev.embedded_signatures) + 1}"),
        reason=reason[:200],
        name=chain[0].subject.native.get("organization_name", ""),
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=True,
        use_pades_lta=True,
        validation_context=context,
        # What is known of the last time stamp's own certificate goes before it, so that it covers the whole file.
        dss_settings=DSSContentSettings(
            include_vri=False, next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
        ),
        **wanted,
    )
    signer = StoreSigner(purpose, chain)
    out = io.BytesIO()
    await PdfSigner(metadata, signer, timestamper=stamper()).async_sign_pdf(writer, output=out, bytes_reserved=ROOM)
    return out.getvalue()


def _run(work: Coroutine[Any, Any, bytes]) -> bytes:
    """Run to the end from code that may or may not be inside an event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
