"""Dates, numbers, money and durations in the reader's language (Babel), and moments in the jurisdiction's time zone."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from babel import dates, numbers
from django.utils.translation import get_language, gettext, ngettext

from commonweal.windows.look import jurisdiction

_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_LOCALES = {"en": "en_GB", "zh-hans": "zh_Hans_CN"}


def locale() -> str:
    """Babel's name of the language the page is read in."""
    return _LOCALES.get(get_language() or "en", "en_GB")


def _as_date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(jurisdiction.zone()).date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def day(value: object) -> str:
    """`31 March 2026`, `2026年3月31日`; an aware moment is read in the jurisdiction's time zone."""
    found = _as_date(value)
    return "" if found is None else dates.format_date(found, "long", locale=locale())


def short_day(value: object) -> str:
    """`31 Mar`, `3月31日`: a day near enough that the year goes without saying."""
    found = _as_date(value)
    return "" if found is None else dates.format_skeleton("MMMd", found, locale=locale())


def moment(value: object) -> str:
    """`31 March 2026, 14:05` in the jurisdiction's time zone; the empty string for what is no moment."""
    if not isinstance(value, datetime):
        return day(value)
    local = value.astimezone(jurisdiction.zone())
    clock = dates.format_time(local, "HH:mm", tzinfo=local.tzinfo, locale=locale())
    joint = " " if locale().startswith("zh") else ", "
    return f"{dates.format_date(local.date(), 'long', locale=locale())}{joint}{clock}"


def number(value: object) -> str:
    """`12,500` with the separators of the language; what is no number comes back as it is."""
    try:
        return numbers.format_decimal(Decimal(str(value)), locale=locale())
    except InvalidOperation:
        return str(value)


def money(value: object, currency: str = "") -> str:
    """`£200.00` in the jurisdiction's currency unless another ISO 4217 code is given."""
    code = currency or jurisdiction.currency()
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if numbers.get_currency_symbol(code, locale=locale()) == code:
        return f"{code}\u00a0{numbers.format_currency(amount, code, '#,##0.00', locale=locale())}"
    return numbers.format_currency(amount, code, locale=locale())


def cents(amount: int, currency: str) -> str:
    """Money in minor units of an ISO 4217 currency, with as many decimals as that currency has."""
    return money(Decimal(amount).scaleb(-numbers.get_currency_precision(currency)), currency)


def percent(value: float) -> str:
    """A share 0..1 as `12%`."""
    return numbers.format_percent(value, locale=locale())


def duration(value: object, working: bool = True) -> str:
    """An ISO 8601 duration in words: `P3D` is `3 working days`, or `3 days` when `working` is false."""
    found = _DURATION.fullmatch(str(value or ""))
    if not found:
        return str(value or "")
    years, months, weeks, days, hours, minutes, _ = (int(part or 0) for part in found.groups())
    said = []
    if years:
        said.append(ngettext("%(n)d year", "%(n)d years", years) % {"n": years})
    if months:
        said.append(ngettext("%(n)d month", "%(n)d months", months) % {"n": months})
    if weeks:
        said.append(ngettext("%(n)d week", "%(n)d weeks", weeks) % {"n": weeks})
    if days and working:
        said.append(ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days})
    elif days:
        said.append(ngettext("%(n)d day", "%(n)d days", days) % {"n": days})
    if hours:
        said.append(ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours})
    if minutes:
        said.append(ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes})
    return gettext(", ").join(said)


def size(count: int) -> str:
    """Bytes as `1.4 MB`, in the steps of 1024 that file managers show."""
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1024 or unit == "GB":
            return f"{numbers.format_decimal(round(amount, 1), locale=locale())} {unit}"
        amount /= 1024
    return ""
