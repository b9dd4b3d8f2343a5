"""What the API says about tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema
from pydantic import ConfigDict


class TokenIn(Schema):
    """Who you are, and what the token may do."""

    model_config = ConfigDict(extra="forbid")

    username: str = Field(min_length=1, max_length=80)
    password: str = Field(min_length=1, max_length=1000)
    code: str = Field("", max_length=20, description="From your app, or a recovery code, where you have set one up.")
    scope: Literal["person", "staff"] = Field(
        "person", description="`person`: act for yourself. `staff`: work the cases of the seats you hold."
    )
    days: int = Field(30, ge=1, le=365, description="How long it lives.", strict=True)
    label: str = Field("", max_length=80, description="For you to recognise it by.")


class TokenRow(Schema):
    """A token, without its secret."""

    ref: str
    scope: Literal["person", "staff"]
    label: str
    created_at: datetime
    expires_at: datetime


class TokenOut(TokenRow):
    """A token just made. `token` is shown this once."""

    token: str


class TokenPage(Schema):
    """Some tokens and the cursor of the next page."""

    rows: list[TokenRow]
    next: str | None
