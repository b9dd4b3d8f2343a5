"""A sealed PDF in hostile hands, with a genuine code on it: it is never genuine once a byte of it was changed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonweal.core import clock
from commonweal.core.trust import documents
from commonweal.office.certificates import looking, sealing, verifying
from tests.unit.certificates.made import ISSUER, NOW, code, in_force
from tests.unit.certificates.wallet import Key

pytestmark = pytest.mark.hostile
FEW = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
KEY = Key()
BAD = {"altered", "unreadable", "forged", "swapped"}
STRUCTURE = re.compile(
    rb"/(AcroForm|Fields|FT|T|V|Kids|Sig|DocTimeStamp|ByteRange|Contents|SubFilter|DSS|Root|Prev|Size)\b|startxref|trailer"
)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bytes]:
    """A paper that says MP00001 in its title, and a reader who sees a genuine code on it whatever is done to it.

    Reading the code from the picture takes a second; what is asked here is what the seal is worth beside it.
    """
    from django.conf import settings as django_settings

    place, patch = tmp_path_factory.mktemp("authority"), pytest.MonkeyPatch()
    patch.setattr(django_settings, "KEYS_ROOT", place / "keys")
    patch.setattr(django_settings, "TRUST_ROOT", place / "trust")
    patch.setattr(looking, "codes", lambda _: (code(KEY),))
    patch.setattr(sealing, "public", lambda: [KEY.spki])
    patch.setattr(sealing, "issuer", lambda: ISSUER)
    patch.setattr(verifying, "look", in_force)
    with clock.travel(NOW):
        yield documents.seal(paper("MP00001"), reason="Issued")
    patch.undo()


def paper(number: str) -> bytes:
    return documents.compose("= #data.title", {}, language="en", title=f"Market pass ({number})")


def outcome(content: bytes) -> str:
    return verifying.judge(content).outcome


def test_the_true_one_is_genuine(sealed: bytes) -> None:
    assert outcome(sealed) == "genuine"


def test_a_genuine_code_on_another_sealed_paper_is_named(sealed: bytes) -> None:
    assert outcome(documents.seal(paper("MP00002"), reason="Issued")) == "swapped"


def test_a_paper_that_never_had_a_seal_says_so(sealed: bytes) -> None:
    assert ("only-code", {}) in verifying.judge(paper("MP00001")).reasons


def test_what_holds_the_seal_cannot_be_hidden(sealed: bytes) -> None:
    """A letter changed in what leads to the seal: the seal is not simply overlooked, and the paper taken for a scan."""
    for found in STRUCTURE.finditer(sealed):
        at = found.start() + 1
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        assert outcome(changed) in BAD, (at, sealed[at - 20 : at + 20])


def test_cut_back_to_an_earlier_end_it_loses_only_what_came_later(sealed: bytes) -> None:
    """The file grew twice: composed, sealed, stamped for the archive. What the seal covers stays what was sealed."""
    ends = [found.end() for found in re.finditer(rb"%%EOF\n?", sealed)]
    composed, signed, whole = (verifying.judge(sealed[:end]) for end in ends)
    assert ("only-code", {}) in composed.reasons
    assert [(each.outcome, each.seals[0]["level"]) for each in (signed, whole)] == [
        ("genuine", "B-T"),
        ("genuine", "B-LTA"),
    ]


@FEW
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_changed_bit_is_named(sealed: bytes, place: float, bit: int) -> None:
    at = int(place * len(sealed))
    spare = any(found.start() <= at < found.end() for found in re.finditer(rb"/Contents <[0-9a-fA-F]{2000,}>", sealed))
    changed = sealed[:at] + bytes([sealed[at] ^ 1 << bit]) + sealed[at + 1 :]
    assert outcome(changed) in BAD or spare, "behind a signature there are bytes kept free that say nothing"


@FEW
@given(place=st.floats(0, 1, exclude_max=True))
def test_a_cut_paper_is_named(sealed: bytes, place: float) -> None:
    assert outcome(sealed[: int(place * len(sealed))]) in BAD


@FEW
@given(content=st.binary(max_size=300), front=st.sampled_from([b"", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"eyJ.e.e~"]))
def test_any_upload_is_answered(sealed: bytes, content: bytes, front: bytes) -> None:
    verdict = verifying.judge(front + content)
    only_code = front.startswith(b"\x89") or ("only-code", {}) in verdict.reasons
    assert verdict.outcome in {*BAD, "foreign"} or only_code
