"""The legal basis on which one department may ask another for what it holds."""

from __future__ import annotations

from collections.abc import Mapping

from commonweal.register.models import Dataset, EvidenceType, LegalResource


def sharing_basis(
    laws: Mapping[str, LegalResource], dataset: Dataset, evidence: EvidenceType | None = None
) -> str | None:
    """The first article that permits sharing the dataset, as `act/article`; None where no article does.

    The evidence type's own article comes before those of the dataset. An act without an article permits nothing;
    whether the article is in force on a day is asked when the data is.
    """
    references = [evidence.legal] if evidence is not None and evidence.legal else []
    for reference in (*references, *dataset.legal):
        act, _, number = reference.partition("/")
        law = laws.get(act)
        article = law.article(number) if law is not None and number else None
        if article is not None and "share" in article.permits:
            return reference
    return None
