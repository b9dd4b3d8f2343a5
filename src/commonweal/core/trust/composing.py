"""Documents set by typst: tagged PDF/A and PDF/UA, from a template of ours and data that is never markup."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from commonweal.core.errors import Refused

STANDARDS: tuple[Literal["a-2a"], Literal["ua-1"]] = ("a-2a", "ua-1")
"""PDF/A-2a keeps, PDF/UA-1 is read aloud (ISO 19005-2, ISO 14289-1)."""
CHINESE = (
    "Noto Sans CJK SC",
    "Noto Serif CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "PingFang SC",
    "SimSun",
)
LATIN = "Libertinus Serif"
"""What typst carries itself."""
_GLYPH = re.compile(r"the text `?\"?(.{1,40}?)\"?`? could not be displayed|contains the codepoint")
_HEAD = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: auto)
#set text(lang: data.lang, font: data.fonts)
"""


def compose(source: str, data: Mapping[str, Any], *, language: str, title: str) -> bytes:
    """A PDF of a template (typst), which reads what it shows from `data`.

    `source` is ours; whatever people typed is in `data` and reaches typst as JSON, never as markup. Raises Refused
    `no-font` when the text has Chinese and no font of this machine does: a page of boxes would be worse than none.
    """
    import typst

    told = {**data, "title": title, "lang": language.partition("-")[0], "fonts": [*fonts(), LATIN]}
    text = json.dumps(told, ensure_ascii=False, default=str)
    if not fonts() and has_chinese(text):
        raise Refused("no-font", "No font for Chinese is installed; on Debian: apt-get install fonts-noto-cjk")
    try:
        made: bytes = typst.compile(
            (_HEAD + source).encode(),
            format="pdf",
            sys_inputs={"data": text},
            pdf_standards=[*STANDARDS],
            font_paths=_library(),
        )
    except typst.TypstError as error:
        missing = _GLYPH.search(str(error))
        if missing:
            raise Refused(
                "no-font", f"No font of this machine shows {missing[1] or 'a private character'}; install one that does"
            ) from error
        raise Refused("not-set", f"The document could not be set: {str(error)[:300]}") from error
    return made


@lru_cache(maxsize=1)
def _library() -> Any:
    """The fonts of this machine, read once: looking for them costs more than setting a page."""
    import typst

    return typst.Fonts()


@lru_cache(maxsize=1)
def fonts() -> tuple[str, ...]:
    """The fonts for Chinese that this machine has, the best first."""
    there = set(_library().families())
    return tuple(each for each in CHINESE if each in there)


def has_chinese(text: str) -> bool:
    """Whether a text has Chinese characters."""
    return any("CJK" in unicodedata.name(c, "") for c in set(text) if c > "\u2e7f")
