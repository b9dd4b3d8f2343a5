"""Dates, money and durations as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from commonweal.windows.look import jurisdiction, words
from commonweal.windows.look.colour import contrast, readable
from commonweal.windows.look.figures import sparkline


@pytest.fixture(autouse=True)
def _somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jurisdiction, "zone", lambda: ZoneInfo("Asia/Shanghai"))
    monkeypatch.setattr(jurisdiction, "currency", lambda: "CNY")


def test_a_moment_is_read_on_the_clock_of_the_place() -> None:
    late = datetime(2026, 3, 30, 17, 5, tzinfo=UTC)
    with override("en"):
        assert words.moment(late) == "31 March 2026, 01:05"
        assert words.day(late) == "31 March 2026"
    with override("zh-hans"):
        assert words.moment(late) == "2026年3月31日 01:05"


def test_days_are_read_from_dates_and_iso_text() -> None:
    with override("zh-hans"):
        assert words.day("2026-03-31") == words.day(date(2026, 3, 31)) == "2026年3月31日"
    assert words.day("never") == ""


@pytest.mark.parametrize(
    ("duration", "english", "chinese"),
    [
        ("P3D", "3 working days", "3个工作日"),
        ("P1D", "1 working day", "1个工作日"),
        ("P5Y", "5 years", "5年"),
        ("P1Y6M", "1 year, 6 months", "1年、6个月"),
        ("PT4H", "4 hours", "4小时"),
    ],
)
def test_durations(duration: str, english: str, chinese: str) -> None:
    with override("en"):
        assert words.duration(duration) == english
    with override("zh-hans"):
        assert words.duration(duration) == chinese


def test_money_in_minor_units_follows_the_currency() -> None:
    with override("en"):
        assert words.cents(20000, "EUR") == "€200.00"
        assert words.cents(500, "JPY") == "JP¥500"
        assert words.money("12.5") == "CN¥12.50"
    with override("zh-hans"):
        assert words.money("12.5") == "¥12.50"


def test_an_accent_is_made_readable_and_a_readable_one_kept() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert readable("#0b4f8a", "#ffffff") == "#0b4f8a"
    for colour in ("#ffee00", "#0b4f8a", "#c8102e", "#777777"):
        assert contrast(readable(colour, "#ffffff"), "#ffffff") >= 4.5
        assert contrast(readable(colour, "#12181f", 6), "#12181f") >= 6


def test_a_trend_keeps_its_gaps_and_has_no_inline_style() -> None:
    drawn = sparkline((1.0, 2.0, None, 4.0, 3.0), "Cases <by> month")
    assert drawn.count("M") == 2
    assert "style" not in drawn
    assert "&lt;by&gt;" in drawn
    assert sparkline((1.0, None)) == ""
