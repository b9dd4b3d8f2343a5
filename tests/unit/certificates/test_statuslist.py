"""The published list: each place says what was put there; neither a stranger's list nor an old one proves anything."""

from __future__ import annotations

import json
import zlib

import pytest

from commonweal.office.certificates import jose, statuslist
from commonweal.office.certificates.jose import Malformed
from commonweal.office.certificates.statuslist import INVALID, KEPT, PLACES, SUSPENDED, VALID
from tests.unit.certificates.wallet import Key

KEY = Key()
URI, NOW = "https://pondland.example/status-lists/1", 1_800_000_000


def published(states: list[tuple[int, int]], key: Key = KEY) -> str:
    return statuslist.token(URI, statuslist.pack(states), "a-key", key.sign, NOW)


def test_every_place_says_what_was_put_there_and_nothing_of_its_neighbours() -> None:
    states = {0: INVALID, 1: SUSPENDED, 2: VALID, 3: INVALID, 4: SUSPENDED, 777: SUSPENDED, PLACES - 1: INVALID}
    uri, content, bits = statuslist.read(published(list(states.items())), [KEY.spki], NOW)
    assert (uri, bits, len(content)) == (URI, 2, PLACES // 4)
    told = {place: statuslist.state(content, bits, place) for place in range(PLACES)}
    assert {place: state for place, state in told.items() if state != VALID} == {
        place: state for place, state in states.items() if state != VALID
    }


def test_the_example_of_the_draft_is_read() -> None:
    """Bits in the order of section 4.1 of the draft: the first place stands in the lowest bits."""
    assert statuslist.pack([(0, 1), (1, 2), (2, 0), (3, 1)], places=4) == bytes([0b01_00_10_01])
    draft = bytes([0xB9, 0xA3])  # its example of one bit for each place
    assert [statuslist.state(draft, 1, place) for place in range(16)] == [
        1,
        0,
        0,
        1,
        1,
        1,
        0,
        1,
        1,
        1,
        0,
        0,
        0,
        1,
        0,
        1,
    ]


def test_one_certificate_is_one_of_a_crowd() -> None:
    """The list is as long however few stand in it, so that its length does not tell how many there are."""
    assert len(statuslist.pack([])) == len(statuslist.pack([(place, INVALID) for place in range(999)])) == 16_384
    assert len(published([(5, INVALID)])) < 1_000


@pytest.mark.parametrize(("later", "counts"), [(0, True), (KEPT - 1, True), (KEPT, False), (10 * KEPT, False)])
def test_an_old_copy_proves_nothing(later: int, counts: bool) -> None:
    text = published([])
    if counts:
        assert statuslist.read(text, [KEY.spki], NOW + later)[0] == URI
        return
    with pytest.raises(Malformed, match="too old"):
        statuslist.read(text, [KEY.spki], NOW + later)


def test_a_list_somebody_else_signed_is_refused() -> None:
    with pytest.raises(Malformed, match="not signed"):
        statuslist.read(published([], Key()), [KEY.spki], NOW)
    with pytest.raises(Malformed, match="not signed"):
        statuslist.read(published([]), [], NOW)


def test_a_place_cleared_by_hand_breaks_the_signature() -> None:
    head, _, signature = published([(7, INVALID)]).split(".")
    clean = published([]).split(".")[1]
    with pytest.raises(Malformed, match="not signed"):
        statuslist.read(f"{head}.{clean}.{signature}", [KEY.spki], NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"status_list": 7}, {"status_list": {"bits": 3, "lst": "AA"}}, {"status_list": {"bits": 2.0, "lst": "AA"}},
        {"status_list": {"bits": 2, "lst": 7}}, {"status_list": {"bits": 2, "lst": "AA"}}, {"exp": None},
        {"exp": "tomorrow"}, {"status_list": {"bits": 2, "lst": jose.encode(zlib.compress(bytes(2 << 20)))}},
    ],
)  # fmt: skip
def test_a_list_that_is_none_is_refused_although_it_is_signed(changes: dict[str, object]) -> None:
    payload = {**jose.parse(published([])).payload, **changes}
    with pytest.raises(Malformed):
        statuslist.read(jose.sign({"typ": statuslist.TYPE}, payload, KEY.sign), [KEY.spki], NOW)


def test_another_kind_of_token_is_no_list() -> None:
    payload = jose.parse(published([])).payload
    with pytest.raises(Malformed, match="not a status list"):
        statuslist.read(jose.sign({"typ": "dc+sd-jwt"}, payload, KEY.sign), [KEY.spki], NOW)
    assert json.loads(json.dumps(payload)) == payload


@pytest.mark.parametrize("place", [-1, PLACES, True, "7", None, 7.0])
def test_there_is_no_such_place(place: object) -> None:
    with pytest.raises(Malformed, match="does not have"):
        statuslist.state(statuslist.pack([]), 2, place)


@pytest.mark.parametrize("wrong", [(-1, INVALID), (PLACES, INVALID), (0, 3), (0, -1)])
def test_nothing_is_written_where_no_place_is(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no place"):
        statuslist.pack([wrong])
