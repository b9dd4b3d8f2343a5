"""One way to write an event."""

from __future__ import annotations

import enum
import json
import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.core.journal.canonical import encode, plain, rfc3339

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-(2.0**52), 2.0**52)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_storing_and_reading_back_changes_no_byte(value: object) -> None:
    ready = plain(value)
    stored = json.loads(json.dumps(ready))
    assert encode(plain(stored)) == encode(ready)
    assert json.loads(encode(ready)) == stored


def test_python_values_become_json() -> None:
    class Colour(str, enum.Enum):  # noqa: UP042 - its str() is not its value
        RED = "red"

    moment = datetime(2026, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=8)))
    assert plain(
        {
            "a": Decimal("1.50"),
            "b": date(2026, 3, 1),
            "c": moment,
            "d": UUID(int=1),
            "e": {2, 1},
            "f": 2.0,
            "g": Colour.RED,
        }
    ) == {
        "a": "1.50",
        "b": "2026-03-01",
        "c": "2026-03-01T01:30:00.000000Z",
        "d": "00000000-0000-0000-0000-000000000001",
        "e": [1, 2],
        "f": 2,
        "g": "red",
    }
    assert type(plain(2.0)) is int


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, 2**53, -(2**53), 1e300, "a\x00b", "\ud800", b"bytes", object(), {1: "a"}, {"a\x00": 1}],
)
def test_what_no_database_holds_exactly_is_refused_with_its_place(value: object) -> None:
    with pytest.raises(ValueError, match=r"data\.deep\[0\]"):
        plain({"deep": [value]})


def test_moments_have_one_length() -> None:
    assert rfc3339(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00:00:00.000000Z"


def test_rfc_8785_example() -> None:
    """The sample of RFC 8785 section 3.2.2."""
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert encode(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
