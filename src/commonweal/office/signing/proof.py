"""What is signed and by whom, as JSON that anybody can read, attached to the document before it is sealed."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import rfc8785

from commonweal.core.trust import keys
from commonweal.office.signing.models import Place, Round

FORMAT = "commonweal.signing.v1"
NAME = "signatures.json"
PURPOSE = "signing"


def row(round: Round, place: Place) -> bytes:
    """What this deployment's own seal over a signed place is made of."""
    return rfc8785.dumps(
        {
            "round": round.ref, "document": round.document, "of": round.subject, "number": place.number,
            "role": place.role, "person": place.person_id, "status": place.status, "method": place.method,
            "at": place.at.isoformat() if place.at else None, "evidence": place.evidence,
        }
    )  # fmt: skip


def unbroken(round: Round, place: Place) -> bool:
    """Whether a signed place is as this software wrote it."""
    return place.seal is not None and keys.unbroken(PURPOSE, row(round, place), bytes(place.seal))


def written(round: Round, places: Sequence[Place]) -> bytes:
    """The JSON that is attached."""
    signatures = [
        {
            "number": place.number,
            "role": place.role,
            "role_name": place.role_name,
            "method": place.method,
            "at": place.at.isoformat() if place.at else None,
            **(place.evidence or {}),
        }
        for place in places
    ]
    told = {
        "format": FORMAT, "round": round.ref, "of": round.subject, "services": round.services, "level": round.level,
        "order": round.order, "document": {"sha256": round.document, "size": round.size}, "signatures": signatures,
    }  # fmt: skip
    return rfc8785.dumps(told)


KINDS = {
    "json": "application/json", "pdf": "application/pdf", "xml": "application/xml",
    "asice": "application/vnd.etsi.asic-e+zip",
}  # fmt: skip


def attach(pdf: bytes, files: Mapping[str, bytes]) -> bytes:
    """The PDF with files attached behind it: its own bytes stay as they are, so what was signed can be cut out."""
    from pyhanko.pdf_utils import embed
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for name, content in files.items():
        kind = KINDS[name.rpartition(".")[2]]
        held = embed.EmbeddedFileObject.from_file_data(writer, data=content, mime_type=kind)
        embed.embed_file(writer, embed.FileSpec(file_spec_string=name, file_name=name, embedded_data=held))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def attached(pdf: bytes) -> dict[str, bytes]:
    """The files attached to a PDF, 64 of 25 MB together at most. Raises ValueError for what cannot be read."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    found: dict[str, bytes] = {}
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        if "/Names" not in reader.root or "/EmbeddedFiles" not in reader.root["/Names"]:
            return {}
        for name, spec in _leaves(reader.root["/Names"]["/EmbeddedFiles"], 0):
            found[name] = bytes(spec["/EF"]["/F"].data)
            if len(found) > 64 or sum(map(len, found.values())) > 25_000_000:
                raise ValueError("too much is attached")
    except ValueError:
        raise
    except Exception as broken:  # a stranger's file may break a parser in ways nobody listed
        raise ValueError("what is attached cannot be read") from broken
    return found


def _leaves(node: Any, depth: int) -> list[tuple[str, Any]]:
    if depth > 8:
        raise ValueError("what is attached cannot be read")
    flat, kids = _inside(node, "/Names"), _inside(node, "/Kids")
    leaves = [(str(flat[i]), flat[i + 1]) for i in range(0, len(flat) - 1, 2)]
    return leaves + [leaf for i in range(len(kids)) for leaf in _leaves(kids[i], depth + 1)]


def _inside(node: Any, name: str) -> Any:
    """An array of a node, followed to where it lies; `get` would return the reference."""
    return node[name] if name in node else ()  # noqa: SIM401
