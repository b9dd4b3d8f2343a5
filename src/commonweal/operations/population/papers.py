"""Papers that the made-up people hand in where no register answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from commonweal.register import ServiceBundle

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 120]/Contents 4 0 R/Resources<</Font<</F<</Type/Font"
    b"/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n4 0 obj<</Length 58>>stream\n"
    b"BT /F 14 Tf 20 60 Td (Made up for the demonstration) Tj ET\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper under the key it is asked for; looks like an uploaded file to the office."""

    key: str
    name: str

    def chunks(self) -> Iterator[bytes]:
        """Its bytes."""
        yield PDF

    @staticmethod
    def always(bundles: Sequence[ServiceBundle]) -> list[Paper]:
        """The papers that no register answers for anybody."""
        needed = {
            f"evidence.{requirement.id}": ""
            for bundle in bundles
            for requirement in bundle.service.requirements
            if requirement.when is None
            and requirement.evidence_any
            and all(bundle.evidence[name].dataset is None for name in requirement.evidence_any)
        }
        return Paper.wanted(bundles, needed)

    @staticmethod
    def wanted(bundles: Sequence[ServiceBundle], missing: Mapping[str, str]) -> list[Paper]:
        """The papers that prove what was said to be missing (`evidence.<requirement>`)."""
        found: dict[str, Paper] = {}
        for bundle in bundles:
            for requirement in bundle.service.requirements:
                if f"evidence.{requirement.id}" not in missing:
                    continue
                for name in requirement.evidence_any:
                    if name in bundle.evidence and bundle.evidence[name].upload:
                        found.setdefault(requirement.id, Paper(f"evidence.{name}", f"{name}.pdf"))
        return list(found.values())
