"""What is written to the log: one line an event, no line forged by what somebody typed, and no secret."""

from __future__ import annotations

import logging
import re
import time

HIDDEN = "[hidden]"
_NAMED = re.compile(
    r"""(?ix)
    (\b[\w-]*(?:password|passphrase|passwd|secret|token|cookie|authorization|credential|api[_-]?key|session(?:id|[_-]key)?)
    ["']?\s*(?:=|:|=>)\s*)                                   # the name of something nobody else may know
    (?:(?:bearer|basic)\s+)?(?:"[^"\n]*"|'[^'\n]*'|[^\s,;&)}\]]+)
    """
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}")
_IN_ADDRESS = re.compile(r"(://[^/\s:@]*:)[^@/\s]+(@)")
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
_ONE_TIME = re.compile(r"(?i)([?&](?:code|state|otp|user_code)=)[^&\s\"']+")
_CONTROL = {number: f"\\x{number:02x}" for number in (*range(32), 127, *range(128, 160))}
_CONTROL |= {0x2028: "\\u2028", 0x2029: "\\u2029"}


def redact(text: str) -> str:
    """`text` with passwords, tokens, cookies, keys and credentials in addresses replaced by a mark."""
    text = _PRIVATE_KEY.sub(HIDDEN, text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = _NAMED.sub(rf"\1{HIDDEN}", text)
    text = _IN_ADDRESS.sub(rf"\1{HIDDEN}\2", text)
    return _ONE_TIME.sub(rf"\1{HIDDEN}", text)


class OneLine(logging.Formatter):
    """Time (UTC), level, logger and message on one line; a traceback follows, its secrets hidden as well."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    @staticmethod
    def converter(seconds: float | None) -> object:  # type: ignore[override]
        """Logs of machines in different places are read side by side, so they tell one time."""
        return time.gmtime(seconds)

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line itself: what came from outside cannot begin a second one."""
        record.message = record.message.translate(_CONTROL)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        """The whole record, with nothing in it that nobody else may know."""
        return redact(super().format(record))
