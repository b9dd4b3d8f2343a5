"""The document that is signed: every answer and every file's hash, as a tagged PDF in the application's language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from commonweal.core.trust import documents

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "page": "Page", "reference": "Reference", "made": "Made on", "what": "Asked", "said": "Answered",
        "files": "Files handed in, each with its SHA-256", "signers": "Who signs",
        "statement": "Whoever signs this document says that what it says is true as far as they know, and wants it "
        "to be dealt with as an application. The signatures and their proof are attached to the sealed document.",
    },
    "zh-hans": {
        "page": "第", "reference": "编号", "made": "生成时间", "what": "问题", "said": "回答",
        "files": "提交的文件及其 SHA-256 值", "signers": "签名人",
        "statement": "签名人声明：以上内容据本人所知属实，并据此提出申请。各签名及其证据附于加盖电子印章的文件之内。",
    },
}  # fmt: skip
"""Fixed words of the document; it is made once, in one language, so they are here and not in a catalogue."""


@cache
def template() -> str:
    """The layout, in typst."""
    return (Path(__file__).parent / "application.typ").read_text(encoding="utf-8")


def compose(content: Mapping[str, Any], language: str) -> bytes:
    """The PDF of a document's content. Raises Refused where it cannot be set on this machine."""
    words = WORDS["zh-hans" if language.startswith("zh") else "en"]
    return documents.compose(template(), {**content, "words": words}, language=language, title=content["title"])
