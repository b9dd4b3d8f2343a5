"""Every text a reader sees is in Chinese too, and the compiled catalogue is the one that was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils.translation import gettext, override

from tools import messages


def test_every_text_has_its_chinese() -> None:
    gaps = [line for line in messages.check() if "no translation" in line]
    assert not gaps, "add these to django.po and run: python -m tools.messages\n" + "\n".join(gaps)


def test_the_compiled_catalogue_is_as_new_as_the_written_one() -> None:
    assert not [line for line in messages.check() if "older" in line]


def test_django_reads_the_catalogue() -> None:
    with override("zh-hans"):
        assert gettext("Check your answers") == "核对填写内容"


def test_texts_are_collected_from_templates_and_code(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}{% translate "One" %}{% include "x" with label=_("Two \\"quoted\\"") %}'
        "{% blocktranslate count n=n %}{{ n }} case{% plural %}{{ n }} cases{% endblocktranslate %}"
    )
    found = [text for text, _context in messages.in_template(page)]
    assert found == ["One", 'Two "quoted"', ("%(n)s case", "%(n)s cases")]


@pytest.mark.parametrize(("said", "missing"), [("", True), ("没有占位", True), ("有%(n)s个", False)])
def test_a_lost_placeholder_is_a_gap(said: str, missing: bool) -> None:
    catalog = messages.Catalog(locale="zh_Hans")
    catalog.add("There are %(n)s", said)
    assert bool(messages.gaps(catalog)) is missing
