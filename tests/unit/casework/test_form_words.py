"""Every sentence is there in both languages, with the same blanks, and blames nobody."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from commonweal.office.casework.form_words import SENTENCES, say


@pytest.mark.parametrize("name", SENTENCES)
def test_both_languages_have_the_same_blanks(name: str) -> None:
    english, chinese = SENTENCES[name]
    assert _blanks(english) == _blanks(chinese)
    assert re.search(r"[\u4e00-\u9fff]", chinese) or name == "the"
    assert not re.search(r"\b(invalid|error|must|wrong|illegal|please)\b|!", english, re.IGNORECASE)
    assert not re.search(r"错误|非法|无效|！", chinese)


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_a_language_nobody_wrote_for_reads_english() -> None:
    assert say("et", "yes-no") == "Choose yes or no"
    assert say("zh-hant", "yes-no") == "请选择“是”或“否”"
