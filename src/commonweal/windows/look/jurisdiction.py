"""The jurisdiction in force, as the shell needs it: name, languages, time zone, accent."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from commonweal.core.declared import queries as declared
from commonweal.core.errors import Refused
from commonweal.register import Register
from commonweal.register.models import Jurisdiction


def register_in_force() -> Register | None:
    """The register in force, or None where nothing has been published yet."""
    try:
        return declared.current()
    except Refused:
        return None


def jurisdiction() -> Jurisdiction | None:
    """The jurisdiction in force, or None where nothing has been published yet."""
    register = register_in_force()
    return register.jurisdiction if register else None


def zone() -> ZoneInfo:
    """The time zone in which the jurisdiction's people read a clock."""
    here = jurisdiction()
    try:
        return ZoneInfo(here.timezone if here else settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def currency() -> str:
    """The ISO 4217 code of the jurisdiction's money."""
    here = jurisdiction()
    return here.currency if here else "EUR"


def languages() -> list[tuple[str, str]]:
    """The languages both declared and translated, as (code, its own name), in the declared order."""
    own_names = {"en": "English", "zh-hans": "简体中文"}
    here = jurisdiction()
    shipped = [code for code, _ in settings.LANGUAGES]
    declared_codes = [code.lower() for code in here.languages] if here else shipped
    return [(code, own_names.get(code, code)) for code in declared_codes if code in shipped] or [("en", "English")]
