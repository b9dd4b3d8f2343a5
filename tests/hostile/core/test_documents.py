"""A stranger's file: whatever is done to it, the judge answers, and never says valid of what was changed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from commonweal.core.trust import documents, revocation, timestamps, xades

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from django.conf import settings as django_settings

    place, patch = tmp_path_factory.mktemp("authority"), pytest.MonkeyPatch()
    patch.setattr(django_settings, "KEYS_ROOT", place / "keys")
    patch.setattr(django_settings, "TRUST_ROOT", place / "trust")
    yield documents.seal(documents.compose("= #data.title", {}, language="en", title="Permit"), reason="Issued")
    patch.undo()


@FEW
@given(place=st.floats(0, 1), content=st.binary(min_size=1, max_size=40))
def test_bytes_put_over_a_seal_are_named(sealed: bytes, place: float, content: bytes) -> None:
    at = int(place * (len(sealed) - len(content)))
    room = max(re.finditer(rb"/Contents <[0-9a-fA-F]{2000,}>", sealed), key=lambda found: found.start())
    changed = sealed[:at] + content + sealed[at + len(content) :]
    inside = room.start() <= at and at + len(content) <= room.end()
    report = documents.validate(changed)
    if changed != sealed and not inside:
        assert report.verdict != "valid"


@FEW
@given(start=st.floats(0, 1), length=st.integers(1, 4000), times=st.integers(0, 3))
@example(start=0.96875, length=1528, times=2)  # the end of the file written once more, pointing back into it
def test_parts_cut_out_or_repeated_are_named(sealed: bytes, start: float, length: int, times: int) -> None:
    at = int(start * len(sealed))
    changed = sealed[:at] + sealed[at : at + length] * times + sealed[at + length :]
    report = documents.validate(changed)
    if changed.rstrip() != sealed.rstrip():
        assert report.verdict != "valid"


@FEW
@given(content=st.binary(max_size=300))
def test_any_bytes_are_answered(sealed: bytes, content: bytes) -> None:
    assert documents.validate(b"%PDF-1.7\n" + content).verdict in ("unreadable", "unsigned")
    assert documents.validate(content).verdict == "unreadable"
    assert xades.validate(content).verdict in ("unreadable", "unsigned")
    assert timestamps.respond(content)
    assert revocation.answer(content)


@FEW
@given(typed=st.text(max_size=60))
def test_any_text_is_set_or_refused(typed: str) -> None:
    from commonweal.core.errors import Refused

    came = ""
    try:
        made = documents.compose("#data.body", {"body": typed}, language="en", title="Permit")
    except Refused as refused:
        made, came = b"", refused.code
    assert made.startswith(b"%PDF-") or came in ("no-font", "not-set")
